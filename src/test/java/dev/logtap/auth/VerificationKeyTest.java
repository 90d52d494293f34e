package dev.logtap.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationKeyTest {
  private static final KeyPair EC = Keys.ec("secp256r1");

  @ParameterizedTest
  @CsvSource({"HS256, 32", "HS384, 48", "HS512, 64"})
  void secret_is_at_least_as_long_as_the_hash(SignatureAlgorithm algorithm, int least) throws UnusableKeyException {
    byte[] secret = "hunter2-".repeat(8).substring(0, least).getBytes(StandardCharsets.US_ASCII);
    byte[] less = "hunter2-".repeat(8).substring(1, least).getBytes(StandardCharsets.US_ASCII);

    HmacSecret key = HmacSecret.of(algorithm, secret);
    String sentence = assertThrows(UnusableKeyException.class, () -> HmacSecret.of(algorithm, less)).getMessage();

    assertEquals(algorithm, key.algorithm());
    assertFalse(key.toString().contains("hunter2"));
    assertTrue(sentence.contains("shorter than the " + least + " bytes that " + algorithm + " needs"), sentence);
    assertFalse(sentence.contains("hunter2"), sentence);
  }

  @ParameterizedTest
  @CsvSource({"RS256", "ES256"})
  void secret_is_for_hmac_alone(SignatureAlgorithm algorithm) {
    assertThrows(IllegalArgumentException.class, () -> HmacSecret.of(algorithm, new byte[64]));
  }

  @Test
  void kind_of_a_public_key_decides_on_the_algorithm() throws UnusableKeyException {
    assertEquals(SignatureAlgorithm.RS256, PemPublicKey.of(Keys.pem(Keys.rsa(2048).getPublic())).algorithm());
    assertEquals(SignatureAlgorithm.ES256, PemPublicKey.of(Keys.pem(EC.getPublic())).algorithm());
  }

  @Test
  void text_around_a_key_and_the_ends_of_its_lines_do_not_matter() throws UnusableKeyException {
    String pem = Keys.pem(EC.getPublic());

    PemPublicKey.of("# ours\n\n" + pem + "\n\n");
    PemPublicKey.of(pem.replace("\n", "\r\n"));
    PemPublicKey.of(pem.strip());
  }

  @Test
  void rsa_key_under_2048_bits_is_refused() {
    expectUnusable("RSA key of 1024 bits", Keys.pem(Keys.rsa(1024).getPublic()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp384r1", "secp521r1"})
  void curve_other_than_p256_is_refused(String curve) {
    expectUnusable("another curve than P-256", Keys.pem(Keys.ec(curve).getPublic()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ed25519", "X25519", "DSA"})
  void key_of_another_kind_is_refused(String kind) {
    expectUnusable("neither an RSA nor an EC key", Keys.pem(Keys.of(kind).getPublic()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "RSA ", "EC ", "ENCRYPTED ", "OPENSSH "})
  void private_key_is_refused_by_name(String form) {
    String label = form + "PRIVATE KEY";

    expectUnusable("private key", Keys.pem(label, EC.getPrivate()));
    expectUnusable("private key", "-----BEGIN " + label + "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X-1,00\n\nAAAA");
  }

  @Test
  void what_looks_like_a_public_key_is_refused_with_the_command_that_makes_it_one() {
    expectUnusable("openssl x509 -pubkey", Keys.pem("CERTIFICATE", EC.getPublic()));
    expectUnusable("openssl rsa -RSAPublicKey_in", Keys.pem("RSA PUBLIC KEY", EC.getPublic()));
    expectUnusable("begins with EC PARAMETERS", Keys.pem("EC PARAMETERS", EC.getPublic()));
  }

  @Test
  void two_keys_are_one_too_many() {
    String pem = Keys.pem(EC.getPublic());

    expectUnusable("more than one key", pem + pem);
    expectUnusable("more than one key", pem + Keys.pem("PRIVATE KEY", EC.getPrivate()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "\n", "ssh-rsa AAAAB3NzaC1yc2E= ann@host", "BEGIN PUBLIC KEY", "-----BEGIN PUBLIC KEY----",
        "-----BEGIN PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----",
        "-----END PUBLIC KEY-----\n-----BEGIN PUBLIC KEY-----\nAAAA", "{\"kty\":\"RSA\"}", "\0\0\0",
      })
  void what_is_no_key_is_refused(String text) {
    expectUnusable("", text);
  }

  @Test
  void key_that_lost_its_end_is_refused() {
    String pem = Keys.pem(EC.getPublic());

    for (int length = 0; length < pem.strip().length(); length++) {
      expectUnusable("", pem.substring(0, length));
    }
  }

  /** What is wrong and what to do, with nothing of the key. */
  private static void expectUnusable(String words, String pem) {
    String sentence = assertThrows(UnusableKeyException.class, () -> PemPublicKey.of(pem)).getMessage();

    assertTrue(sentence.contains(words), sentence);
    assertTrue(sentence.matches("[^;]+; [^;]+"), sentence);
    pem.lines().filter(line -> line.length() > 40).forEach(line -> assertFalse(sentence.contains(line), sentence));
  }
}

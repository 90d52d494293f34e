package dev.logtap.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.HandmadeToken;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
  private static final byte[] SECRET = "hunter2-".repeat(8).getBytes(StandardCharsets.US_ASCII);
  private static final Instant NOW = Instant.parse("2026-11-23T04:30:00Z");
  private static final long LATER = NOW.getEpochSecond() + 60;

  private static final KeyPair RSA = Keys.rsa(2048);
  private static final KeyPair EC = Keys.ec("secp256r1");

  /** RFC 7518 section 3.4: two numbers of 32 bytes, and no ASN.1 around them. */
  private static final String ECDSA = "SHA256withECDSAinP1363Format";

  @Test
  void token_without_scopes_opens_everything_until_it_expires() throws Exception {
    Access access = check("{\"exp\":" + LATER + ",\"sub\":\"ann\"}");

    assertEquals(new Access("ann", Instant.ofEpochSecond(LATER), Scope.EVERYTHING, Scope.EVERYTHING), access);
    assertTrue(access.logs().covers("whatever"));
  }

  @Test
  void scopes_are_the_names_in_the_claims() throws Exception {
    Access access = check("{\"exp\":" + LATER + ",\"logs\":[\"app\",\"web\",\"app\"],\"environments\":[]}");

    assertNull(access.subject());
    assertEquals(new Scope.Only(Set.of("app", "web")), access.logs());
    assertTrue(access.logs().covers("web"));
    assertFalse(access.logs().covers("we"));
    assertFalse(access.environments().covers("production"));
    assertFalse(access.environments().covers(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null", "\"app\"", "5", "true", "{}", "{\"app\":true}", "[5]", "[\"app\",null]", "[[\"app\"]]", "[\"app\",{}]",
      })
  void scope_that_is_no_list_of_names_refuses_the_token(String value) {
    String sentence = "is not a list of names";

    expectRefusal(sentence, claims("\"exp\":" + LATER + ",\"logs\":" + value));
    expectRefusal(sentence, claims("\"exp\":" + LATER + ",\"environments\":" + value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "5", "[\"ann\"]", "{}"})
  void subject_is_a_text(String value) {
    expectRefusal("'sub'", claims("\"exp\":" + LATER + ",\"sub\":" + value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"exp\":null}", "{\"nbf\":1,\"iat\":1}"})
  void token_without_expiry_is_refused(String claims) {
    expectRefusal("no expiry", signed(claims));
  }

  @Test
  void token_is_good_until_the_very_moment_of_its_expiry() throws Exception {
    String token = claims("\"exp\":" + NOW.getEpochSecond());

    assertEquals(NOW, authorityAt(NOW.minusNanos(1)).check(token).expires());
    expectRefusal(authorityAt(NOW), "expired at 2026-11-23T04:30:00Z", token);
    expectRefusal(authorityAt(NOW.plusSeconds(1)), "expired at 2026-11-23T04:30:00Z", token);
  }

  @Test
  void token_is_not_good_before_its_time() throws Exception {
    String token = claims("\"exp\":" + LATER + ",\"nbf\":" + (NOW.getEpochSecond() + 1));

    expectRefusal(authorityAt(NOW.plusMillis(999)), "not good before 2026-11-23T04:30:01Z", token);
    assertEquals(LATER, authorityAt(NOW.plusSeconds(1)).check(token).expires().getEpochSecond());
  }

  @ParameterizedTest
  @ValueSource(strings = {"31556889864403200", "9223372036854775807", "1e300", "\"1\"", "true", "[]", "{}", "NaN"})
  void beginning_that_is_no_time_is_refused(String nbf) {
    expectRefusal("", claims("\"exp\":" + LATER + ",\"nbf\":" + nbf));
  }

  @Test
  void time_of_issue_does_not_matter() throws Exception {
    check("{\"exp\":" + LATER + ",\"iat\":" + (LATER + 3600) + "}");
  }

  @ParameterizedTest
  @CsvSource({
    "253402300799, 253402300799", "253402300800, 253402300799", "31556889864403199, 253402300799", "1e12, 253402300799",
    "1795408260.9, 1795408260",
  })
  void expiry_far_away_or_with_a_fraction_is_one_that_can_be_reckoned_with(String exp, long expected) throws Exception {
    assertEquals(Instant.ofEpochSecond(expected), check("{\"exp\":" + exp + "}").expires());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "31556889864403200", "9223372036854775807", "9223372036854775808", "1e300", "1e999999999", "-1", "-1e300",
        "-9223372036854775808", "\"1795408260\"", "true", "[]", "{}", "NaN", "Infinity", "0x7fffffff",
      })
  void expiry_that_is_no_time_is_refused(String exp) {
    expectRefusal("", claims("\"exp\":" + exp));
  }

  @Test
  void of_a_claim_given_twice_the_last_counts() throws Exception {
    Access access = check("{\"exp\":" + LATER + ",\"logs\":[\"app\",\"web\"],\"logs\":[\"app\"]}");

    assertFalse(access.logs().covers("web"));
    expectRefusal("expired", claims("\"exp\":" + LATER + ",\"exp\":1"));
  }

  @Test
  void issuer_and_audience_count_only_where_they_are_set() throws Exception {
    Authority any = authority(null, null);
    Authority strict = authority("us", "logtap");
    String exp = "\"exp\":" + LATER;

    any.check(claims(exp));
    any.check(claims(exp + ",\"iss\":\"them\",\"aud\":\"other\""));
    strict.check(claims(exp + ",\"iss\":\"us\",\"aud\":\"logtap\""));
    strict.check(claims(exp + ",\"iss\":\"us\",\"aud\":[\"other\",\"logtap\"]"));
    for (String issuer : List.of("", ",\"iss\":\"them\"", ",\"iss\":null", ",\"iss\":[\"us\"]", ",\"iss\":\"US\"")) {
      expectRefusal(strict, "issuer", claims(exp + ",\"aud\":\"logtap\"" + issuer));
    }
    expectRefusal(strict, "audience", claims(exp + ",\"iss\":\"us\""));
    for (String audience : List.of("\"other\"", "null", "[]", "{}", "\"\"", "[\"Logtap\"]")) {
      expectRefusal(strict, "audience", claims(exp + ",\"iss\":\"us\",\"aud\":" + audience));
    }
  }

  @ParameterizedTest
  @CsvSource({"HS256", "HS384", "HS512"})
  void each_algorithm_takes_its_own_tokens_and_no_others(SignatureAlgorithm own) throws Exception {
    Authority authority = new Authority(HmacSecret.of(own, SECRET), null, null, InstantSource.fixed(NOW));
    String claims = "{\"exp\":" + LATER + "}";

    for (String algorithm : List.of("HS256", "HS384", "HS512")) {
      String token = HandmadeToken.hmac(algorithm, SECRET, claims);
      if (algorithm.equals(own.name())) {
        authority.check(token);
      } else {
        expectRefusal(authority, "not signed with " + own, token);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"none\"", "\"None\"", "\"\"", "null", "\"hs256\"", "\"HS1\"", "256", "[\"HS256\"]", "\"RS256\""})
  void token_does_not_say_how_it_is_checked(String algorithm) {
    HandmadeToken token = HandmadeToken.of("{\"alg\":" + algorithm + "}", "{\"exp\":" + LATER + "}");

    expectRefusal("", token.text());
    expectRefusal("", token.signedWith("HS256", SECRET).text());
  }

  @Test
  void header_without_algorithm_is_refused() {
    expectRefusal("", HandmadeToken.of("{}", "{\"exp\":" + LATER + "}").signedWith("HS256", SECRET).text());
  }

  @Test
  void signature_by_another_secret_or_of_other_claims_is_refused() {
    byte[] other = SECRET.clone();
    other[0]++;
    HandmadeToken good = HandmadeToken.parse(claims("\"exp\":" + LATER + ",\"logs\":[\"app\"]"));
    HandmadeToken more = HandmadeToken.parse(claims("\"exp\":" + LATER));

    expectRefusal("this server's key", HandmadeToken.hmac("HS256", other, "{\"exp\":" + LATER + "}"));
    expectRefusal("this server's key", more.with(good.signature()).text());
    expectRefusal("this server's key", good.with(new byte[0]).text());
    expectRefusal("this server's key", good.with(new byte[32]).text());
    expectRefusal("this server's key", good.with(new byte[1024]).text());
  }

  @Test
  void public_key_checks_what_its_private_key_signed() throws Exception {
    Authority rsa = authority(Keys.pem(RSA.getPublic()));
    Authority ec = authority(Keys.pem(EC.getPublic()));
    String byRsa = signed("RS256", "SHA256withRSA", RSA.getPrivate());
    String byEc = signed("ES256", ECDSA, EC.getPrivate());

    assertEquals(LATER, rsa.check(byRsa).expires().getEpochSecond());
    assertEquals(LATER, ec.check(byEc).expires().getEpochSecond());
    expectRefusal(rsa, "not signed with RS256", byEc);
    expectRefusal(ec, "not signed with ES256", byRsa);
    expectRefusal(rsa, "this server's key", signed("RS256", "SHA256withRSA", Keys.rsa(2048).getPrivate()));
    expectRefusal(ec, "this server's key", signed("ES256", ECDSA, Keys.ec("secp256r1").getPrivate()));
  }

  @Test
  void public_key_is_never_a_secret() throws Exception {
    for (KeyPair pair : List.of(RSA, EC)) {
      String pem = Keys.pem(pair.getPublic());
      Authority authority = authority(pem);
      for (String text : List.of(pem, pem.strip(), pem.replace("\n", "\r\n"))) {
        byte[] asSecret = text.getBytes(StandardCharsets.US_ASCII);
        for (String algorithm : List.of("HS256", "HS384", "HS512")) {
          String forged = HandmadeToken.hmac(algorithm, asSecret, "{\"exp\":" + LATER + "}");
          expectRefusal(authority, "not signed with", forged);
        }
      }
    }
  }

  @Test
  void signature_of_zeros_or_of_another_length_is_refused() throws Exception {
    Authority ec = authority(Keys.pem(EC.getPublic()));
    HandmadeToken token = HandmadeToken.of("{\"alg\":\"ES256\"}", "{\"exp\":" + LATER + "}");

    for (int length : new int[] {0, 1, 63, 64, 65, 72, 1000}) {
      byte[] ones = new byte[length];
      Arrays.fill(ones, (byte) 0xff);
      expectRefusal(ec, "this server's key", token.with(new byte[length]).text());
      expectRefusal(ec, "this server's key", token.with(ones).text());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"b64\"]", "[\"exp\"]", "[]", "null", "\"b64\"", "{}"})
  void extension_that_is_critical_is_refused(String crit) {
    String header = "{\"alg\":\"HS256\",\"b64\":true,\"crit\":" + crit + "}";

    expectRefusal("'crit'", HandmadeToken.of(header, "{\"exp\":" + LATER + "}").signedWith("HS256", SECRET).text());
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void garbage_is_refused_and_nothing_else(String token) {
    expectRefusal("", token);
  }

  static List<String> garbage() {
    String good = claims("\"exp\":" + LATER);
    String deep = "[".repeat(5000) + "]".repeat(5000);
    return List.of(
        "",
        ".",
        "..",
        "...",
        "x",
        ".".repeat(16 << 10),
        ".".repeat(1 << 20),
        "a".repeat(16 << 10),
        good + ".",
        "." + good,
        good.replace(".", ""),
        good.replace('.', ' '),
        " " + good,
        good + "\n",
        good.substring(0, good.length() / 2),
        good.substring(1),
        "Bearer " + good,
        "\u00e9.\u00e9.\u00e9",
        "\0.\0.\0",
        "\ud800.\udc00.x",
        "====.====.====",
        "e30.e30.e30",
        "bnVsbA.bnVsbA.bnVsbA",
        signed("null"),
        signed("5"),
        signed("\"text\""),
        signed("[]"),
        signed(""),
        signed("{"),
        signed("{\"exp\":}"),
        signed("{\"exp\":" + LATER + ",\"logs\":" + deep + "}"),
        HandmadeToken.of(deep, deep).text(),
        HandmadeToken.of("{\"alg\":" + "{\"x\":".repeat(2000) + "1" + "}".repeat(2001), "{}").text(),
        HandmadeToken.of("null", "null").signedWith("HS256", SECRET).text(),
        HandmadeToken.of("", "").signedWith("HS256", SECRET).text(),
        HandmadeToken.of("[]", "[]").signedWith("HS256", SECRET).text());
  }

  @Test
  void good_token_with_random_slips_is_refused_and_nothing_else() throws Exception {
    Random random = new Random(42);
    Authority authority = authority(null, null);
    String good = claims("\"exp\":" + LATER + ",\"logs\":[\"app\"]");
    String letters = "ABCXYZabcxyz0189-_=.+/ \0\u00e9\"{}";
    // The last letter of a signature has bits that count for nothing.
    int last = good.length() - 1;
    for (int i = 0; i < 20_000; i++) {
      int at = random.nextInt(last);
      char letter = letters.charAt(random.nextInt(letters.length()));
      String slip = good.substring(0, at) + letter + good.substring(random.nextBoolean() ? at : at + 1);
      if (!slip.equals(good)) {
        String refused = assertThrows(RefusedTokenException.class, () -> authority.check(slip), slip).getMessage();
        assertFalse(refused.isEmpty());
      }
    }
  }

  @Test
  void claims_with_random_slips_are_access_or_refused() {
    Random random = new Random(43);
    Authority authority = authority(null, null);
    String good = "{\"exp\":" + LATER + ",\"nbf\":1,\"sub\":\"ann\",\"logs\":[\"app\"],\"aud\":[\"logtap\"]}";
    String letters = "{}[]\":,\\0123456789eE+-.ntfu \0\u00e9";
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder claims = new StringBuilder(good);
      for (int slips = random.nextInt(1, 4); slips > 0; slips--) {
        claims.setCharAt(random.nextInt(claims.length()), letters.charAt(random.nextInt(letters.length())));
      }
      try {
        authority.check(signed(claims.toString()));
      } catch (RefusedTokenException _) {
        refused++;
      }
    }
    assertTrue(refused > 10_000, () -> "few were refused");
  }

  private static Access check(String claims) throws RefusedTokenException {
    return authority(null, null).check(signed(claims));
  }

  private static String claims(String members) {
    return signed("{" + members + "}");
  }

  private static String signed(String claims) {
    return HandmadeToken.hmac("HS256", SECRET, claims);
  }

  private static String signed(String algorithm, String name, PrivateKey key) throws GeneralSecurityException {
    HandmadeToken token = HandmadeToken.of("{\"alg\":\"" + algorithm + "\"}", "{\"exp\":" + LATER + "}");
    Signature signature = Signature.getInstance(name);
    signature.initSign(key);
    signature.update(token.signed().getBytes(StandardCharsets.US_ASCII));
    return token.with(signature.sign()).text();
  }

  private static Authority authority(String issuer, String audience) {
    return new Authority(secret(), issuer, audience, InstantSource.fixed(NOW));
  }

  private static Authority authorityAt(Instant now) {
    return new Authority(secret(), null, null, InstantSource.fixed(now));
  }

  private static Authority authority(String pem) throws UnusableKeyException {
    return new Authority(PemPublicKey.of(pem), null, null, InstantSource.fixed(NOW));
  }

  private static HmacSecret secret() {
    try {
      return HmacSecret.of(SignatureAlgorithm.HS256, SECRET);
    } catch (UnusableKeyException e) {
      throw new AssertionError(e);
    }
  }

  private static void expectRefusal(String words, String token) {
    expectRefusal(authority(null, null), words, token);
  }

  /** One sentence of what happened and what to do, which tells nothing of the token. */
  private static void expectRefusal(Authority authority, String words, String token) {
    RefusedTokenException refusal = assertThrows(RefusedTokenException.class, () -> authority.check(token));
    String sentence = refusal.getMessage();

    assertTrue(sentence.contains(words), sentence);
    assertTrue(sentence.matches("the token('s)? [^;]+; [^;]+"), sentence);
    assertNull(refusal.getCause());
    for (String part : token.split("\\.")) {
      assertFalse(part.length() > 8 && sentence.contains(part.substring(0, 8)), sentence);
    }
  }
}

package dev.logtap.auth;

import com.auth0.jwt.algorithms.Algorithm;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A public key by which tokens are checked that somebody else makes. */
public final class PemPublicKey extends VerificationKey {
  /** NIST SP 800-57: a shorter one is no longer strong enough, and RFC 7518 section 3.3 asks for it. */
  private static final int LEAST_RSA_BITS = 2048;

  /** RFC 7468 has one label for the form that is read here; what is confused with it has others. */
  private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----");

  private static final String END = "-----END PUBLIC KEY-----";

  private PemPublicKey(RSAPublicKey key) {
    super(SignatureAlgorithm.RS256, Algorithm.RSA256(key, null));
  }

  private PemPublicKey(ECPublicKey key) {
    super(SignatureAlgorithm.ES256, Algorithm.ECDSA256(key, null));
  }

  /**
   * The key of a PEM text; its kind decides on the algorithm.
   *
   * @throws UnusableKeyException where it holds something else, or a key that is of another kind or too short
   */
  public static PemPublicKey of(String pem) throws UnusableKeyException {
    byte[] encoded = encoded(pem);
    RSAPublicKey rsa = decoded("RSA", RSAPublicKey.class, encoded);
    if (rsa != null) {
      if (rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
        throw new UnusableKeyException(
            "is an RSA key of " + rsa.getModulus().bitLength() + " bits; make one of 2,048 bits or more");
      }
      return new PemPublicKey(rsa);
    }
    ECPublicKey ec = decoded("EC", ECPublicKey.class, encoded);
    if (ec == null) {
      throw new UnusableKeyException("is neither an RSA nor an EC key; give one for RS256 or ES256");
    }
    if (!isP256(ec)) {
      throw new UnusableKeyException("is an EC key of another curve than P-256; give one for ES256");
    }
    return new PemPublicKey(ec);
  }

  private static byte[] encoded(String pem) throws UnusableKeyException {
    Matcher begin = BEGIN.matcher(pem);
    if (!begin.find()) {
      throw new UnusableKeyException("holds no key in PEM; give a file that begins with -----BEGIN PUBLIC KEY-----");
    }
    String label = begin.group(1);
    if (label.endsWith("PRIVATE KEY")) {
      throw new UnusableKeyException(
          "is a private key, which is best kept elsewhere; 'openssl pkey -pubout -in FILE' prints its public key");
    }
    if (label.endsWith("CERTIFICATE")) {
      throw new UnusableKeyException(
          "is a certificate; 'openssl x509 -pubkey -noout -in FILE' prints its public key");
    }
    if (label.equals("RSA PUBLIC KEY")) {
      throw new UnusableKeyException(
          "is a public key in an older form; 'openssl rsa -RSAPublicKey_in -pubout -in FILE' prints the usual one");
    }
    if (!label.equals("PUBLIC KEY")) {
      throw new UnusableKeyException(
          "begins with " + label + "; give a file that begins with -----BEGIN PUBLIC KEY-----");
    }
    int from = begin.end();
    int end = pem.indexOf(END, from);
    if (begin.find()) {
      // Which of them counts would be a guess.
      throw new UnusableKeyException("holds more than one key; give a file with the one public key");
    }
    try {
      return Base64.getDecoder().decode(pem.substring(from, Math.max(from, end)).replaceAll("\\s", ""));
    } catch (IllegalArgumentException _) {
      throw new UnusableKeyException(
          "is damaged: between its first and last line stands more than base64; copy it once more");
    }
  }

  /** The key; null where it is none of that kind. */
  private static <K> K decoded(String kind, Class<K> type, byte[] encoded) {
    try {
      return type.cast(KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(encoded)));
    } catch (InvalidKeySpecException _) {
      return null;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + kind, e);
    }
  }

  private static boolean isP256(ECPublicKey key) {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec("secp256r1"));
      ECParameterSpec p256 = parameters.getParameterSpec(ECParameterSpec.class);
      return key.getParams().getCurve().equals(p256.getCurve());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has P-256", e);
    }
  }
}

package dev.logtap;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A token put together and taken apart as RFC 7515 is written, with nothing of the program's own or of
 * its library.
 *
 * @param signed header and claims as the signature covers them
 */
public record HandmadeToken(String signed, byte[] signature) {

  /** One of this header and these claims that is not signed yet. */
  public static HandmadeToken of(String header, String claims) {
    byte[] first = header.getBytes(StandardCharsets.UTF_8);
    byte[] second = claims.getBytes(StandardCharsets.UTF_8);
    return new HandmadeToken(encode(first) + "." + encode(second), new byte[0]);
  }

  /** One that is signed as its header says. */
  public static String hmac(String algorithm, byte[] secret, String claims) {
    return of("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}", claims).signedWith(algorithm, secret).text();
  }

  /** What was brought. */
  public static HandmadeToken parse(String text) {
    int dot = text.lastIndexOf('.');
    return new HandmadeToken(text.substring(0, dot), Base64.getUrlDecoder().decode(text.substring(dot + 1)));
  }

  public HandmadeToken signedWith(String algorithm, byte[] secret) {
    return new HandmadeToken(signed, mac(algorithm, secret));
  }

  public HandmadeToken with(byte[] other) {
    return new HandmadeToken(signed, other);
  }

  public boolean isSignedWith(String algorithm, byte[] secret) {
    return MessageDigest.isEqual(signature, mac(algorithm, secret));
  }

  public String header() {
    return decode(signed.substring(0, signed.indexOf('.')));
  }

  public String claims() {
    return decode(signed.substring(signed.indexOf('.') + 1));
  }

  /** As it is sent. */
  public String text() {
    return signed + "." + encode(signature);
  }

  private byte[] mac(String algorithm, byte[] secret) {
    try {
      String name = "HmacSHA" + algorithm.substring(2);
      Mac mac = Mac.getInstance(name);
      mac.init(new SecretKeySpec(secret, name));
      return mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String decode(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }
}

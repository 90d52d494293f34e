package dev.logtap;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A token in the making, signed by hand so that a mistake of the program's library is not made here too. */
final class Tokens {
  /** The secret of all servers of these tests. */
  static final String SECRET = "only-for-tests-0123456789-0123456789-0123456789-0123456789-abcdefg";

  /** Claims as JSON values, in their order. */
  private final Map<String, String> claims = new LinkedHashMap<>();

  private Tokens() {}

  /** One that opens everything for an hour. */
  static String any() {
    return of("tester").signed();
  }

  static String forLogs(String... names) {
    return of("tester").logs(names).signed();
  }

  /** One of this subject that opens everything for an hour. */
  static Tokens of(String subject) {
    return new Tokens().claim("sub", '"' + subject + '"').expiresIn(Duration.ofHours(1));
  }

  Tokens logs(String... names) {
    return claim("logs", list(names));
  }

  Tokens environments(String... names) {
    return claim("environments", list(names));
  }

  Tokens expiresIn(Duration time) {
    return expiresAt(Instant.now().plus(time));
  }

  Tokens expiresAt(Instant time) {
    return claim("exp", Long.toString(time.getEpochSecond()));
  }

  /** Sets a claim to a JSON text. */
  Tokens claim(String name, String json) {
    claims.put(name, json);
    return this;
  }

  Tokens without(String name) {
    claims.remove(name);
    return this;
  }

  String signed() {
    return signed("HS256", SECRET);
  }

  String signed(String algorithm, String secret) {
    return HandmadeToken.hmac(algorithm, secret.getBytes(StandardCharsets.UTF_8), payload());
  }

  /** Under the name of one algorithm, and signed with the secret by another. */
  String signedAs(String name, String algorithm) {
    return unsigned(name).signedWith(algorithm, SECRET.getBytes(StandardCharsets.UTF_8)).text();
  }

  /** Signed by any means. */
  String signed(String algorithm, Signer signer) {
    HandmadeToken token = unsigned(algorithm);
    try {
      return token.with(signer.sign(token.signed().getBytes(StandardCharsets.US_ASCII))).text();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private HandmadeToken unsigned(String algorithm) {
    return HandmadeToken.of("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}", payload());
  }

  /** What makes the third part of a token from the other two. */
  interface Signer {
    byte[] sign(byte[] content) throws GeneralSecurityException;
  }

  private String payload() {
    List<String> members = new ArrayList<>();
    claims.forEach((name, json) -> members.add('"' + name + "\":" + json));
    return "{" + String.join(",", members) + "}";
  }

  private static String list(String... names) {
    return "[" + String.join(",", List.of(names).stream().map(name -> '"' + name + '"').toList()) + "]";
  }
}

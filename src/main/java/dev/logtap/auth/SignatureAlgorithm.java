package dev.logtap.auth;

import com.auth0.jwt.algorithms.Algorithm;

/** How tokens are signed (RFC 7518 section 3.1). The server says which one, never the token. */
public enum SignatureAlgorithm {
  HS256,
  HS384,
  HS512,
  RS256,
  ES256;

  /** Whether who checks tokens can make them too. */
  public boolean isHmac() {
    return this == HS256 || this == HS384 || this == HS512;
  }

  /** RFC 7518 section 3.2: a secret is at least as long as the hash. */
  int leastSecret() {
    return switch (this) {
      case HS256 -> 32;
      case HS384 -> 48;
      case HS512 -> 64;
      case RS256, ES256 -> throw notHmac();
    };
  }

  Algorithm with(byte[] secret) {
    return switch (this) {
      case HS256 -> Algorithm.HMAC256(secret);
      case HS384 -> Algorithm.HMAC384(secret);
      case HS512 -> Algorithm.HMAC512(secret);
      case RS256, ES256 -> throw notHmac();
    };
  }

  private IllegalArgumentException notHmac() {
    return new IllegalArgumentException(this + " has no secret");
  }
}

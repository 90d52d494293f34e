package dev.logtap.auth;

import com.auth0.jwt.algorithms.Algorithm;

/** What tokens are checked with, and the one algorithm that it is for. Has no text: it may be a secret. */
public abstract sealed class VerificationKey permits HmacSecret, PemPublicKey {
  private final SignatureAlgorithm algorithm;
  private final Algorithm implementation;

  VerificationKey(SignatureAlgorithm algorithm, Algorithm implementation) {
    this.algorithm = algorithm;
    this.implementation = implementation;
  }

  public SignatureAlgorithm algorithm() {
    return algorithm;
  }

  /** The library's. */
  Algorithm implementation() {
    return implementation;
  }
}

package dev.logtap.auth;

/** A secret by which tokens are both made and checked. */
public final class HmacSecret extends VerificationKey {
  private HmacSecret(SignatureAlgorithm algorithm, byte[] secret) {
    super(algorithm, algorithm.with(secret));
  }

  /**
   * A secret for one of the HMAC algorithms.
   *
   * @throws UnusableKeyException where it is too short: it could be guessed from one token, at leisure
   */
  public static HmacSecret of(SignatureAlgorithm algorithm, byte[] secret) throws UnusableKeyException {
    if (secret.length < algorithm.leastSecret()) {
      throw new UnusableKeyException(
          "is shorter than the "
              + algorithm.leastSecret()
              + " bytes that "
              + algorithm
              + " needs; make one, for example with 'openssl rand -hex 32'");
    }
    return new HmacSecret(algorithm, secret);
  }
}

package dev.logtap.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Makes tokens that an {@link Authority} with the same secret, issuer and audience takes. */
public final class Mint {
  private final HmacSecret secret;
  private final String issuer;
  private final String audience;
  private final InstantSource clock;

  /**
   * One that signs with this secret.
   *
   * @param issuer null to leave it out
   * @param audience null to leave it out
   */
  public Mint(HmacSecret secret, String issuer, String audience, InstantSource clock) {
    this.secret = secret;
    this.issuer = issuer;
    this.audience = audience;
    this.clock = clock;
  }

  /** A new token. */
  public String mint(Grant grant) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Duration lifetime = grant.lifetime().plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS);
    JWTCreator.Builder token = JWT.create().withIssuedAt(now).withExpiresAt(now.plus(lifetime));
    // Null would not leave a claim out but write null.
    if (grant.subject() != null) {
      token.withSubject(grant.subject());
    }
    if (issuer != null) {
      token.withIssuer(issuer);
    }
    if (audience != null) {
      token.withAudience(audience);
    }
    limit(token, "logs", grant.logs());
    limit(token, "environments", grant.environments());
    return token.sign(secret.implementation());
  }

  private static void limit(JWTCreator.Builder token, String claim, Scope scope) {
    if (scope instanceof Scope.Only only) {
      token.withClaim(claim, only.names().stream().sorted().toList());
    }
  }
}

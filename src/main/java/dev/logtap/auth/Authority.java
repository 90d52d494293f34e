package dev.logtap.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.exceptions.AlgorithmMismatchException;
import com.auth0.jwt.exceptions.IncorrectClaimException;
import com.auth0.jwt.exceptions.MissingClaimException;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.exceptions.TokenExpiredException;
import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.auth0.jwt.interfaces.Verification;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;

/** Says what a token allows. Every connection asks on its own thread, all of them the same one. */
public final class Authority {
  /** As long as a whole request head may be: more would be work that a stranger gives us. */
  private static final int LONGEST = 16 << 10;

  /** Nobody lives to see it, and sums with it do not overflow. */
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final SignatureAlgorithm algorithm;
  private final JWTVerifier verifier;

  /**
   * One that checks with this key.
   *
   * @param issuer whose tokens count; null for anyone's
   * @param audience for whom a token has to be; null where that does not matter
   */
  public Authority(VerificationKey key, String issuer, String audience, InstantSource clock) {
    Verification rules = JWT.require(key.implementation()).acceptLeeway(0).ignoreIssuedAt();
    if (issuer != null) {
      rules.withIssuer(issuer);
    }
    if (audience != null) {
      rules.withAudience(audience);
    }
    this.algorithm = key.algorithm();
    // Only the implementation takes a clock, and there is no other one.
    this.verifier = ((JWTVerifier.BaseVerification) rules).build(clock.withZone(ZoneOffset.UTC));
  }

  /**
   * What the token allows, now.
   *
   * @throws RefusedTokenException whatever else a stranger sends
   */
  public Access check(String token) throws RefusedTokenException {
    if (token.length() > LONGEST) {
      throw new RefusedTokenException("the token is longer than 16 KiB; bring one with fewer claims");
    }
    try {
      return access(verifier.verify(token));
    } catch (AlgorithmMismatchException _) {
      throw new RefusedTokenException(
          "the token is not signed with " + algorithm + ", as it has to be here; get one that is");
    } catch (SignatureVerificationException _) {
      throw new RefusedTokenException("the token is not signed with this server's key; get one that is");
    } catch (TokenExpiredException e) {
      throw new RefusedTokenException("the token expired at " + e.getExpiredOn() + "; get a new one");
    } catch (IncorrectClaimException e) {
      throw refused(e.getClaimName(), e.getClaimValue());
    } catch (MissingClaimException e) {
      throw refused(e.getClaimName(), null);
    } catch (RuntimeException _) {
      // Not only what the library declares: a time beyond all years, for one, is an exception of java.time.
      throw new RefusedTokenException("the token can't be read as a JWT; check that all of it was copied");
    }
  }

  private static RefusedTokenException refused(String claim, Claim value) {
    return new RefusedTokenException(
        switch (claim) {
          case "nbf" -> "the token is not good before " + value.asInstant() + "; wait until then";
          case "iss" -> "the token is not from the issuer whose tokens count here; get one that is";
          case "aud" -> "the token is not for this server's audience; get one that is";
          default -> "the token's claim '" + claim + "' is not what it has to be; get another one";
        });
  }

  private static Access access(DecodedJWT jwt) throws RefusedTokenException {
    // RFC 7515 section 4.1.11: what a token calls critical has to be understood, and we know no extension.
    if (!jwt.getHeaderClaim("crit").isMissing()) {
      throw new RefusedTokenException("the token needs an extension ('crit') that is not known here; get one without");
    }
    Instant expires = jwt.getExpiresAtAsInstant();
    if (expires == null) {
      throw new RefusedTokenException("the token has no expiry ('exp'); get one that ends");
    }
    return new Access(
        subject(jwt), expires.isBefore(LATEST) ? expires : LATEST, scope(jwt, "logs"), scope(jwt, "environments"));
  }

  private static String subject(DecodedJWT jwt) throws RefusedTokenException {
    Claim claim = jwt.getClaim("sub");
    if (!claim.isMissing() && claim.asString() == null) {
      throw new RefusedTokenException("the token's claim 'sub' is not a text; get one where it is");
    }
    return claim.asString();
  }

  /** The names of a claim; everything only where there is no such claim, and not where it is null. */
  private static Scope scope(DecodedJWT jwt, String name) throws RefusedTokenException {
    Claim claim = jwt.getClaim(name);
    if (claim.isMissing()) {
      return Scope.EVERYTHING;
    }
    // As they are: asked for texts, the library would make them of numbers.
    List<Object> items = claim.asList(Object.class);
    if (items == null || !items.stream().allMatch(String.class::isInstance)) {
      throw new RefusedTokenException("the token's claim '" + name + "' is not a list of names; get one where it is");
    }
    return new Scope.Only(items.stream().map(String.class::cast).collect(Collectors.toSet()));
  }
}

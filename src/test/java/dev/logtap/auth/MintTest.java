package dev.logtap.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.HandmadeToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MintTest {
  private static final byte[] SECRET = "s".repeat(64).getBytes(StandardCharsets.US_ASCII);
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T04:30:00.250Z"));
  private static final long NOW = Instant.parse("2026-11-23T04:30:00Z").getEpochSecond();

  @ParameterizedTest
  @EnumSource(names = {"HS256", "HS384", "HS512"})
  void token_is_one_that_the_authority_takes(SignatureAlgorithm algorithm) throws Exception {
    HmacSecret secret = HmacSecret.of(algorithm, SECRET);
    Grant grant =
        new Grant("ann", Duration.ofHours(8), new Scope.Only(Set.of("web", "app")), new Scope.Only(Set.of()));

    String token = new Mint(secret, "us", "logtap", CLOCK).mint(grant);

    Access access = new Authority(secret, "us", "logtap", CLOCK).check(token);
    assertEquals(new Access("ann", Instant.ofEpochSecond(NOW + 8 * 3600), grant.logs(), grant.environments()), access);
    HandmadeToken parts = HandmadeToken.parse(token);
    assertTrue(parts.isSignedWith(algorithm.name(), SECRET));
    assertEquals(
        "{\"iat\":" + NOW + ",\"exp\":" + (NOW + 8 * 3600)
            + ",\"sub\":\"ann\",\"iss\":\"us\",\"aud\":\"logtap\",\"logs\":[\"app\",\"web\"],\"environments\":[]}",
        parts.claims());
  }

  @Test
  void what_is_not_limited_is_left_out() throws Exception {
    HmacSecret secret = HmacSecret.of(SignatureAlgorithm.HS256, SECRET);
    Grant grant = new Grant(null, Duration.ofSeconds(1), Scope.EVERYTHING, Scope.EVERYTHING);

    String token = new Mint(secret, null, null, CLOCK).mint(grant);

    assertEquals("{\"iat\":" + NOW + ",\"exp\":" + (NOW + 1) + "}", HandmadeToken.parse(token).claims());
    assertEquals(Scope.EVERYTHING, new Authority(secret, null, null, CLOCK).check(token).logs());
  }

  @ParameterizedTest
  @CsvSource({"PT0.001S, 1", "PT1S, 1", "PT1.5S, 2", "PT23999999976H, 86399999913600"})
  void lifetime_is_in_whole_seconds(Duration lifetime, long seconds) throws Exception {
    HmacSecret secret = HmacSecret.of(SignatureAlgorithm.HS256, SECRET);
    Grant grant = new Grant(null, lifetime, Scope.EVERYTHING, Scope.EVERYTHING);

    String token = new Mint(secret, null, null, CLOCK).mint(grant);

    assertTrue(HandmadeToken.parse(token).claims().endsWith("\"exp\":" + (NOW + seconds) + "}"));
    new Authority(secret, null, null, CLOCK).check(token);
  }
}

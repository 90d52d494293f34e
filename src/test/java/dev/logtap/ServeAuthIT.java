package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may read what: tokens in their three places, the order of the checks, and the end of a token mid-stream. */
class ServeAuthIT {
  private static final String APP = Server.REST + "app";

  @TempDir static Path directory;

  private static Path log;

  /** One that is written to. */
  private static Path live;

  private static Server server;

  @BeforeAll
  static void start() {
    log = directory.resolve("app.log");
    live = directory.resolve("live.log");
    LogFiles.append(log, "line\n");
    server = Server.with("app", log).log("other", log).log("live", live).start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Tokens that open nothing, by what is wrong with them. */
  static Stream<Named<String>> badTokens() {
    Tokens good = Tokens.of("tester");
    String[] parts = good.signed().split("\\.");
    String other = Tokens.of("admin").signed().split("\\.")[1];
    Duration passed = Duration.ofSeconds(-1);
    return Stream.of(
        Named.of("empty", ""),
        Named.of("no token", "x"),
        Named.of("two parts", parts[0] + "." + parts[1]),
        Named.of("no signature", parts[0] + "." + parts[1] + "."),
        Named.of("other claims", parts[0] + "." + other + "." + parts[2]),
        Named.of("other secret", good.signed("HS256", Tokens.SECRET + "x")),
        Named.of("other algorithm", good.signed("HS512", Tokens.SECRET)),
        Named.of("algorithm none", good.signed("none", _ -> new byte[0])),
        Named.of("algorithm None", good.signed("None", _ -> new byte[0])),
        Named.of("algorithm in small letters", good.signedAs("hs256", "HS256")),
        Named.of("HS256 signed, RS256 said", good.signedAs("RS256", "HS256")),
        Named.of("expired", Tokens.of("tester").expiresIn(passed).signed()),
        Named.of("no expiry", Tokens.of("tester").without("exp").signed()),
        Named.of("expiry is null", Tokens.of("tester").claim("exp", "null").signed()),
        Named.of("expiry is text", Tokens.of("tester").claim("exp", "\"4102444800\"").signed()),
        Named.of("not yet", Tokens.of("tester").claim("nbf", "4102444800").signed()),
        Named.of("scope is no list", Tokens.of("tester").claim("logs", "\"app\"").signed()),
        Named.of("scope is of numbers", Tokens.of("tester").claim("logs", "[1]").signed()),
        Named.of("long", "x".repeat(8000)));
  }

  @ParameterizedTest
  @MethodSource("badTokens")
  void bad_token_is_401_and_4001(String token) {
    Answer answer = server.ask("GET", APP, "Authorization: Bearer " + token).expectRefusal(401);
    assertTrue(answer.header("www-authenticate").startsWith("Bearer"), answer::toString);

    try (StreamClient stream = StreamClient.open(server, Server.target("app", "", token))) {
      assertFalse(stream.expectClose(4001).isEmpty());
      assertFalse(stream.hasNext(), stream::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X: y", "Authorization: Basic dGVzdDp0ZXN0", "Authorization: Bearer", "Authorization:"})
  void no_token_is_401_and_4001(String header) {
    assertTrue(server.ask("GET", APP, header).expectRefusal(401).header("www-authenticate").startsWith("Bearer"));
    server.ask("GET", "/api/v1/server/logs", header).expectRefusal(401);

    try (RawPeer peer = server.connect()) {
      assertEquals(4001, peer.upgrade(APP + "/ws", header).closeCode());
    }
  }

  @Test
  void token_in_the_query_opens_streams_only() {
    server.ask("GET", APP + "?token=" + Tokens.any()).expectRefusal(401);
  }

  @Test
  void stream_takes_the_token_from_three_places() {
    String token = Tokens.forLogs("app");

    try (StreamClient stream = StreamClient.open(server, Server.target("app", "", token))) {
      stream.expect("line");
      assertEquals("", stream.subprotocol());
    }
    try (StreamClient stream = StreamClient.open(server, APP + "/ws", "Authorization", "Bearer " + token)) {
      stream.expect("line");
    }
    try (StreamClient stream = StreamClient.offering(server, List.of("logtap", "bearer." + token), APP + "/ws")) {
      stream.expect("line");
      assertEquals("logtap", stream.subprotocol());
    }
  }

  @Test
  void bad_token_as_subprotocol_is_4001_too_and_is_not_selected() {
    try (StreamClient stream = StreamClient.offering(server, List.of("logtap", "bearer.x.y.z"), APP + "/ws")) {
      stream.expectClose(4001);
      assertEquals("logtap", stream.subprotocol());
    }
  }

  @ParameterizedTest
  @CsvSource({
    // Each row breaks all that stands below it, so that it shows what is looked at first.
    "POST, /x, none, 404",
    "POST, /api/v1/server/logs/nothing?lines=x, none, 405",
    "GET, /api/v1/server/logs/nothing?lines=x, none, 401",
    "GET, /api/v1/server/logs/nothing?lines=x, scoped, 400",
    "GET, /api/v1/server/logs/app?lines=x, scoped, 403",
    "GET, /api/v1/server/logs/app?lines=x, any, 400",
    "GET, /api/v1/server/logs/app?lines=1, any, 200"
  })
  void requests_are_checked_in_order(String method, String target, String token, int status) {
    Answer answer = server.ask(method, target, authorization(token)).expect(status);

    if (status != 200) {
      answer.expectRefusal(status);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nothing, lines=x, none, 4001", "nothing, lines=x, scoped, 4000", "app, lines=x, scoped, 4003",
    "app, lines=x, any, 4000", "app, cursor=x, any, 4000"
  })
  void streams_are_checked_in_order(String name, String parameters, String token, int code) {
    try (RawPeer peer = server.connect().upgrade(Server.REST + name + "/ws?" + parameters, authorization(token))) {
      if (code == 4000 && name.equals("app")) {
        Message error = peer.message();
        assertEquals("error", error.type());
        assertFalse(error.fields().get("message").toString().isEmpty());
      }
      assertEquals(code, peer.closeCode());
    }
  }

  private static String authorization(String token) {
    return switch (token) {
      case "scoped" -> "Authorization: Bearer " + Tokens.forLogs("other");
      case "any" -> "Authorization: Bearer " + Tokens.any();
      default -> "X-No: token";
    };
  }

  @Test
  void empty_scope_opens_nothing_and_an_absent_one_all() {
    server.ask("GET", APP, "Authorization: Bearer " + Tokens.forLogs()).expectRefusal(403);
    server.ask("GET", APP, "Authorization: bearer " + Tokens.forLogs("app")).expect(200);
    server.ask("GET", APP, "Authorization: Bearer " + Tokens.any()).expect(200);
  }

  @Test
  void stream_ends_with_its_token() {
    Instant expiry = Instant.now().plusSeconds(4);

    try (StreamClient stream = streamWith(Tokens.of("tester").expiresAt(expiry).signed())) {
      stream.expectClose(4001);
      assertFalse(Instant.now().isBefore(Instant.ofEpochSecond(expiry.getEpochSecond())), "too early");
      assertTrue(Instant.now().isBefore(expiry.plusSeconds(5)), "too late");
    }
  }

  @Test
  void stream_goes_on_with_a_new_token() {
    Instant expiry = Instant.now().plusSeconds(4);
    LogFiles.append(live, "before\n");

    try (StreamClient stream = streamOf("live", Tokens.of("tester").expiresAt(expiry).signed())) {
      stream.sendAndAwaitPong(renewal(Tokens.of("tester").logs("live").signed()));
      Await.until(() -> Instant.now().isAfter(expiry.plusSeconds(1)), stream::toString);
      LogFiles.append(live, "after\n");
      stream.expect("after");
    }
  }

  /** What a renewal may not be, and the code that it closes with. */
  static Stream<Named<Map.Entry<String, Integer>>> badRenewals() {
    return Stream.of(
        Named.of("other subject", Map.entry(Tokens.of("admin").signed(), 4001)),
        Named.of("no subject", Map.entry(Tokens.of("x").without("sub").signed(), 4001)),
        Named.of("expired", Map.entry(Tokens.of("tester").expiresIn(Duration.ofSeconds(-1)).signed(), 4001)),
        Named.of("no token", Map.entry("x", 4001)),
        Named.of("other scope", Map.entry(Tokens.forLogs("other"), 4003)));
  }

  @ParameterizedTest
  @MethodSource("badRenewals")
  void renewal_that_does_not_cover_the_stream_closes_it(Map.Entry<String, Integer> renewal) {
    try (StreamClient stream = streamWith(Tokens.any())) {
      stream.send(renewal(renewal.getKey())).expectClose(renewal.getValue());
    }
  }

  private static StreamClient streamWith(String token) {
    return streamOf("app", token);
  }

  private static StreamClient streamOf(String name, String token) {
    return StreamClient.open(server, Server.target(name, "lines=0", token)).expectEmptyFirst();
  }

  private static String renewal(String token) {
    return "{\"type\":\"token\",\"token\":\"" + token + "\"}";
  }

  @Test
  void tokens_and_the_secret_are_never_in_the_servers_log() {
    String token = Tokens.of("tester").claim("jti", "\"only-here\"").signed();
    List<String> parts = List.of(token.split("\\."));
    try (Server own = Server.with("app", log).argument("--debug").start()) {
      own.ask("GET", APP, "Authorization: Bearer " + token).expect(200);
      own.ask("GET", APP + "?x=1&token=" + token + "&y=2");
      own.ask("GET", APP + "?TOKEN=" + token + "&%74oken=" + token);
      own.ask("GET", "/nothing?token=" + token).expect(404);
      own.ask("GET", APP, "Authorization: Bearer " + token + "x").expect(401);
      try (StreamClient stream = StreamClient.open(own, Server.target("app", "lines=0", token)).expectEmptyFirst()) {
        stream.sendAndAwaitPong(renewal(token)).send(renewal(token + "x")).expectClose(4001);
      }
      try (StreamClient stream = StreamClient.offering(own, List.of("logtap", "bearer." + token), APP + "/ws")) {
        stream.expect("line");
      }
      own.stop();

      assertTrue(own.err().contains("app"), own::toString);
      assertFalse(own.err().contains(parts.get(1)) || own.err().contains(parts.get(2)), own::toString);
      assertFalse(own.err().contains(Tokens.SECRET), own::toString);
    }
  }

  @Test
  void issuer_and_audience_count_where_they_are_set() {
    try (Server own =
        Server.with("app", log).argument("--jwt-issuer=me").argument("--jwt-audience=logs").start()) {
      Tokens good = Tokens.of("tester").claim("iss", "\"me\"").claim("aud", "[\"x\",\"logs\"]");

      own.ask("GET", APP, "Authorization: Bearer " + good.signed()).expect(200);
      own.ask("GET", APP, "Authorization: Bearer " + good.claim("aud", "\"x\"").signed()).expectRefusal(401);
      own.ask("GET", APP, "Authorization: Bearer " + good.claim("aud", "\"logs\"").claim("iss", "\"you\"").signed())
          .expectRefusal(401);
      own.ask("GET", APP, "Authorization: Bearer " + Tokens.any()).expectRefusal(401);
    }
  }

  @ParameterizedTest
  @CsvSource({"RS256, RSA, SHA256withRSA", "ES256, EC, SHA256withECDSAinP1363Format"})
  void public_key_verifies_and_is_no_secret(String algorithm, String kind, String signature) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
    generator.initialize(kind.equals("RSA") ? 2048 : 256);
    KeyPair keys = generator.generateKeyPair();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    Path file = new LogDirectory(directory).write(algorithm + ".pem", pem.getBytes(StandardCharsets.US_ASCII));

    try (Server own =
        Server.with("app", log)
            .without("LOGTAP_JWT_SECRET")
            .argument("--jwt-algorithm=" + algorithm)
            .argument("--jwt-public-key=" + file)
            .start()) {
      String good = Tokens.of("tester").signed(algorithm, content -> sign(signature, keys, content));

      own.ask("GET", APP, "Authorization: Bearer " + good).expect(200);
      own.ask("GET", APP, "Authorization: Bearer " + good.substring(0, good.length() - 9)).expectRefusal(401);
      own.ask("GET", APP, "Authorization: Bearer " + Tokens.of("t").signed("HS256", pem)).expectRefusal(401);
      own.ask("GET", APP, "Authorization: Bearer " + Tokens.any()).expectRefusal(401);
    }
  }

  private static byte[] sign(String algorithm, KeyPair keys, byte[] content) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(keys.getPrivate());
    signature.update(content);
    return signature.sign();
  }
}

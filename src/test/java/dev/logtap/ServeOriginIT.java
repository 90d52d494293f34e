package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which web pages may use the server with their visitor's browser. */
class ServeOriginIT {
  private static final String LISTED = "https://dash.example.org";
  private static final String ALLOW_ORIGIN = "access-control-allow-origin";

  @TempDir static Path directory;

  private static Server server;

  @BeforeAll
  static void start() {
    Path log = directory.resolve("app.log");
    LogFiles.append(log, "line\n");
    server =
        Server.with("app", log)
            .argument("--allow-origin=" + LISTED)
            .argument("--allow-origin=http://intern.example:8080")
            .start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** PORT is the server's; each origin with the Host that its page's requests have. */
  @ParameterizedTest
  @CsvSource({
    "https://dash.example.org, logs.example.org",
    "http://intern.example:8080, 127.0.0.1:PORT",
    "http://127.0.0.1:PORT, 127.0.0.1:PORT",
    "http://localhost:PORT, localhost:PORT",
    "http://[::1]:PORT, [::1]:PORT"
  })
  void origin_that_is_listed_or_our_own_passes(String origin, String host) {
    Answer handshake = handshake(origin, host);
    assertEquals(101, handshake.status(), handshake::toString);

    Answer rest = rest(origin, host);
    assertEquals(resolved(origin), rest.header(ALLOW_ORIGIN), rest::toString);
    assertTrue(rest.header("vary").toLowerCase(Locale.ROOT).contains("origin"), rest::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "https://evil.example, 127.0.0.1:PORT",
    // A page that has bound its own name to our address.
    "http://evil.example:PORT, evil.example:PORT",
    "http://localhost.evil.example:PORT, localhost.evil.example:PORT",
    "http://127.0.0.1.evil.example:PORT, 127.0.0.1.evil.example:PORT",
    "http://127.0.0.1:1, 127.0.0.1:PORT",
    "http://127.0.0.1, 127.0.0.1:PORT",
    "http://localhost:PORT, 127.0.0.1:PORT",
    "http://dash.example.org, logs.example.org",
    "https://dash.example.org:444, logs.example.org",
    "https://dash.example.org.evil.example, logs.example.org",
    "https://evil.example/https://dash.example.org, logs.example.org",
    "file://, 127.0.0.1:PORT",
    "null, 127.0.0.1:PORT",
    "'', 127.0.0.1:PORT",
    "*, 127.0.0.1:PORT"
  })
  void any_other_origin_is_refused_before_the_stream_and_unreadable_to_its_page(String origin, String host) {
    handshake(origin, host).expectRefusal(403);

    Answer rest = rest(origin, host);
    assertNull(rest.header(ALLOW_ORIGIN), rest::toString);
  }

  @Test
  void request_without_an_origin_is_no_page_and_passes() {
    try (RawPeer peer = server.rawStream("app", "")) {
      assertEquals("line", peer.message().lines().getFirst());
    }
    assertNull(server.get(Server.REST + "app").expect(200).header(ALLOW_ORIGIN));
  }

  @Test
  void two_origins_are_none() {
    try (RawPeer peer = server.connect()) {
      Answer answer = peer.askForUpgrade(target(), "Origin: " + LISTED, "Origin: https://evil.example");
      assertTrue(answer.status() == 403 || answer.status() == 400, answer::toString);
    }
  }

  @Test
  void refusals_too_can_be_read_by_a_listed_page() {
    assertEquals(LISTED, server.ask("GET", Server.REST + "app", "Origin: " + LISTED).expect(401).header(ALLOW_ORIGIN));
    assertEquals(LISTED, server.get(Server.REST + "x", "Origin: " + LISTED).expect(400).header(ALLOW_ORIGIN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/server/logs/app", "/api/v1/server/logs", "/healthz"})
  void preflight_of_a_listed_page_needs_no_token(String path) {
    Answer answer = preflight(path, LISTED);

    assertTrue(answer.status() == 204 || answer.status() == 200, answer::toString);
    assertEquals(LISTED, answer.header(ALLOW_ORIGIN));
    assertTrue(answer.header("access-control-allow-methods").contains("GET"), answer::toString);
    String headers = answer.header("access-control-allow-headers").toLowerCase(Locale.ROOT);
    assertTrue(headers.contains("authorization"), answer::toString);
    assertNull(answer.header("access-control-allow-credentials"));
  }

  @Test
  void preflight_of_another_page_allows_nothing() {
    Answer answer = preflight(Server.REST + "app", "https://evil.example");

    answer.headers().keySet().forEach(name -> assertTrue(!name.startsWith("access-control-"), answer::toString));
  }

  private static Answer preflight(String path, String origin) {
    return server.ask(
        "OPTIONS",
        path,
        "Origin: " + origin,
        "Access-Control-Request-Method: GET",
        "Access-Control-Request-Headers: authorization");
  }

  private static Answer handshake(String origin, String host) {
    try (RawPeer peer = server.connect()) {
      return peer.askForUpgrade(target(), "Origin: " + resolved(origin), "Host: " + resolved(host));
    }
  }

  private static Answer rest(String origin, String host) {
    return server.get(Server.REST + "app", "Origin: " + resolved(origin), "Host: " + resolved(host)).expect(200);
  }

  private static String target() {
    return Server.target("app", "", Tokens.any());
  }

  private static String resolved(String text) {
    return text.replace("PORT", Integer.toString(server.port()));
  }
}

package dev.logtap.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  private static final ServerAddress SERVER = ServerAddress.parse("https://logs.example.org");
  private static final Wanted PLAIN = new Wanted(50, null, List.of(), List.of());
  private static final Wanted FILTERED = new Wanted(5, "a b&c", List.of("api", "web"), List.of("warn", "error"));

  @Test
  void log_is_asked_for_by_its_name() {
    Target target = Target.parse("nginx-access", SERVER);

    assertEquals("nginx-access", target.label());
    assertFalse(target.relay());
    assertNull(target.otherServer());
    assertEquals("/api/v1/server/logs/nginx-access/ws?lines=50", target.request(PLAIN, null, null));
    assertEquals("wss://logs.example.org/api/v1/server/logs/nginx-access/ws", target.key());
  }

  @Test
  void environment_is_asked_for_as_it_was_named() {
    Target target = Target.parse("railway:my env/\u00fc", SERVER);

    assertEquals("railway:my env/\u00fc", target.label());
    assertEquals("my env/\u00fc", target.name());
    assertTrue(target.relay());
    assertEquals("/api/environments/my%20env%2F%C3%BC/logs/stream?lines=50", target.request(PLAIN, null, null));
  }

  @Test
  void filters_of_environments_are_not_asked_of_logs() {
    assertEquals(
        "/api/v1/server/logs/app/ws?lines=5&search=a%20b%26c", Target.parse("app", SERVER).request(FILTERED, null, null));
    assertEquals(
        "/api/environments/p/logs/stream?lines=5&search=a%20b%26c&services=api%2Cweb&severity=warn%2Cerror",
        Target.parse("railway:p", SERVER).request(FILTERED, null, null));
  }

  @Test
  void cursor_counts_more_than_a_time() {
    Instant since = Instant.parse("2026-11-23T01:02:03Z");
    Target relay = Target.parse("railway:p", SERVER);

    assertTrue(relay.request(PLAIN, "a-_", since).endsWith("?lines=50&cursor=a-_"));
    assertTrue(relay.request(PLAIN, null, since).endsWith("?lines=50&lastTimestamp=2026-11-23T01%3A02%3A03Z"));
    assertTrue(Target.parse("app", SERVER).request(PLAIN, null, since).endsWith("?lines=50"));
  }

  @Test
  void address_keeps_its_parameters_and_they_count_more() {
    Target target = Target.parse("ws://10.0.0.1:81/x/api/v1/server/logs/app/ws?token=secret&lines=3", SERVER);

    assertEquals("/x/api/v1/server/logs/app/ws?lines=3&token=secret", target.request(PLAIN, null, null));
    assertEquals("10.0.0.1:81/app", target.label());
    assertEquals("http://10.0.0.1:81", target.otherServer());
    assertFalse(target.key().contains("secret"));
    assertFalse(target.toString().contains("secret"));
  }

  @ParameterizedTest
  @CsvSource({
    "wss://logs.example.org/api/v1/server/logs/app/ws, true",
    "wss://LOGS.example.org:443/api/v1/server/logs/app/ws, true",
    "ws://logs.example.org/api/v1/server/logs/app/ws, false",
    "wss://logs.example.org:444/api/v1/server/logs/app/ws, false",
    "wss://example.org/api/v1/server/logs/app/ws, false",
    "wss://logs.example.org.evil.example/api/environments/p/logs/stream, false",
  })
  void token_is_for_the_origin_of_the_server_only(String address, boolean trusted) {
    assertEquals(trusted, Target.parse(address, SERVER).trusted());
  }

  @Test
  void server_may_lie_below_a_path() {
    Target target = Target.parse("app", ServerAddress.parse("http://[::1]:8080/logs/"));

    assertEquals("ws://[::1]:8080/logs/api/v1/server/logs/app/ws", target.key());
    assertEquals("::1", target.origin().host());
  }

  @ParameterizedTest
  @CsvSource({
    "https://log_server, log_server, 443",
    "http://Log_Server:81/x, log_server, 81",
    "http://a-.b_, a-.b_, 80",
  })
  void host_may_be_called_as_containers_are(String address, String host, int port) {
    Origin origin = ServerAddress.parse(address).origin();

    assertEquals(host, origin.host());
    assertEquals(port, origin.port());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "../app",
        "APP",
        "railway",
        "railway:",
        "http://logs.example.org/api/v1/server/logs/app/ws",
        "ws://logs.example.org/",
        "ws://logs.example.org/api/v1/server/logs/../ws",
        "ws://logs.example.org/api/v1/server/logs/app",
        "ws://user:word@logs.example.org/api/v1/server/logs/app/ws",
        "ws:///api/v1/server/logs/app/ws",
        "ws://logs.example.org:99999/api/v1/server/logs/app/ws",
        "ws://a b/api/v1/server/logs/app/ws",
      })
  void anything_else_is_no_target(String text) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Target.parse(text, SERVER));

    assertTrue(e.getMessage().contains("; give "), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "logs", "ftp://x", "http://", "http://u@x", "http://x?y", "http://x#y", "http://x:0", "a b", "http://a_b:0", "http://a_b:99999", "http://u@a_b", "http://a_b:x", "http://_%00"})
  void anything_else_is_no_server(String text) {
    assertThrows(IllegalArgumentException.class, () -> ServerAddress.parse(text));
  }

  @Test
  void filters_are_named_that_some_target_has() {
    List<Target> log = List.of(Target.parse("app", SERVER));
    List<Target> both = List.of(Target.parse("app", SERVER), Target.parse("railway:p", SERVER));

    assertEquals(List.of(), PLAIN.filters(both));
    assertEquals(List.of("--search a b&c"), FILTERED.filters(log));
    assertEquals(List.of("--search a b&c", "--service api,web", "--level warn"), FILTERED.filters(both));
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server answers over HTTP: lines of a log, lists, and refusals. */
class ServeRestIT {
  private static final String APP = Server.REST + "app";

  @TempDir static Path directory;

  private static Path log;
  private static Server server;

  @BeforeAll
  static void start() {
    log = directory.resolve("app.log");
    server =
        Server.with("app", log).log("other", directory.resolve("other.log")).log("dir", directory).start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void noFile() throws IOException {
    Files.deleteIfExists(log);
  }

  @Test
  void answer_holds_the_last_50_lines_the_name_and_when_they_were_read() {
    LogFiles.append(log, FollowScene.numbered("line ", 1, 80));
    long before = Instant.now().getEpochSecond();

    Map<String, Object> answer = server.get(APP).expect(200).json();

    assertEquals(Set.of("lines", "log_type", "timestamp"), answer.keySet());
    assertEquals(numbers(31, 80), answer.get("lines"));
    assertEquals("app", answer.get("log_type"));
    long timestamp = (Long) answer.get("timestamp");
    assertTrue(before <= timestamp && timestamp <= Instant.now().getEpochSecond(), answer::toString);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "499, 499", "500, 500", "501, 500", "99999999999999999999, 500", "007, 7"})
  void so_many_lines_come_as_are_asked_for_but_500_at_most(String asked, int expected) {
    LogFiles.append(log, FollowScene.numbered("line ", 1, 600));

    assertEquals(numbers(601 - expected, 600), server.get(APP + "?lines=" + asked).expect(200).lines());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lines=0", "lines=-1", "lines=x", "lines=1.5", "lines=", "lines", "lines=1e2", "lines=0x10", "lines=%201",
        "lines=%D9%A3", "lines=1&lines=2", "lines=1&lines=1", "lines=%zz", "lines=%", "lines=all"
      })
  void lines_that_are_no_whole_number_from_1_are_400(String query) {
    LogFiles.append(log, "line\n");

    server.get(APP + "?" + query).expectRefusal(400);
  }

  @Test
  void missing_and_unreadable_files_have_no_lines() {
    assertEquals(List.of(), server.get(APP).expect(200).lines());
    assertEquals(List.of(), server.get(Server.REST + "dir").expect(200).lines());
    server.program().awaitErr("app").awaitErr("'" + log + "'");
  }

  @Test
  void answer_is_json_whatever_the_bytes_are() {
    byte[] bytes = "\"\\/\b\f\t\0\u0001\u007f\u0085\u2028 \ud83d\ude00 ???(\r\nlast\r".getBytes(StandardCharsets.UTF_8);
    for (int i = 0, bad = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == '?' ? (byte) new int[] {0xff, 0xed, 0xc3}[bad++] : bytes[i];
    }
    LogFiles.append(log, bytes);

    String decoded = new String(bytes, StandardCharsets.UTF_8);
    String first = decoded.substring(0, decoded.indexOf("\r\n"));
    assertEquals(List.of(first, "last"), server.get(APP).expect(200).lines());
  }

  @Test
  void last_line_is_given_out_unfinished_as_it_is() {
    LogFiles.append(log, "one\n\nthree");

    assertEquals(List.of("one", "", "three"), server.get(APP).expect(200).lines());
    assertEquals(List.of("three"), server.get(APP + "?lines=1").expect(200).lines());
  }

  @Test
  void of_more_than_8_MiB_the_newest_that_fit_come_and_it_is_said() {
    for (int i = 0; i < 20; i++) {
      LogFiles.append(log, i + "x".repeat((1 << 20) - 10) + "\n");
    }

    Answer answer = server.get(APP + "?lines=20").expect(200);

    assertEquals(true, answer.json().get("truncated"));
    List<?> lines = answer.lines();
    assertTrue(lines.size() == 8 || lines.size() == 7, () -> lines.size() + " lines");
    for (int i = 0; i < lines.size(); i++) {
      assertTrue(lines.get(i).toString().startsWith((20 - lines.size() + i) + "x"));
    }
    assertFalse(server.get(APP + "?lines=5").expect(200).json().containsKey("truncated"));
  }

  @Test
  void line_over_1_MiB_is_shortened_and_it_is_said() {
    LogFiles.append(log, "before\n" + "y".repeat(3 << 20) + "\nafter\n");

    Answer answer = server.get(APP).expect(200);

    assertEquals(true, answer.json().get("truncated"));
    assertEquals("after", answer.lines().getLast());
    answer.lines().forEach(line -> assertTrue(line.toString().length() <= 1 << 20));
  }

  @Test
  void list_names_what_the_token_may_read() {
    assertEquals("[app, dir, mysql, nginx-access, nginx-error, other, php-fpm]", listedFor(Tokens.any()));
    assertEquals("[app, other]", listedFor(Tokens.forLogs("other", "app", "no-such-log")));
    assertEquals("[]", listedFor(Tokens.forLogs()));
  }

  private static String listedFor(String token) {
    Map<String, Object> answer =
        server.ask("GET", "/api/v1/server/logs", "Authorization: Bearer " + token).expect(200).json();
    assertEquals(Set.of("logs", "environments"), answer.keySet());
    assertEquals(List.of(), answer.get("environments"));
    return ((List<?>) answer.get("logs")).stream().map(String.class::cast).sorted().toList().toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no-such-log", "APP", "app.log", "..", "%2e%2e", ".", "app%00", "%00", "app%2f", "app%2Fws", "..%2fapp",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "app%5c", "app%0d%0aX:%20y", "app%20", "railway", "%ff", "%zz", "%", ""
      })
  void name_that_is_not_on_the_list_is_400(String name) {
    LogFiles.append(log, "line\n");

    server.get(Server.REST + name).expectRefusal(400);
  }

  @Test
  void escaped_letters_of_a_name_are_the_name() {
    LogFiles.append(log, "line\n");

    assertEquals(List.of("line"), server.get(Server.REST + "%61pp").expect(200).lines());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/server/logs/app/", "/api/v1/server/logs/app/ws/x", "/api/v1/server/logs/x/../app", "/api/v1/server",
        "/api/v1/", "/api/v1/x", "/api/v1/../../healthz", "/api/v1/server/logs//app"
      })
  void unknown_path_below_the_api_is_400(String path) {
    server.get(path).expectRefusal(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/x", "/api", "/api/v2/server/logs", "/healthz/", "/../healthz", "/%2e%2e/healthz", "//healthz"})
  void unknown_path_elsewhere_is_404_for_everybody(String path) {
    server.ask("GET", path).expectRefusal(404);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/v1/server/logs/app", "DELETE, /api/v1/server/logs/app", "PUT, /api/v1/server/logs", "POST, /healthz",
    "PATCH, /openapi.json", "TRACE, /healthz", "BREW, /healthz", "get, /healthz", "POST, /api/v1/server/logs/app/ws"
  })
  void other_method_is_405_and_says_which_there_are(String method, String path) {
    String allow = server.ask(method, path).expectRefusal(405).header("allow");

    assertTrue(List.of(allow.split(", *")).contains("GET"), allow);
  }

  @Test
  void head_is_answered_as_get_without_the_body() {
    LogFiles.append(log, "line\n");
    String token = "Authorization: Bearer " + Tokens.any();

    try (RawPeer peer = server.connect()) {
      Answer head = peer.request("HEAD", APP, token).answerToHead().expect(200);
      Answer get = peer.request("GET", APP, token).answer().expect(200);
      assertEquals(get.header("content-length"), head.header("content-length"));
      assertEquals(get.header("content-type"), head.header("content-type"));
      peer.request("HEAD", APP).answerToHead().expect(401);
      peer.request("HEAD", "/healthz").answerToHead().expect(200);
    }
  }

  @Test
  void one_connection_carries_many_requests_also_before_the_answers() {
    LogFiles.append(log, "line\n");
    String token = "Authorization: Bearer " + Tokens.any();

    try (RawPeer peer = server.connect()) {
      for (int i = 0; i < 100; i++) {
        peer.request("GET", i % 2 == 0 ? APP : "/x", token);
      }
      for (int i = 0; i < 100; i++) {
        peer.answer().expect(i % 2 == 0 ? 200 : 404);
      }
      peer.request("GET", "/healthz", "Connection: close").answer().expect(200);
      peer.expectEnd(Await.DEADLINE);
    }
  }

  @Test
  void body_of_a_request_is_not_taken_for_the_next_request() {
    String body = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";
    try (RawPeer peer = server.connect()) {
      peer.request("GET", "/healthz", "Content-Length: " + body.length()).send(body);
      peer.request("GET", "/openapi.json");
      Answer first = peer.answer();

      // Either it is refused and the connection ends, or the body is passed over.
      if (first.status() == 200 && !"close".equals(first.header("connection"))) {
        peer.answer().expect(200);
      } else {
        peer.expectEnd(Await.DEADLINE);
      }
    }
  }

  @Test
  void connection_ends_after_a_body_of_which_two_lengths_are_told() {
    try (RawPeer peer = server.connect()) {
      peer.request("GET", "/healthz", "Content-Length: 4", "Transfer-Encoding: chunked").send("0\r\n\r\n");
      peer.request("GET", "/openapi.json").answer();
      peer.expectEnd(Await.DEADLINE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /healthz HTTP/1.1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /healthz\r\nHost: a\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a b/\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: user@a\r\n\r\n"
      })
  void request_that_can_be_read_in_two_ways_is_400_and_the_connection_ends(String request) {
    try (RawPeer peer = server.connect()) {
      peer.send(request).answer().expectRefusal(400);
      peer.expectEnd(Await.DEADLINE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a.example:8000", "127.0.0.1:", "[::1]:8000", "[::ffff:127.0.0.1]", "my_host", ""})
  void host_is_a_name_or_an_address_and_its_port(String host) {
    try (RawPeer peer = server.connect()) {
      peer.send("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\n\r\n").answer().expect(200);
    }
  }

  @Test
  void health_and_contract_need_no_token() throws IOException {
    Map<String, Object> health = server.ask("GET", "/healthz").expect(200).json();
    assertEquals(Set.of("status", "name", "version"), health.keySet());
    assertEquals("ok", health.get("status"));
    assertEquals("logtap", health.get("name"));

    JsonNode contract = new ObjectMapper().readTree(server.ask("GET", "/openapi.json").expect(200).body());
    assertTrue(contract.get("openapi").asText().startsWith("3."));
    for (String path : List.of("/api/v1/server/logs", Server.REST + "{log_type}", Server.REST + "{log_type}/ws")) {
      assertTrue(contract.at("/paths").has(path), path);
    }
    assertTrue(contract.at("/components/schemas").has("LogEntry"));
    assertTrue(contract.at("/components/schemas").has("LogType"));
    assertFalse(contract.toString().contains("\"app\""), "which logs there are is no stranger's business");
  }

  @Test
  void answers_are_what_a_usual_client_takes() throws Exception {
    LogFiles.append(log, "line\n");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.origin() + APP + "?lines=5"))
            .header("Authorization", "Bearer " + Tokens.any())
            .build();

    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode());
        assertEquals(List.of("line"), JsonRecord.of(answer.body()).get("lines"));
        assertEquals(HttpClient.Version.HTTP_1_1, answer.version());
      }
    }
  }

  @Test
  void stream_asked_for_without_an_upgrade_is_426() {
    Answer answer = server.get(APP + "/ws").expectRefusal(426);

    assertEquals("websocket", answer.header("upgrade"));
    assertNull(answer.header("sec-websocket-accept"));
  }

  private static List<String> numbers(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(i -> "line " + i).toList();
  }
}

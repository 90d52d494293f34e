package dev.logtap.railway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.logtap.Certificate;
import dev.logtap.server.TlsIdentity;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stand-in as a plain client sees it: what other tests rely on. */
class RailwayStandInTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant T = Instant.parse("2026-11-01T10:00:00.123456789Z");
  private static final RailwayToken TOKEN = new RailwayToken(RailwayToken.Kind.PROJECT, "secret");
  private static final String ROWS =
      "{timestamp message severity tags{serviceId deploymentId deploymentInstanceId} attributes{key value}}";

  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final RailwayStandIn railway = RailwayStandIn.start();

  @BeforeEach
  void furnish() {
    railway
        .environment("env-1", "production")
        .service("env-1", "api", "API")
        .service("env-1", "web", "Web")
        .environment("env-2", "staging")
        .allow(TOKEN, "env-1");
  }

  @AfterEach
  void close() {
    railway.close();
    client.close();
  }

  @Test
  void stored_rows_are_pushed_as_one_batch() {
    try (PlainSocket socket = stream("1", T, 5000)) {
      railway.store("env-1", row(1, "a"), row(2, "b"));

      assertEquals(List.of("a", "b"), socket.nextMessages());
    }
  }

  @Test
  void each_store_is_a_batch_of_its_own() {
    try (PlainSocket socket = stream("1", T, 1)) {
      for (int i = 1; i <= 50; i++) {
        railway.store("env-1", row(i, "line " + i));
      }

      for (int i = 1; i <= 50; i++) {
        assertEquals(List.of("line " + i), socket.nextMessages());
      }
    }
  }

  @Test
  void row_behind_the_cursor_or_at_it_is_never_pushed() {
    try (PlainSocket socket = stream("1", T, 5000)) {
      railway.store("env-1", row(5, "a"));
      assertEquals(List.of("a"), socket.nextMessages());

      railway.store("env-1", row(4, "late"), row(5, "equal"));
      railway.store("env-1", row(6, "b"));

      assertEquals(List.of("b"), socket.nextMessages());
    }
  }

  @Test
  void fuller_poll_keeps_the_newest_rows() {
    try (PlainSocket socket = stream("1", T, 2)) {
      railway.store("env-1", row(1, "a"), row(3, "c"), row(2, "b"));

      assertEquals(List.of("b", "c"), socket.nextMessages());
    }
  }

  @Test
  void socket_without_a_token_is_acknowledged_and_silent() {
    try (PlainSocket socket = PlainSocket.open(client, railway.url(), "graphql-transport-ws").init()) {
      socket.say(subscribe("1", "env-1", T, 5000));
      railway.awaitSubscribes(1);
      railway.store("env-1", row(1, "a"));
      socket.say("{\"type\":\"ping\"}");

      socket.expect("{\"type\":\"pong\"}");
      assertEquals(0, railway.subscriptions("env-1"));
    }
  }

  @Test
  void query_with_a_bad_token_is_not_authorized() throws Exception {
    for (String token : List.of("wrong", "secret")) {
      String environment = token.equals("wrong") ? "env-1" : "env-2";
      JsonNode answer = query("{environment(id:\"" + environment + "\"){name}}", Map.of(), "Project-Access-Token", token);

      assertEquals("Not Authorized", answer.at("/errors/0/message").asText(), answer::toString);
      assertTrue(answer.path("data").isNull(), answer::toString);
    }
  }

  @Test
  void environment_tells_its_name_and_its_services_by_the_page() throws Exception {
    railway.servicesPerPage(1);
    String query =
        "query($after:String){environment(id:\"env-1\"){name serviceInstances(after:$after)"
            + "{edges{node{serviceId serviceName}}pageInfo{hasNextPage endCursor}}}}";

    JsonNode first = query(query, Map.of());
    JsonNode page = first.at("/data/environment/serviceInstances");
    JsonNode second = query(query, Map.of("after", page.at("/pageInfo/endCursor").asText()));

    assertEquals("production", first.at("/data/environment/name").asText());
    assertEquals("API", page.at("/edges/0/node/serviceName").asText());
    assertTrue(page.at("/pageInfo/hasNextPage").asBoolean());
    assertEquals("Web", second.at("/data/environment/serviceInstances/edges/0/node/serviceName").asText());
    assertFalse(second.at("/data/environment/serviceInstances/pageInfo/hasNextPage").asBoolean());
  }

  @Test
  void stored_rows_are_found_between_two_instants_oldest_first() throws Exception {
    railway.store("env-1", row(3, "c"), row(1, "a"), row(2, "b"), row(4, "d"));

    assertEquals(List.of("b", "c"), stored(T.plusSeconds(1), T.plusSeconds(3), 5000, null));
    assertEquals(List.of("c"), stored(T.plusSeconds(1), T.plusSeconds(3), 1, null));
    railway.giveOneMore();
    assertEquals(List.of("b", "c"), stored(T, T.plusSeconds(3), 1, null));
    railway.leaveOutAnchor();
    assertEquals(List.of("a", "b"), stored(T, T.plusSeconds(3), 5000, null));
    railway.boundInMillis();
    assertEquals(List.of("b", "c"), stored(T.plusSeconds(2), T.plusSeconds(4), 5000, null));
  }

  @Test
  void rows_without_tags_or_severity_keep_their_raw_text() {
    try (PlainSocket socket = stream("1", T, 5000)) {
      railway.store(
          "env-1",
          row(1, "")
              .withTimestamp("2026-11-01T10:00:01.5Z")
              .withSeverity(null)
              .withAttribute("raw", "plain text")
              .withoutTags(),
          row(2, "b").withSeverity("critical").withDeployment("deployment-2").withReplica("replica-2"));

      JsonNode rows = socket.nextJson().at("/payload/data/environmentLogs");
      assertEquals("2026-11-01T10:00:01.5Z", rows.at("/0/timestamp").asText());
      assertTrue(rows.at("/0/severity").isNull() && rows.at("/0/tags").isNull(), rows::toString);
      assertEquals("\"info\"", rows.at("/0/attributes/0/value").asText());
      assertEquals("plain text", rows.at("/0/attributes/1/value").asText());
      assertEquals("critical", rows.at("/1/severity").asText());
      assertEquals(
          "{\"serviceId\":\"api\",\"deploymentId\":\"deployment-2\",\"deploymentInstanceId\":\"replica-2\"}",
          rows.at("/1/tags").toString());
    }
  }

  @Test
  void batch_of_several_megabytes_comes_as_one_message() {
    String long1 = "x".repeat(3 << 20);
    try (PlainSocket socket = stream("1", T, 5000)) {
      railway.store("env-1", row(1, long1), row(2, "b"));

      assertEquals(List.of(long1, "b"), socket.nextMessages());
    }
  }

  @Test
  void polls_at_an_interval_take_what_was_stored_meanwhile() {
    railway.pollEvery(Duration.ofMillis(20));
    try (PlainSocket socket = stream("1", T, 5000)) {
      railway.store("env-1", row(1, "a"));

      assertEquals(List.of("a"), socket.nextMessages());
    }
  }

  @Test
  void stream_that_begins_nowhere_is_silent() {
    try (PlainSocket socket = socket()) {
      socket.say(subscribe("1", "subscription{environmentLogs(environmentId:\"env-1\"){message}}", Map.of()));
      railway.awaitSubscriptions("env-1", 1);
      railway.store("env-1", row(1, "a"));
      railway.pushEmptyBatch();

      assertEquals(List.of(), socket.nextMessages());
    }
  }

  @Test
  void complete_ends_the_subscription_and_not_the_socket() {
    try (PlainSocket socket = stream("1", T, 5000)) {
      railway.store("env-1", row(1, "a"));
      railway.complete("env-1");
      assertEquals(List.of("a"), socket.nextMessages());
      socket.expect("{\"type\":\"complete\",\"id\":\"1\"}");
      railway.store("env-1", row(2, "between"));

      socket.say(subscribe("2", "env-1", T.plusSeconds(1), 5000));

      assertEquals(List.of("between"), socket.nextMessages());
      assertEquals(2, railway.subscribes());
      assertEquals(1, railway.subscriptions("env-1"));
    }
  }

  @Test
  void error_ends_the_subscription_without_complete() {
    try (PlainSocket socket = stream("1", T, 5000)) {
      railway.error("Problem processing request");

      JsonNode error = socket.nextJson();
      assertEquals("error", error.path("type").asText());
      assertEquals("Problem processing request", error.at("/payload/0/message").asText());
      railway.awaitSubscriptions("env-1", 0);
      isAlive(socket);
    }
  }

  @Test
  void null_data_comes_with_errors_and_the_stream_goes_on() {
    try (PlainSocket socket = stream("1", T, 5000)) {
      railway.pushNull();
      JsonNode next = socket.nextJson();
      assertTrue(next.at("/payload").has("data") && next.at("/payload/data").isNull(), next::toString);
      assertFalse(next.at("/payload/errors").isEmpty(), next::toString);
      railway.store("env-1", row(1, "a"));

      assertEquals(List.of("a"), socket.nextMessages());
    }
  }

  @Test
  void rows_can_be_pushed_a_second_time() {
    try (PlainSocket socket = stream("1", T, 5000)) {
      railway.store("env-1", row(1, "a"));
      railway.push("env-1", row(1, "a"), row(0, "never stored"));

      assertEquals(List.of("a"), socket.nextMessages());
      assertEquals(List.of("a", "never stored"), socket.nextMessages());
    }
  }

  @Test
  void client_ends_its_subscription() {
    try (PlainSocket socket = stream("1", T, 5000)) {
      socket.say("{\"type\":\"complete\",\"id\":\"1\"}");

      railway.awaitSubscriptions("env-1", 0);
      railway.store("env-1", row(1, "a"));
      isAlive(socket);
    }
  }

  @Test
  void cut_socket_gets_no_close_frame() {
    try (PlainSocket socket = stream("1", T, 5000)) {
      railway.cut();

      socket.expect("cut");
      railway.awaitSockets(0);
      railway.awaitSubscriptions("env-1", 0);
    }
  }

  @Test
  void socket_is_closed_with_a_code() {
    try (PlainSocket socket = stream("1", T, 5000)) {
      railway.close(4500);

      socket.expect("closed 4500");
      railway.awaitSockets(0);
    }
  }

  @Test
  void ping_stays_without_an_answer() {
    try (PlainSocket socket = stream("1", T, 5000)) {
      socket.ping();
      socket.expect("pong");
      railway.stopAnsweringPings();
      socket.ping();
      socket.say("{\"type\":\"ping\"}");
      // Is answered by who has read the pings, and therefore behind them.
      socket.say(subscribe("2", "env-2", T, 5000));

      assertEquals("error", socket.nextJson().path("type").asText());
      railway.answerPings();
      socket.ping();
      socket.expect("pong");
    }
  }

  @Test
  void client_is_pinged_in_both_ways() {
    try (PlainSocket socket = stream("1", T, 5000)) {
      railway.ping();
      railway.awaitPongs(1);
      railway.say("{\"type\":\"ping\"}");
      socket.expect("{\"type\":\"ping\"}");
      socket.say("{\"type\":\"pong\"}");

      railway.awaitPongs(2);
    }
  }

  @Test
  void any_text_can_be_sent() {
    try (PlainSocket socket = stream("1", T, 5000)) {
      railway.say("{\"type\":");

      socket.expect("{\"type\":");
    }
  }

  @Test
  void acknowledgement_is_withheld() {
    railway.withholdAcks();
    try (PlainSocket socket = plain()) {
      socket.say("{\"type\":\"connection_init\"}");

      isAlive(socket);
    }
  }

  @Test
  void refused_subscribe_gets_an_error() {
    railway.refuseSubscribes("Not Authorized", 1);
    try (PlainSocket socket = socket()) {
      socket.say(subscribe("1", "env-1", T, 5000));
      JsonNode planned = socket.nextJson();
      socket.say(subscribe("1", "env-2", T, 5000));
      JsonNode foreign = socket.nextJson();

      for (JsonNode error : List.of(planned, foreign)) {
        assertEquals("error", error.path("type").asText());
        assertEquals("Not Authorized", error.at("/payload/0/message").asText());
      }
      socket.say(subscribe("1", "env-1", T, 5000));
      railway.awaitSubscriptions("env-1", 1);
    }
  }

  @Test
  void refused_subscribe_gets_next_with_errors_and_complete() {
    railway.refuseByNext();
    railway.refuseSubscribes("Not Authorized", 1);
    try (PlainSocket socket = socket()) {
      socket.say(subscribe("1", "env-1", T, 5000));

      JsonNode next = socket.nextJson();
      assertEquals("next", next.path("type").asText());
      assertEquals("Not Authorized", next.at("/payload/errors/0/message").asText());
      socket.expect("{\"type\":\"complete\",\"id\":\"1\"}");
    }
  }

  @Test
  void revoked_token_opens_nothing_any_more() throws Exception {
    try (PlainSocket before = socket()) {
      railway.revoke(TOKEN);

      assertEquals("Not Authorized", query("{projectToken{environmentId}}", Map.of()).at("/errors/0/message").asText());
      before.say(subscribe("1", "env-1", T, 5000));
      assertEquals("error", before.nextJson().path("type").asText());
      try (PlainSocket after = socket()) {
        after.say(subscribe("1", "env-1", T, 5000));
        isAlive(after);
      }
    }
  }

  @Test
  void token_in_both_headers_or_the_wrong_one_opens_nothing() throws Exception {
    String query = "{environment(id:\"env-1\"){name}}";
    JsonNode wrong = query(query, Map.of(), "Authorization", "Bearer secret");
    JsonNode both = query(query, Map.of(), "Authorization", "Bearer secret", "Project-Access-Token", "secret");

    assertEquals("Not Authorized", wrong.at("/errors/0/message").asText());
    assertEquals("Not Authorized", both.at("/errors/0/message").asText());
    railway.allow(new RailwayToken(RailwayToken.Kind.ACCOUNT, "secret"), "env-1", "env-2");
    assertEquals("production", query(query, Map.of(), "Authorization", "Bearer secret").at("/data/environment/name").asText());
  }

  @Test
  void project_token_tells_its_environment() throws Exception {
    JsonNode answer = query("{projectToken{projectId environmentId environment{name}}}", Map.of());

    assertEquals("env-1", answer.at("/data/projectToken/environmentId").asText());
    assertEquals("production", answer.at("/data/projectToken/environment/name").asText());
  }

  @Test
  void query_that_the_schema_does_not_know_is_a_bad_request() throws Exception {
    HttpResponse<String> answer = post("{environment(id:\"env-1\"){nothing}}", Map.of(), "Project-Access-Token", "secret");

    assertEquals(400, answer.statusCode());
    try (PlainSocket socket = socket()) {
      socket.say(subscribe("1", "subscription{environmentLogs(environmentId:\"env-1\"){nothing}}", Map.of()));
      assertEquals("error", socket.nextJson().path("type").asText());
    }
  }

  @Test
  void query_fails_as_often_as_was_planned() throws Exception {
    String query = "{environment(id:\"env-1\"){name}}";
    railway.answerWith429(Duration.ofSeconds(7), 1);
    railway.answerWith(500, 1);
    railway.refuseQueries("Not Authorized", 1);
    railway.header("X-RateLimit-Remaining", "3");

    HttpResponse<String> limited = post(query, Map.of(), "Project-Access-Token", "secret");
    assertEquals(429, limited.statusCode());
    assertEquals("7", limited.headers().firstValue("Retry-After").orElse(""));
    assertEquals("3", limited.headers().firstValue("X-RateLimit-Remaining").orElse(""));
    assertEquals(500, post(query, Map.of(), "Project-Access-Token", "secret").statusCode());
    assertEquals("Not Authorized", query(query, Map.of()).at("/errors/0/message").asText());
    assertEquals("production", query(query, Map.of()).at("/data/environment/name").asText());
  }

  @Test
  void answer_waits_until_it_is_released() throws Exception {
    railway.holdAnswers();
    CompletableFuture<JsonNode> answer = CompletableFuture.supplyAsync(() -> queryUnchecked("{projectToken{id}}"));
    railway.awaitRequests(request -> request.field().equals("projectToken"), 1);
    assertFalse(answer.isDone());

    railway.releaseAnswers();

    assertEquals("token-1", answer.join().at("/data/projectToken/id").asText());
  }

  @Test
  void delayed_answer_comes_after_the_delay() throws Exception {
    railway.delayAnswers(Duration.ofMillis(50));
    long begun = System.nanoTime();

    query("{projectToken{id}}", Map.of());

    assertTrue(System.nanoTime() - begun >= Duration.ofMillis(50).toNanos());
  }

  @Test
  void handshake_fails_as_often_as_was_planned() {
    railway.answerHandshakesWith(429, Duration.ofSeconds(7), 1);

    try (PlainSocket refused = plain();
        PlainSocket taken = plain()) {
      assertTrue(refused.next().startsWith("refused "));
      taken.init();
    }
  }

  @Test
  void nobody_listens_until_connections_are_accepted_again() throws Exception {
    query("{projectToken{id}}", Map.of());
    try (PlainSocket open = stream("1", T, 5000)) {
      railway.refuseConnections();

      assertThrows(ConnectException.class, () -> query("{projectToken{id}}", Map.of()));
      isAlive(open);

      railway.acceptConnections();
      assertEquals("token-1", query("{projectToken{id}}", Map.of()).at("/data/projectToken/id").asText());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4400 | {                                                  | ",
        "4400 | {\"type\":\"nonsense\"}                            | ",
        "4429 | {\"type\":\"connection_init\"}                     | {\"type\":\"connection_init\"}",
        "4401 | {\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{}} | "
      })
  void broken_rule_of_the_protocol_closes_the_socket(int code, String text, String another) {
    try (PlainSocket socket = plain()) {
      socket.say(text);
      if (another != null) {
        socket.expect("{\"type\":\"connection_ack\"}").say(another);
      }

      socket.expect("closed " + code);
    }
  }

  @Test
  void id_in_use_closes_the_socket() {
    try (PlainSocket socket = stream("1", T, 5000)) {
      socket.say(subscribe("1", "env-1", T, 5000));

      socket.expect("closed 4409");
    }
  }

  @Test
  void socket_without_the_subprotocol_is_closed() {
    try (PlainSocket socket = PlainSocket.open(client, railway.url(), null)) {
      socket.expect("closed 4406");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "@service:api                       | one,two",
        "@service:api OR @service:web       | one,two,three",
        "@service:api two                   | two",
        "(@service:api OR @service:web) AND -\"one\" | two,three",
        "@level:warn                        | three",
        "@replica:replica-1 AND @service:no | ",
        "@n:7                               | three"
      })
  void filter_is_understood(String filter, String messages) throws Exception {
    railway.store(
        "env-1",
        row(1, "one"),
        row(2, "two"),
        StandInRow.of(T.plusSeconds(3), "web", "three").withSeverity("warn").withAttribute("n", "7"));

    assertEquals(
        messages == null ? List.of() : List.of(messages.split(",")), stored(T, T.plusSeconds(9), 5000, filter));
  }

  @Test
  void requests_are_seen_with_the_names_of_their_headers() throws Exception {
    query("query($id:String!){environment(id:$id){name}}", Map.of("id", "env-1"));
    try (PlainSocket socket = stream("1", T, 7)) {
      StandInRequest first = railway.requests().getFirst();
      StandInRequest second = railway.requests().getLast();

      assertEquals("environment", first.field());
      assertEquals(Map.of("id", "env-1"), first.variables());
      assertEquals("environmentLogs", second.field());
      assertTrue(second.subscription());
      assertEquals(7, second.variables().get("limit"));
      assertTrue(first.headers().contains("project-access-token") && second.headers().contains("project-access-token"));
      assertFalse(second.headers().contains("authorization"));
      assertEquals(1, railway.openSockets());
      isAlive(socket);
    }
  }

  @Test
  void the_same_is_had_over_tls(@TempDir Path directory) throws Exception {
    Certificate certificate = Certificate.make(directory, "EC");
    Path chain = directory.resolve("chain.pem");
    Path key = directory.resolve("key.pem");
    certificate.install(chain, key);

    try (RailwayStandIn secured = RailwayStandIn.startTls(TlsIdentity.load(chain, key));
        HttpClient trusting = HttpClient.newBuilder().sslContext(certificate.trust()).build()) {
      secured.environment("env-1", "production").allow(TOKEN, "env-1");
      HttpRequest request = request(secured.url(), "{projectToken{id}}", Map.of(), "Project-Access-Token", "secret");
      assertEquals(200, trusting.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
      try (PlainSocket socket =
          PlainSocket.open(trusting, secured.url(), "graphql-transport-ws", "Project-Access-Token", "secret").init()) {
        socket.say(subscribe("1", "env-1", T, 5000));
        secured.awaitSubscriptions("env-1", 1);
        secured.store("env-1", row(1, "a"));
        assertEquals(List.of("a"), socket.nextMessages());
        secured.cut();
        socket.expect("cut");
      }
    }
  }

  private PlainSocket plain() {
    return PlainSocket.open(client, railway.url(), "graphql-transport-ws", "Project-Access-Token", "secret");
  }

  private PlainSocket socket() {
    return plain().init();
  }

  /** Nothing has come, and the next is answered. */
  private static void isAlive(PlainSocket socket) {
    socket.say("{\"type\":\"ping\"}").expect("{\"type\":\"pong\"}");
  }

  private PlainSocket stream(String id, Instant after, int limit) {
    PlainSocket socket = socket();
    socket.say(subscribe(id, "env-1", after, limit));
    railway.awaitSubscriptions("env-1", 1);
    return socket;
  }

  private static String subscribe(String id, String environment, Instant after, int limit) {
    String query =
        "subscription($e:String!,$after:String,$limit:Int)"
            + "{environmentLogs(environmentId:$e,beforeDate:$after,beforeLimit:$limit)"
            + ROWS
            + "}";
    Map<String, Object> variables = Map.of("e", environment, "after", after.toString(), "limit", limit);
    return subscribe(id, query, variables);
  }

  private static String subscribe(String id, String query, Map<String, Object> variables) {
    return json(
        Map.of("id", id, "type", "subscribe", "payload", Map.of("query", query, "variables", variables)));
  }

  private List<String> stored(Instant after, Instant anchor, int limit, String filter) throws Exception {
    String query =
        "query($after:String,$anchor:String,$limit:Int,$filter:String){environmentLogs(environmentId:\"env-1\","
            + "beforeDate:$after,anchorDate:$anchor,beforeLimit:$limit,afterLimit:0,filter:$filter)"
            + ROWS
            + "}";
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("after", after.toString());
    variables.put("anchor", anchor.toString());
    variables.put("limit", limit);
    variables.put("filter", filter);
    List<String> messages = new ArrayList<>();
    query(query, variables).at("/data/environmentLogs").forEach(row -> messages.add(row.path("message").asText()));
    return messages;
  }

  private JsonNode query(String query, Map<String, Object> variables) throws Exception {
    return query(query, variables, "Project-Access-Token", "secret");
  }

  private JsonNode query(String query, Map<String, Object> variables, String... headers) throws Exception {
    return JSON.readTree(post(query, variables, headers).body());
  }

  private HttpResponse<String> post(String query, Map<String, Object> variables, String... headers)
      throws IOException, InterruptedException {
    return client.send(request(railway.url(), query, variables, headers), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest request(URI url, String query, Map<String, Object> variables, String... headers) {
    return HttpRequest.newBuilder(url)
        .headers(headers)
        .POST(HttpRequest.BodyPublishers.ofString(json(Map.of("query", query, "variables", variables))))
        .build();
  }

  private JsonNode queryUnchecked(String query) {
    try {
      return query(query, Map.of());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static StandInRow row(int second, String message) {
    return StandInRow.of(T.plusSeconds(second), "api", message);
  }
}

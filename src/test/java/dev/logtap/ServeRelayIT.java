package dev.logtap;

import static dev.logtap.RelayScene.ID;
import static dev.logtap.RelayScene.NAME;
import static dev.logtap.RelayScene.connected;
import static dev.logtap.RelayScene.entries;
import static dev.logtap.RelayScene.expect;
import static dev.logtap.RelayScene.messages;
import static dev.logtap.RelayScene.target;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.railway.StandInRow;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An environment's stream, as its clients see it while Railway does what it should. */
class ServeRelayIT {
  private static Server server;
  private static RelayScene shared;

  private final RelayScene scene = shared;

  @BeforeAll
  static void start() {
    shared = new RelayScene();
    server = shared.setup().start();
  }

  @AfterAll
  static void stop() {
    RelayScene.expectNoSecret(server);
    server.close();
    shared.close();
  }

  // ---- what comes

  @Test
  void status_comes_first_then_history_then_what_comes() {
    try (StreamClient first = connected(server, "lines=0")) {
      scene.store(scene.rows(0, 60));
      assertEquals(messages(0, 60), entries(first, 60));
      try (StreamClient client = connected(server, "")) {
        assertEquals(messages(10, 60), entries(client, 50));
        scene.store(scene.rows(60, 63));
        assertEquals(messages(60, 63), entries(client, 3));
      }
    }
  }

  @Test
  void entry_has_the_fields_of_the_contract_and_values_as_the_json_they_are() {
    StandInRow plain = scene.row("a \"quoted\"\nmessage \u20ac");
    String timestamp = plain.time().atOffset(ZoneOffset.ofHours(1)).toString();
    StandInRow row =
        plain
            .withTimestamp(timestamp)
            .withSeverity("fatal")
            .withAttribute("status", "200")
            .withAttribute("tags", "[\"a\",{\"b\":null}]")
            .withAttribute("plain", "no json at all");
    try (StreamClient client = connected(server, "lines=0")) {
      scene.store(row);

      Message message = client.next();
      assertEquals("log", message.type());
      assertEquals(
          Map.of(
              "timestamp", timestamp,
              "severity", "fatal",
              "serviceName", "api",
              "serviceId", RelayScene.API,
              "deploymentId", "deployment-1",
              "replicaId", "replica-1",
              "message", "a \"quoted\"\nmessage \u20ac",
              "attributes",
                  Map.of("level", "info", "status", 200L, "tags", List.of("a", nullMap("b")), "plain", "no json at all")),
          message.fields().get("data"));
      assertTrue(message.cursor().matches("[A-Za-z0-9_-]+"), message::toString);
    }
  }

  private static Map<String, Object> nullMap(String key) {
    Map<String, Object> map = new HashMap<>();
    map.put(key, null);
    return map;
  }

  @Test
  void what_railway_leaves_out_is_left_out() {
    try (StreamClient client = connected(server, "lines=0")) {
      scene.store(scene.row("bare").withSeverity(null).withoutTags().withoutAttributes());

      Map<?, ?> data = (Map<?, ?>) client.next().fields().get("data");
      assertEquals(List.of("timestamp", "message", "attributes"), List.copyOf(data.keySet()));
    }
  }

  @Test
  void heartbeats_come_with_pings() {
    try (Server pinging = scene.setup().set("ping-interval", "1s").start();
        StreamClient client = RelayScene.open(pinging, "lines=0")) {
      // Where Railway takes longer than that, it comes before the status.
      Message heartbeat = client.next();
      if (heartbeat.type().equals("status")) {
        heartbeat = client.next();
      }
      assertEquals("heartbeat", heartbeat.type());
      Instant sent = Instant.parse((String) heartbeat.fields().get("timestamp"));
      assertTrue(Math.abs(Instant.now().getEpochSecond() - sent.getEpochSecond()) < 60, heartbeat::toString);
    }
  }

  @Test
  void loss_that_railway_tells_of_is_a_gap() {
    try (StreamClient client = connected(server, "lines=0")) {
      String line = "Railway rate limit of 500 logs/sec reached for replica, update your application. Messages dropped: 12";
      scene.store(scene.row("before"), scene.row(line), scene.row("after"));

      assertEquals(List.of("before", line), entries(client, 2));
      Message gap = client.next();
      assertEquals("gap", gap.type());
      assertEquals(12L, gap.fields().get("dropped"));
      assertFalse(((String) gap.fields().get("message")).isEmpty());
      assertEquals(List.of("after"), entries(client, 1));
    }
  }

  // ---- what may be asked for

  @ParameterizedTest
  @ValueSource(strings = {NAME, ID})
  void path_takes_name_or_id(String environment) {
    try (StreamClient client = StreamClient.open(server, target(environment, "lines=0", Tokens.any()))) {
      expect(client.next(), "status", "connected");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"staging", "5f0c", "..", "production2"})
  void environment_that_is_not_listed_is_an_error_and_4000(String environment) {
    String path = environment.replace("..", "%2e%2e");
    try (StreamClient client = StreamClient.open(server, target(path, "", Tokens.any()))) {
      assertEquals("error", client.next().type());
      client.expectClose(4000);
    }
  }

  @Test
  void token_opens_the_environments_of_its_scope_by_name_or_id() {
    for (String scope : List.of(NAME, ID)) {
      String token = Tokens.of("tester").environments(scope).signed();
      try (StreamClient client = StreamClient.open(server, target(ID, "lines=0", token))) {
        expect(client.next(), "status", "connected");
      }
      assertEquals(List.of(NAME), names(token));
    }
    String other = Tokens.of("tester").environments("another").signed();
    try (StreamClient client = StreamClient.open(server, target(NAME, "", other))) {
      client.expectClose(4003);
    }
    assertEquals(List.of(), names(other));
  }

  private static Object names(String token) {
    return server.ask("GET", "/api/v1/server/logs", "Authorization: Bearer " + token).json().get("environments");
  }

  @Test
  void stream_without_a_good_token_is_closed_4001() {
    try (StreamClient client = StreamClient.open(server, target(NAME, "", "nonsense"))) {
      client.expectClose(4001);
    }
  }

  @Test
  void token_can_be_renewed_for_an_environment_that_it_covers() {
    try (StreamClient client = connected(server, "lines=0")) {
      client.send("{\"type\":\"token\",\"token\":\"" + Tokens.of("tester").environments(NAME).signed() + "\"}");
      scene.store(scene.row("goes on"));
      assertEquals(List.of("goes on"), entries(client, 1));
      client.send("{\"type\":\"token\",\"token\":\"" + Tokens.of("tester").environments("another").signed() + "\"}");
      client.expectClose(4003);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lines=x", "lines=-1", "lastTimestamp=yesterday", "cursor=nonsense", "cursor=a&cursor=b"})
  void parameter_that_can_not_be_read_is_an_error_and_4000(String parameters) {
    try (StreamClient client = RelayScene.open(server, parameters)) {
      assertEquals("error", client.next().type());
      client.expectClose(4000);
    }
  }

  @Test
  void one_client_too_many_is_an_error_and_1013() {
    List<StreamClient> clients = new ArrayList<>();
    // Of the other tests' server somebody may not have left yet.
    try (Server full = scene.setup().start()) {
      for (int i = 0; i < 10; i++) {
        clients.add(connected(full, "lines=0"));
      }
      try (StreamClient client = RelayScene.open(full, "")) {
        assertEquals("error", client.next().type());
        client.expectClose(1013);
      }
    } finally {
      clients.forEach(StreamClient::close);
    }
  }

  // ---- filters

  @ParameterizedTest
  @CsvSource({
    "services=worker, w1 w2", "services=worker%2Capi, w1 a1 w2", "severity=error, a1 w2", "severity=ERROR%2Cdebug, a1 w2",
    "search=W, w1 w2", "severity=err&services=api, a1"
  })
  void parameters_filter_history_and_what_comes(String parameters, String expected) {
    StandInRow[] rows = {
      scene.row("w1").withService(RelayScene.WORKER),
      scene.row("a1").withSeverity("critical"),
      scene.row("w2").withService(RelayScene.WORKER).withSeverity("err"),
    };
    int count = expected.split(" ").length;
    try (StreamClient live = connected(server, "lines=0&" + parameters)) {
      scene.store(rows);
      assertEquals(List.of(expected.split(" ")), entries(live, count));
    }
    try (StreamClient later = connected(server, "lines=" + count + "&" + parameters)) {
      assertEquals(List.of(expected.split(" ")), entries(later, count));
    }
  }

  @Test
  void unknown_service_is_said_and_the_stream_goes_on() {
    try (StreamClient client = connected(server, "lines=0&services=api,nobody")) {
      Message error = client.next();
      assertEquals("error", error.type());
      assertTrue(error.fields().get("message").toString().endsWith("nobody"), error::toString);
      scene.store(scene.row("of api"));
      assertEquals(List.of("of api"), entries(client, 1));
    }
  }

  @Test
  void filter_on_the_open_stream_replaces_those_before() {
    try (StreamClient client = connected(server, "lines=0&search=nothing-has-this")) {
      client.sendAndAwaitPong("{\"type\":\"filter\",\"services\":[\"api\"],\"severity\":\"warn\"}");
      scene.store(scene.row("not this"), scene.row("this").withSeverity("WARNING"));
      assertEquals(List.of("this"), entries(client, 1));
      client.sendAndAwaitPong("{\"type\":\"filter\"}");
      scene.store(scene.row("everything"));
      assertEquals(List.of("everything"), entries(client, 1));
    }
  }

  // ---- coming back

  @Test
  void cursor_brings_what_came_since_each_once() {
    String cursor;
    try (StreamClient stays = connected(server, "lines=0");
        StreamClient client = connected(server, "lines=0")) {
      StandInRow row = scene.row("same");
      scene.store(row, row);
      entries(client, 1);
      cursor = client.cursor();
      scene.store(scene.row("next"));
      try (StreamClient again = connected(server, "cursor=" + cursor)) {
        assertEquals(List.of("same", "next"), entries(again, 2));
      }
      assertEquals(List.of("same", "same", "next"), entries(stays, 3));
    }
  }

  @Test
  void last_timestamp_brings_what_is_later() {
    StandInRow last = scene.row("last");
    scene.store(last, scene.row("later"), scene.row("latest"));
    try (StreamClient client = connected(server, "lastTimestamp=" + last.timestamp())) {
      assertEquals(List.of("later", "latest"), entries(client, 2));
    }
    String offset = last.time().atOffset(ZoneOffset.ofHours(2)).toString().replace("+", "%2B");
    try (StreamClient client = connected(server, "lastTimestamp=" + offset)) {
      assertEquals(List.of("later", "latest"), entries(client, 2));
    }
  }
}

package dev.logtap.railway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stand-in speaks {@code graphql-transport-ws} as the protocol's reference server does. */
class StandInReferenceIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant T = Instant.parse("2026-11-01T10:00:00.123456789Z");
  private static final RailwayToken TOKEN = new RailwayToken(RailwayToken.Kind.PROJECT, "secret");
  private static final String LOGS =
      "subscription($e:String!){environmentLogs(environmentId:$e,beforeDate:\"" + T + "\",beforeLimit:10){message}}";

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private ReferenceRailway reference;
  private RailwayStandIn standIn;

  @BeforeAll
  static void needsNode() {
    assumeTrue(ReferenceRailway.isThere(), ReferenceRailway.NEEDS);
  }

  @BeforeEach
  void start() throws IOException {
    reference = ReferenceRailway.start(directory, TOKEN, "env-1");
    standIn = RailwayStandIn.start().environment("env-1", "production").allow(TOKEN, "env-1");
    standIn.refuseByNext();
  }

  @AfterEach
  void stop() {
    if (standIn != null) {
      standIn.close();
    }
    if (reference != null) {
      reference.close();
    }
    client.close();
  }

  /** What a test does to one of the two, and sees of it. */
  private interface Side {
    URI url();

    void awaitSubscription();

    void store(StandInRow row);

    void complete();

    void error(String message);

    void pushNull();

    void cut();

    void close(int code);
  }

  @Test
  void rows_null_and_complete() {
    same(
        (side, socket) -> {
          socket.say(subscribe("1", LOGS, "env-1"));
          side.awaitSubscription();
          side.store(StandInRow.of(T.plusSeconds(1), "api", "a"));
          List<String> seen = take(socket, 1);
          side.pushNull();
          seen.addAll(take(socket, 1));
          side.complete();
          seen.addAll(take(socket, 1));
          return seen;
        },
        "next 1 {\"environmentLogs\":[{\"message\":\"a\"}]}", "next 1 null errors", "complete 1");
  }

  @Test
  void failure_midway_is_an_error_and_the_socket_stays() {
    same(
        (side, socket) -> {
          socket.say(subscribe("1", LOGS, "env-1"));
          side.awaitSubscription();
          side.error("broken");
          List<String> seen = take(socket, 1);
          socket.say("{\"type\":\"ping\"}");
          seen.addAll(take(socket, 1));
          return seen;
        },
        "error 1 broken", "pong ");
  }

  @Test
  void refused_subscribe() {
    same(
        (_, socket) -> {
          socket.say(subscribe("1", LOGS, "env-2"));
          return take(socket, 2);
        },
        "next 1 null errors", "complete 1");
  }

  @Test
  void closed_with_a_code_and_cut() {
    same(
        (side, socket) -> {
          side.close(4500);
          return List.of(socket.next());
        },
        "closed 4500");
    same(
        (side, socket) -> {
          side.cut();
          return List.of(socket.next());
        },
        "cut");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"type\":\"nonsense\"}", "{\"type\":\"connection_init\"}", "[]"})
  void broken_rule(String text) {
    same(
        (_, socket) -> {
          socket.say(text);
          return List.of(socket.next());
        },
        text.contains("init") ? "closed 4429" : "closed 4400");
  }

  @Test
  void id_in_use() {
    same(
        (side, socket) -> {
          socket.say(subscribe("1", LOGS, "env-1"));
          side.awaitSubscription();
          socket.say(subscribe("1", LOGS, "env-1"));
          return List.of(socket.next());
        },
        "closed 4409");
  }

  @Test
  void query_that_the_schema_does_not_know() {
    same(
        (_, socket) -> {
          socket.say(subscribe("1", LOGS.replace("message", "nothing"), "env-1"));
          return List.of(socket.nextJson().path("type").asText());
        },
        "error");
  }

  private void same(BiFunction<Side, PlainSocket, List<String>> script, String... expected) {
    for (Side side : List.of(new OfReference(), new OfStandIn())) {
      try (PlainSocket socket =
          PlainSocket.open(client, side.url(), "graphql-transport-ws", "Project-Access-Token", TOKEN.secret()).init()) {
        assertEquals(List.of(expected), script.apply(side, socket), side.getClass().getSimpleName());
      }
    }
  }

  /** Messages without the words of their errors, which are each engine's own. */
  private static List<String> take(PlainSocket socket, int count) {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      JsonNode message = socket.nextJson();
      JsonNode payload = message.path("payload");
      String text = message.path("type").asText() + " " + message.path("id").asText();
      taken.add(
          switch (message.path("type").asText()) {
            case "next" -> text + " " + payload.get("data") + (payload.has("errors") ? " errors" : "");
            case "error" -> text + " " + payload.at("/0/message").asText();
            default -> text;
          });
    }
    return taken;
  }

  private static String subscribe(String id, String query, String environment) {
    return JSON.valueToTree(
            Map.of(
                "id", id,
                "type", "subscribe",
                "payload", Map.of("query", query, "variables", Map.of("e", environment))))
        .toString();
  }

  private final class OfReference implements Side {
    @Override
    public URI url() {
      return reference.url();
    }

    @Override
    public void awaitSubscription() {
      reference.awaitSubscriptions(1);
    }

    @Override
    public void store(StandInRow row) {
      reference.store(row);
    }

    @Override
    public void complete() {
      reference.complete();
    }

    @Override
    public void error(String message) {
      reference.error(message);
    }

    @Override
    public void pushNull() {
      reference.pushNull();
    }

    @Override
    public void cut() {
      reference.cut();
    }

    @Override
    public void close(int code) {
      reference.close(code);
    }
  }

  private final class OfStandIn implements Side {
    @Override
    public URI url() {
      return standIn.url();
    }

    @Override
    public void awaitSubscription() {
      standIn.awaitSubscriptions("env-1", 1);
    }

    @Override
    public void store(StandInRow row) {
      standIn.store("env-1", row);
    }

    @Override
    public void complete() {
      standIn.complete();
    }

    @Override
    public void error(String message) {
      standIn.error(message);
    }

    @Override
    public void pushNull() {
      standIn.pushNull();
    }

    @Override
    public void cut() {
      standIn.cut();
    }

    @Override
    public void close(int code) {
      standIn.close(code);
    }
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.logtap.railway.RailwayStandIn;
import dev.logtap.railway.RailwayToken;
import dev.logtap.railway.StandInRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A stand-in for Railway with one environment of two services, and servers that relay it. */
final class RelayScene implements AutoCloseable {
  static final String ID = "5f0c2d3e-0000-4000-8000-000000000001";
  static final String NAME = "production";
  static final String API = "0d1c6a2e-0000-4000-8000-00000000000a";
  static final String WORKER = "0d1c6a2e-0000-4000-8000-00000000000b";
  static final String SECRET = "the-project-token-that-nobody-may-see";
  static final RailwayToken TOKEN = new RailwayToken(RailwayToken.Kind.PROJECT, SECRET);

  final RailwayStandIn railway = RailwayStandIn.start();

  /** Of the newest row. */
  private Instant newest = Instant.EPOCH;

  RelayScene() {
    railway.environment(ID, NAME).service(ID, API, "api").service(ID, WORKER, "worker");
    railway.allow(TOKEN, ID);
  }

  Server.Setup setup() {
    return new Server.Setup()
        .argument("--environment=" + NAME + "=" + ID)
        .argument("--railway-url=" + railway.url())
        .variable("RAILWAY_TOKEN", SECRET);
  }

  static String target(String environment, String parameters, String token) {
    return "/api/environments/" + environment + "/logs/stream?token=" + token + (parameters.isEmpty() ? "" : "&" + parameters);
  }

  static StreamClient open(Server server, String parameters) {
    return StreamClient.open(server, target(NAME, parameters, Tokens.any()));
  }

  /** Opens a stream and takes its first message, which says that Railway is connected. */
  static StreamClient connected(Server server, String parameters) {
    StreamClient client = open(server, parameters);
    expect(client.next(), "status", "connected");
    return client;
  }

  static void expect(Message message, String type, String text) {
    assertEquals(Map.of("type", type, "message", text), message.fields());
  }

  /** A row of now that is newer than all before it. */
  StandInRow row(String message) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    newest = now.isAfter(newest) ? now : newest.plusMillis(1);
    return StandInRow.of(newest, API, message);
  }

  StandInRow[] rows(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> row("m" + i)).toArray(StandInRow[]::new);
  }

  RelayScene store(StandInRow... rows) {
    railway.store(ID, rows);
    return this;
  }

  static List<String> messages(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
  }

  /** The texts of the next so many entries; no other kind of message may come between. */
  static List<String> entries(StreamClient client, int count) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Message message = client.next();
      assertEquals("log", message.type(), () -> texts + " then " + message + "\n" + client);
      texts.add(data(message, "message"));
    }
    return texts;
  }

  static String data(Message entry, String field) {
    return (String) ((Map<?, ?>) entry.fields().get("data")).get(field);
  }

  /** Whatever was tried, the token has been told to nobody. */
  static void expectNoSecret(Server server) {
    assertFalse(server.err().contains(SECRET), server::toString);
  }

  @Override
  public void close() {
    railway.close();
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The streams as another implementation of WebSocket sees them: the {@code ws} package, on Node. */
class ServeNodeIT {
  @TempDir static Path directory;

  private static Path log;
  private static Path script;
  private static Server server;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(NodePackages.have("ws@8"), "needs node and npm, and the ws package of npm");
    script = directory.resolve("stream.mjs");
    try (var source = ServeNodeIT.class.getResourceAsStream("stream.mjs")) {
      Files.write(script, source.readAllBytes());
    }
    log = directory.resolve("app.log");
    server = Server.with("app", log).log("other", log).set("ping-interval", "1s").start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void newFile() throws IOException {
    server.awaitNoHub();
    Files.deleteIfExists(log);
    LogFiles.append(log, FollowScene.numbered("line ", 1, 80));
  }

  @Test
  void first_lines_live_lines_and_answers_come() {
    try (Logtap client = open("app", "lines=2", Tokens.any())) {
      // It offers permessage-deflate, which is not taken.
      client.awaitOut("open - -\n").awaitOut("{\"lines\":[\"line 79\",\"line 80\"],\"cursor\":");
      LogFiles.append(log, "live\n");
      client.awaitOut("[\"live\"]");
      say(client, "{\"type\":\"ping\"}");
      client.awaitOut("{\"type\":\"pong\"}");
      say(client, "{\"type\":\"filter\",\"search\":\"b\"}", "x", "{\"type\":\"ping\"}");
      Await.until(() -> client.out().split("\"pong\"").length > 2, client::toString);
      assertTrue(client.out().contains("\"type\":\"error\""), client::toString);
      LogFiles.append(log, "aaa\nbbb\n");
      client.awaitOut("[\"bbb\"]");
      client.awaitOut("\nping\n");
    }
  }

  @Test
  void much_comes_whole_and_in_order() {
    try (Logtap client = open("app", "lines=0", Tokens.any()).awaitOut("cursor")) {
      LogFiles.append(log, FollowScene.each("%d " + "ä".repeat(500) + "\n", 1, 3000) + "y".repeat(3 << 20) + "\nend\n");
      client.awaitOut("\"end\"");
      // With the rest of its message.
      Await.until(() -> client.out().endsWith("\n"), client::toString);

      StringBuilder text = new StringBuilder();
      for (Message message : messages(client)) {
        message.lines().forEach(line -> text.append(line).append('\n'));
        text.setLength(text.length() - (message.partial() ? 1 : 0));
      }
      String expected = FollowScene.each("%d " + "ä".repeat(500) + "\n", 1, 3000) + "y".repeat(3 << 20) + "\nend\n";
      assertEquals(expected, text.toString());
    }
  }

  @Test
  void cursor_of_the_last_message_goes_on_after_it() {
    String cursor;
    try (Logtap client = open("app", "lines=1", Tokens.any()).awaitOut("cursor\":\"")) {
      Await.until(() -> !messages(client).isEmpty(), client::toString);
      cursor = messages(client).getLast().cursor();
    }
    LogFiles.append(log, "one\n");
    LogFiles.rotate(log, 2);
    LogFiles.append(log, "two\n");

    try (Logtap client = open("app", "cursor=" + cursor, Tokens.any()).awaitOut("\"two\"")) {
      List<String> lines = new ArrayList<>();
      messages(client).forEach(message -> lines.addAll(message.lines()));
      assertEquals(List.of("one", "two"), lines);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "app, '', bad, 4001", "nothing, '', any, 4000", "app, '', other, 4003", "app, lines=x, any, 4000",
    "app, cursor=x, any, 4000"
  })
  void refusal_is_a_close_code_with_a_reason(String name, String parameters, String token, int code) {
    String signed =
        switch (token) {
          case "any" -> Tokens.any();
          case "other" -> Tokens.forLogs("other");
          default -> "x";
        };

    Logtap client = open(name, parameters, signed).expectExit(0);

    assertTrue(client.out().matches("(?s).*\nclosed " + code + " [^\n]+\n"), client::toString);
  }

  @Test
  void token_as_a_subprotocol_is_taken_and_logtap_selected() {
    List<String> command = command(Server.REST + "app/ws");
    command.addAll(List.of("logtap", "bearer." + Tokens.any()));

    try (Logtap client = Logtap.startCommand(Map.of(), command)) {
      client.awaitOut("open logtap -\n").awaitOut("line 80");
    }
  }

  @Test
  void foreign_origin_is_refused_and_our_own_is_not() {
    List<String> command = command(Server.target("app", "", Tokens.any()));

    Logtap foreign = Logtap.startCommand(Map.of("ORIGIN", "https://evil.example"), command).expectExit(0);
    assertEquals("refused 403\n", foreign.out());
    try (Logtap own = Logtap.startCommand(Map.of("ORIGIN", server.origin()), command)) {
      own.awaitOut("line 80");
    }
  }

  @Test
  void server_that_stops_closes_with_1001() {
    try (Server own = Server.with("app", log).start()) {
      Logtap client = Logtap.startCommand(Map.of(), command(own, Server.target("app", "", Tokens.any())));
      client.awaitOut("line 80");
      own.stop();
      client.expectExit(0);
      assertTrue(client.out().contains("\nclosed 1001 "), client::toString);
    }
  }

  private static Logtap open(String name, String parameters, String token) {
    return Logtap.startCommand(Map.of(), command(Server.target(name, parameters, token)));
  }

  private static List<String> command(String target) {
    return command(server, target);
  }

  private static List<String> command(Server server, String target) {
    String address = server.origin().replaceFirst("http", "ws") + target;
    return new ArrayList<>(List.of("node", script.toString(), NodePackages.DIRECTORY.toString(), address));
  }

  /** The messages of the stream that have come whole. */
  private static List<Message> messages(Logtap client) {
    String out = client.out();
    return out.substring(0, out.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> line.startsWith("{\"lines\""))
        .map(Message::of)
        .toList();
  }

  private static void say(Logtap client, String... texts) {
    try {
      for (String text : texts) {
        client.process().getOutputStream().write((text + "\n").getBytes(StandardCharsets.UTF_8));
      }
      client.process().getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

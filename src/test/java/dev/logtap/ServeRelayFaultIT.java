package dev.logtap;

import static dev.logtap.RelayScene.ID;
import static dev.logtap.RelayScene.NAME;
import static dev.logtap.RelayScene.connected;
import static dev.logtap.RelayScene.entries;
import static dev.logtap.RelayScene.expect;
import static dev.logtap.RelayScene.messages;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.railway.RailwayStandIn;
import dev.logtap.railway.RailwayToken;
import dev.logtap.railway.StandInRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** An environment's stream when Railway, a client or the administrator does something else. */
class ServeRelayFaultIT {
  @TempDir Path directory;

  private final RelayScene scene = new RelayScene();

  @AfterEach
  void end() {
    scene.close();
  }

  // ---- upstream

  @Test
  void all_clients_share_one_subscription_that_ends_after_the_last() {
    try (Server server = scene.setup().start()) {
      assertEquals(0, scene.railway.openSockets());
      try (StreamClient first = connected(server, "lines=0");
          StreamClient second = connected(server, "lines=0")) {
        scene.store(scene.row("for both"));
        assertEquals(List.of("for both"), entries(first, 1));
        assertEquals(List.of("for both"), entries(second, 1));
        assertEquals(1, scene.railway.subscriptions(ID));
      }
      try (StreamClient third = connected(server, "lines=1")) {
        assertEquals(List.of("for both"), entries(third, 1));
        assertEquals(1, scene.railway.subscribes());
      }
      scene.railway.awaitSubscriptions(ID, 0);
      scene.railway.awaitSockets(0);
    }
  }

  static Stream<Arguments> ends() {
    return Stream.of(
        end("cut", RailwayStandIn::cut),
        end("complete", RailwayStandIn::complete),
        end("error", railway -> railway.error("Problem processing request")),
        end("4500", railway -> railway.close(4500)),
        end("1001", railway -> railway.close(1001)));
  }

  private static Arguments end(String name, Consumer<RailwayStandIn> how) {
    return Arguments.of(name, how);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ends")
  void stream_stays_open_and_each_entry_comes_once_however_the_subscription_ends(
      String name, Consumer<RailwayStandIn> end) {
    try (Server server = scene.setup().start();
        StreamClient client = connected(server, "lines=0")) {
      scene.store(scene.rows(0, 5));
      assertEquals(messages(0, 5), entries(client, 5));
      end.accept(scene.railway);
      scene.store(scene.rows(5, 8));
      List<String> seen = new ArrayList<>();
      List<String> statuses = new ArrayList<>();
      while (seen.size() < 3 || !statuses.contains("connected")) {
        Message message = client.next();
        switch (message.type()) {
          case "log" -> seen.add(RelayScene.data(message, "message"));
          case "status" -> statuses.add((String) message.fields().get("message"));
          case "error" -> assertFalse(statuses.contains("reconnecting"), client::toString);
          default -> throw new AssertionError(message + "\n" + client);
        }
      }
      assertEquals(messages(5, 8), seen);
      assertEquals(List.of("reconnecting", "connected"), statuses, name);
      scene.store(scene.row("after"));
      assertEquals(List.of("after"), entries(client, 1));
    }
  }

  @Test
  void host_that_can_not_be_reached_is_one_error_until_it_can() {
    scene.railway.refuseConnections();
    try (Server server = scene.setup().start();
        StreamClient client = RelayScene.open(server, "lines=1")) {
      Message error = client.next();
      assertEquals("error", error.type());
      expect(client.next(), "status", "reconnecting");
      scene.store(scene.row("stored"));
      scene.railway.acceptConnections();
      expect(client.next(), "status", "connected");
      assertEquals(List.of("stored"), entries(client, 1));
    }
  }

  @Test
  void rate_limit_is_obeyed_and_the_stream_begins_after_it() {
    scene.railway.answerWith429(Duration.ofSeconds(2), 1);
    long begun = System.nanoTime();
    try (Server server = scene.setup().start();
        StreamClient client = RelayScene.open(server, "lines=0")) {
      assertEquals("error", client.next().type());
      expect(client.next(), "status", "reconnecting");
      expect(client.next(), "status", "connected");
      assertTrue(System.nanoTime() - begun >= 2_000_000_000L);
    }
  }

  @Test
  void token_that_does_not_open_the_environment_is_an_error_that_says_what_to_do_and_1011() {
    scene.railway.revoke(RelayScene.TOKEN);
    try (Server server = scene.setup().start();
        StreamClient client = RelayScene.open(server, "")) {
      Message error = client.next();
      assertEquals("error", error.type());
      assertTrue(error.fields().get("message").toString().contains("RAILWAY_TOKEN"), error::toString);
      client.expectClose(1011);
      assertEquals(0, scene.railway.openSockets());
      RelayScene.expectNoSecret(server);

      // Clients that come back at once don't make it ask again at once.
      scene.railway.allow(RelayScene.TOKEN, ID);
      Await.until(() -> isConnected(server), server::toString);
    }
  }

  private static boolean isConnected(Server server) {
    try (StreamClient client = RelayScene.open(server, "lines=0")) {
      return client.next().type().equals("status");
    }
  }

  @Test
  void late_entry_is_found_by_a_sweep() {
    StandInRow late = scene.row("late");
    try (Server server = scene.setup().start();
        StreamClient client = connected(server, "lines=0")) {
      scene.store(scene.row("first"));
      assertEquals(List.of("first"), entries(client, 1));
      scene.store(late);
      assertEquals(List.of("late"), entries(client, 1));
    }
  }

  @Test
  void gap_stands_in_the_log_of_the_server_too() {
    try (Server server = scene.setup().start();
        StreamClient client = connected(server, "lines=0")) {
      scene.store(scene.row("Railway rate limit of 500 logs/sec reached for replica. Messages dropped: 12"));
      assertEquals("log", client.next().type());
      assertEquals("gap", client.next().type());

      String line = "logtap: " + NAME + ": gap: 12 entries: Railway has not stored entries that came faster than it allows";
      Await.until(() -> server.err().contains(line), server::toString);
    }
  }

  @Test
  void account_token_from_a_file_goes_into_the_other_header() throws IOException {
    Path file = directory.resolve("token");
    Files.writeString(file, "Bearer an-account-token\n");
    scene.railway.allow(new RailwayToken(RailwayToken.Kind.ACCOUNT, "an-account-token"), ID);
    scene.railway.revoke(RelayScene.TOKEN);
    try (Server server = scene.setup().argument("--railway-token-file=" + file).start()) {
      connected(server, "lines=0").close();
    }
  }

  // ---- coming back

  @Test
  void cursor_counts_after_a_restart_of_the_server_too() {
    String cursor;
    StandInRow same = scene.row("same");
    StandInRow late = scene.row("late");
    try (Server server = scene.setup().start()) {
      try (StreamClient client = connected(server, "lines=0")) {
        scene.store(scene.row("first"), same);
        assertEquals(List.of("same", "first"), entries(client, 2));
        cursor = client.cursor();
      }
      server.stop();
    }
    scene.store(same, late, scene.row("new"));
    try (Server server = scene.setup().start();
        StreamClient client = connected(server, "cursor=" + cursor)) {
      assertEquals(List.of("same", "late", "new"), entries(client, 3));
      scene.store(scene.row("newest"));
      assertEquals(List.of("newest"), entries(client, 1));
    }
  }

  @Test
  void server_that_stops_closes_1001() {
    try (Server server = scene.setup().start();
        StreamClient client = connected(server, "lines=0")) {
      server.stop();
      client.expectClose(1001);
    }
    scene.railway.awaitSockets(0);
  }

  // ---- clients

  @Test
  void client_that_reads_slowly_misses_entries_and_is_told_how_many_and_nobody_waits() {
    String padding = "x".repeat(8 << 10);
    int count = 6000;
    try (Server server = scene.setup().start();
        StreamClient quick = connected(server, "lines=0");
        RawPeer slow = RawPeer.withSmallWindow(server.port()).upgrade(RelayScene.target(NAME, "lines=0", Tokens.any()))) {
      assertEquals("status", slow.message().type());
      for (int i = 0; i < count; i += 100) {
        StandInRow[] rows = scene.rows(i, i + 100);
        for (int j = 0; j < rows.length; j++) {
          rows[j] = rows[j].withAttribute("padding", '"' + padding + '"');
        }
        scene.store(rows);
        assertEquals(messages(i, i + 100), entries(quick, 100));
      }
      int next = 0;
      long missed = 0;
      while (next < count) {
        Message message = slow.message();
        if (message.type().equals("gap")) {
          assertEquals(0, missed);
          missed = (Long) message.fields().get("dropped");
          next += (int) missed;
        } else {
          assertEquals("m" + next, RelayScene.data(message, "message"));
          next++;
        }
      }
      assertTrue(missed > 0);
      assertTrue(server.view().memory() < 400L << 20, () -> server.view().memory() + " bytes");
    }
  }

  @Test
  void hundreds_of_clients_that_come_and_go_leave_nothing() {
    try (Server server = scene.setup().start()) {
      connected(server, "lines=0").close();
      scene.railway.awaitSockets(0);
      List<String> threads = server.view().threads();
      int files = server.view().openFiles().size();
      for (int i = 0; i < 40; i++) {
        List<StreamClient> clients = new ArrayList<>();
        for (int j = 0; j < 5; j++) {
          clients.add(connected(server, "lines=0"));
        }
        scene.store(scene.row("row " + i));
        for (StreamClient client : clients) {
          entries(client, 1);
          client.close();
        }
        // Whoever has left may not have been noticed yet.
        int round = i + 1;
        Await.until(() -> ended(server) >= 5L * round, server::toString);
      }
      scene.railway.awaitSockets(0);
      assertEquals(0, scene.railway.subscriptions(ID));
      Await.until(() -> server.view().openFiles().size() <= files, () -> server.view().openFiles().toString());
      Await.until(() -> server.view().threads().size() <= threads.size(), () -> server.view().threads().toString());
    }
  }

  private static long ended(Server server) {
    return server.err().lines().filter(line -> line.contains("\" ended ")).count();
  }

  // ---- the administrator

  @Test
  void environments_without_a_token_are_an_error_that_names_the_variable() {
    expectRefusal(scene.setup().without("RAILWAY_TOKEN"), "RAILWAY_TOKEN");
  }

  @ParameterizedTest
  @CsvSource({
    "--railway-url=ftp://x, --railway-url", "--railway-url=nonsense, --railway-url",
    "--railway-url=https://user:pass@host/x, --railway-url", "--environment=a b, --environment",
    "--environment==x, --environment", "--environment=production=other, --environment",
    "--railway-token-file=/nonexistent, --railway-token-file"
  })
  void setting_that_can_not_be_used_is_an_error_that_names_it(String argument, String named) {
    expectRefusal(scene.setup().argument(argument), named);
  }

  @Test
  void environment_that_is_empty_is_an_error() {
    expectRefusal(new Server.Setup().argument("--environment="), "--environment: is empty");
  }

  private static void expectRefusal(Server.Setup setup, String named) {
    try (Logtap program = setup.launch()) {
      program.expectExit(2);
      assertTrue(program.err().startsWith("logtap: " + named), program::toString);
      assertFalse(program.err().contains(RelayScene.SECRET), program::toString);
    }
  }

  private Server.Setup configuredBy(Path config) {
    return new Server.Setup()
        .argument("--config=" + config)
        .argument("--railway-url=" + scene.railway.url())
        .variable("RAILWAY_TOKEN", RelayScene.SECRET);
  }

  @Test
  void environment_that_leaves_the_list_closes_4000_and_others_go_on() throws IOException {
    scene.railway.environment("other-id", "other").service("other-id", "s", "service");
    scene.railway.allow(RelayScene.TOKEN, ID, "other-id");
    Path config = directory.resolve("logtap.toml");
    Files.writeString(config, "[railway.environments]\nproduction = '" + ID + "'\nother = 'other-id'\n");
    try (Server server = configuredBy(config).start();
        StreamClient leaves = StreamClient.open(server, RelayScene.target("other", "lines=0", Tokens.any()));
        StreamClient stays = connected(server, "lines=0")) {
      expect(leaves.next(), "status", "connected");
      Files.writeString(config, "[railway.environments]\nproduction = '" + ID + "'\n");
      server.reload("read the config again");
      leaves.expectClose(4000);
      scene.store(scene.row("goes on"));
      assertEquals(List.of("goes on"), entries(stays, 1));
    }
  }

  @Test
  void last_environment_that_leaves_the_list_closes_4000_as_well() throws IOException {
    Path config = directory.resolve("logtap.toml");
    Files.writeString(config, "[railway.environments]\nproduction = '" + ID + "'\n");
    try (Server server = configuredBy(config).start();
        StreamClient leaves = connected(server, "lines=0")) {
      Files.writeString(config, "");
      server.reload("read the config again");
      leaves.expectClose(4000);
    }
  }

  @Test
  void token_in_the_clear_on_a_network_is_warned_of() {
    try (Server server = scene.setup().argument("--railway-url=http://railway.invalid/graphql").start()) {
      Await.until(() -> server.err().contains("logtap: --railway-url: "), server::toString);
      assertTrue(server.err().contains("sends Railway's token in the clear"), server::toString);
    }
  }

  @Test
  void new_token_counts_from_a_reload_on_and_clients_come_back_by_cursor() throws IOException {
    Path file = directory.resolve("token");
    Files.writeString(file, RelayScene.SECRET);
    RailwayToken fresh = new RailwayToken(RailwayToken.Kind.PROJECT, "the-new-token");
    scene.railway.allow(fresh, ID);
    try (Server server = scene.setup().argument("--railway-token-file=" + file).start();
        StreamClient client = connected(server, "lines=0")) {
      scene.store(scene.row("by the old one"));
      assertEquals(List.of("by the old one"), entries(client, 1));
      Files.writeString(file, "the-new-token");
      scene.railway.revoke(RelayScene.TOKEN);
      server.reload("read the config again");
      assertNotNull(client.expectClose(1001));
      scene.store(scene.row("meanwhile"));
      try (StreamClient again = connected(server, "cursor=" + client.cursor())) {
        assertEquals(List.of("meanwhile"), entries(again, 1));
      }
      RelayScene.expectNoSecret(server);
    }
  }
}

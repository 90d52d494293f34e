package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGHUP: the config is read again, and streams that it does not touch go on. */
class ServeReloadIT {
  @TempDir Path directory;

  private Path first;
  private Path second;
  private Server server;

  @BeforeEach
  void start() {
    first = directory.resolve("first.log");
    second = directory.resolve("second.log");
    LogFiles.append(first, "of first\n");
    LogFiles.append(second, "of second\n");
    configure("[logs]\nfirst = 'first.log'\nsecond = 'second.log'\n");
    server = new Server.Setup().argument("--config=" + directory.resolve("logtap.toml")).start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void stream_whose_log_leaves_the_allowlist_closes_4000_and_others_go_on() {
    try (StreamClient leaves = server.stream("first", "lines=1").expect("of first");
        StreamClient stays = server.stream("second", "lines=1").expect("of second")) {
      configure("[logs]\nsecond = 'second.log'\n");
      server.program().signal("HUP");

      assertFalse(leaves.expectClose(4000).isEmpty());
      LogFiles.append(second, "more\n");
      stays.expect("more");
      server.get(Server.REST + "first").expectRefusal(400);
    }
  }

  @Test
  void log_whose_path_changes_is_read_there_from_then_on() {
    Path moved = directory.resolve("moved.log");
    LogFiles.append(moved, "of moved\n");
    configure("[logs]\nfirst = 'moved.log'\nsecond = 'second.log'\n");
    server.program().signal("HUP");

    awaitLines("first", "of moved");
  }

  @Test
  void stream_whose_log_gets_another_path_is_told_to_come_back() {
    LogFiles.append(directory.resolve("moved.log"), "of moved\n");
    try (StreamClient stream = server.stream("first", "lines=1").expect("of first")) {
      configure("[logs]\nfirst = 'moved.log'\nsecond = 'second.log'\n");
      server.program().signal("HUP");
      stream.expectClose(1001);
    }
    try (StreamClient again = server.stream("first", "lines=1")) {
      again.expect("of moved");
    }
  }

  @Test
  void new_log_appears() {
    server.get(Server.REST + "third").expectRefusal(400);
    LogFiles.append(directory.resolve("third.log"), "of third\n");
    configure("[logs]\nfirst = 'first.log'\nsecond = 'second.log'\nthird = 'third.log'\n");
    server.program().signal("HUP");

    awaitLines("third", "of third");
    try (StreamClient stream = server.stream("third", "")) {
      stream.expect("of third");
    }
  }

  @Test
  void origins_are_read_again() {
    String origin = "https://new.example";
    configure("[logs]\nfirst = 'first.log'\n[serve]\nallow-origin = ['" + origin + "']\n");
    server.program().signal("HUP");

    Await.until(() -> origin.equals(allowedFor(origin)), server::toString);
  }

  @Test
  void limits_are_read_again_and_who_is_connected_stays() {
    try (StreamClient stream = server.stream("first", "lines=1").expect("of first")) {
      configure("[logs]\nfirst = 'first.log'\n[serve]\nmax-connections = 1\n");
      server.reload("read the config again");
      server.get(Server.REST + "first").expectRefusal(503);
      LogFiles.append(first, "more\n");
      stream.expect("more");

      configure("[logs]\nfirst = 'first.log'\n[serve]\nmax-connections = 2\n");
      server.reload("read the config again");
      // Whoever was turned away may not have left yet.
      Await.until(() -> server.get(Server.REST + "first").status() == 200, server::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[logs\n", "[logs]\nFIRST = 'x'\n", "[logs]\nfirst = 1\n", "[serve]\nno-such-key = 1\n",
        "[serve]\nallow-origin = 7\n", "[nothing]\n"
      })
  void bad_config_is_refused_with_a_line_and_the_old_one_stays(String bad) {
    try (StreamClient stream = server.stream("first", "lines=1").expect("of first")) {
      configure(bad);
      server.reload("logtap.toml");

      LogFiles.append(first, "more\n");
      stream.expect("more");
      assertEquals(List.of("of second"), server.get(Server.REST + "second").expect(200).lines());
    }
  }

  @Test
  void config_that_has_gone_is_refused_too() {
    LogFiles.remove(directory.resolve("logtap.toml"));
    server.reload("logtap.toml");

    server.get(Server.REST + "first").expect(200);
  }

  @Test
  void many_signals_at_once_do_no_harm() {
    try (StreamClient stream = server.stream("first", "lines=1").expect("of first")) {
      for (int i = 0; i < 20; i++) {
        server.program().signal("HUP");
      }
      LogFiles.append(first, "more\n");
      stream.expect("more");
      assertTrue(stream.isOpen());
    }
  }

  private String allowedFor(String origin) {
    return server.get(Server.REST + "first", "Origin: " + origin).header("access-control-allow-origin");
  }

  private void configure(String text) {
    // In one step, as an administrator's editor does.
    Path fresh = new LogDirectory(directory).write("fresh.toml", text.getBytes(StandardCharsets.UTF_8));
    LogFiles.rename(fresh, directory.resolve("logtap.toml"));
  }

  private void awaitLines(String log, String line) {
    Await.until(() -> server.get(Server.REST + log).text().contains('"' + line + '"'), server::toString);
  }
}

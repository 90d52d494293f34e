package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server says on stderr of who came, and of logs that can't be read. */
class ServeAccessLogIT {
  private static final String PEER = "logtap: access: 127\\.0\\.0\\.1:\\d+ ";

  @TempDir Path directory;

  private Path log;
  private Server.Setup setup;

  @BeforeEach
  void setUp() {
    log = directory.resolve("app.log");
    setup = Server.with("app", log);
  }

  private static void expectLine(Server server, String regex) {
    Pattern line = Pattern.compile("^" + regex + "$", Pattern.MULTILINE);
    Await.until(() -> line.matcher(server.err()).find(), () -> regex + " in\n" + server);
  }

  private static long count(Server server, String text) {
    return server.err().lines().filter(line -> line.contains(text)).count();
  }

  @Test
  void request_is_a_line_with_status_bytes_and_time() {
    LogFiles.append(log, "line\n");
    try (Server server = setup.start()) {
      server.get(Server.REST + "app?lines=1").expect(200);
      server.ask("GET", Server.REST + "app").expect(401);
      expectLine(server, PEER + "\"GET /api/v1/server/logs/app\\?lines=1\" 200, \\d{3} bytes, \\d+ ms");
      expectLine(server, PEER + "\"GET /api/v1/server/logs/app\" 401, \\d{3} bytes, \\d+ ms");
    }
  }

  @Test
  void stream_is_a_line_when_it_begins_and_one_with_its_close_code_when_it_ends() {
    LogFiles.append(log, "line\n");
    String target = "\"GET /api/v1/server/logs/app/ws\\?token=-\"";
    try (Server server = setup.start()) {
      try (RawPeer peer = server.rawStream("app", "")) {
        peer.message();
        expectLine(server, PEER + target + " 101, 0 bytes, \\d+ ms");
        assertEquals(0, count(server, "ended"), server::toString);
        peer.send(Frame.close(1000));
        assertEquals(1000, peer.closeCode());
      }
      expectLine(server, PEER + target + " ended 1000, \\d{3,} bytes, \\d+\\.\\d s");
      assertFalse(server.err().contains("eyJ"), server::toString);
    }
  }

  @Test
  void stream_that_is_cut_says_so_and_one_that_has_stalled_too() {
    LogFiles.append(log, "line\n");
    try (Server server = setup.set("stall-timeout", "3s").start();
        RawPeer _ = server.rawStream("app", "")) {
      try (RawPeer peer = server.rawStream("app", "")) {
        peer.message();
      }
      expectLine(server, PEER + "\"GET .*\" ended 1006, \\d{3,} bytes, \\d+\\.\\d s");
      expectLine(server, PEER + "\"GET .*\" ended 1006 \\(stalled\\), \\d{3,} bytes, \\d+\\.\\d s");
    }
  }

  @Test
  void head_that_can_not_be_read_is_a_line_with_the_bytes_of_its_answer() {
    try (Server server = setup.start();
        RawPeer peer = server.connect()) {
      peer.send("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(17_000) + "\r\n\r\n");
      expectLine(server, PEER + "\"-\" 431, \\d{3} bytes, \\d+ ms");
    }
  }

  @Test
  void method_that_is_none_is_left_out_for_it_may_be_a_token() {
    try (Server server = setup.start();
        RawPeer peer = server.connect()) {
      peer.send(Tokens.any() + " /x HTTP/1.1\r\nHost: x\r\n\r\n").answer().expect(404);
      expectLine(server, PEER + "\"- /x\" 404, .*");
      assertFalse(server.err().contains("eyJ"), server::toString);
    }
  }

  @Test
  void request_whose_peer_goes_away_during_the_answer_is_a_line_too() {
    LogFiles.append(log, FollowScene.each("%d " + "x".repeat(16_000) + "\n", 1, 500));
    try (Server server = setup.start()) {
      try (RawPeer peer = RawPeer.withSmallWindow(server.port())) {
        peer.request("GET", Server.REST + "app?lines=500", "Authorization: Bearer " + Tokens.any());
        assertEquals("HTTP/1.1 200 OK", peer.firstLine());
        peer.reset();
      }
      expectLine(server, PEER + "\"GET /api/v1/server/logs/app\\?lines=500 \\(cut off\\)\" 200, \\d+ bytes, \\d+ ms");
    }
  }

  @Test
  void quotation_mark_does_not_end_the_request() {
    try (Server server = setup.start()) {
      server.ask("GET", "/a\"b").expect(404);
      expectLine(server, PEER + "\"GET /a%22b\" 404, .*");
    }
  }

  @Test
  void log_that_is_missing_is_said_once_a_change_by_whatever_route_it_is_asked_for() {
    String missing = "app: '" + log + "' does not exist";
    try (Server server = setup.start()) {
      for (int i = 0; i < 3; i++) {
        server.get(Server.REST + "app").expect(200);
        try (StreamClient stream = server.stream("app", "lines=0")) {
          stream.expectEmptyFirst();
          Await.until(() -> count(server, missing) > 0, server::toString);
        }
      }
      assertEquals(1, count(server, missing), server::toString);

      // One that is about to end would say it in its own words.
      server.awaitNoHub();
      LogFiles.append(log, "line\n");
      server.get(Server.REST + "app").expect(200);
      expectLine(server, "logtap: app: '" + log + "' can be read now");
      LogFiles.remove(log);
      server.get(Server.REST + "app").expect(200);
      Await.until(() -> count(server, missing) > 1, server::toString);
      assertEquals(2, count(server, missing), server::toString);
    }
  }

  @Test
  void log_that_is_gone_and_comes_back_under_a_stream_is_said_each_time() {
    String missing = "app: '" + log + "' does not exist";
    LogFiles.append(log, "one\n");
    try (Server server = setup.start();
        StreamClient stream = server.stream("app", "").expect("one")) {
      for (String line : List.of("two", "three")) {
        long before = count(server, missing);
        LogFiles.remove(log);
        Await.until(() -> count(server, missing) == before + 1, server::toString);
        LogFiles.append(log, line + "\n");
        stream.expect(line);
      }
    }
  }
}

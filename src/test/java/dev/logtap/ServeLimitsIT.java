package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger can make grow, and how far; each limit is a setting. */
class ServeLimitsIT {
  private static final Duration SOON = Duration.ofSeconds(5);

  @TempDir Path directory;

  private Path log;
  private Server.Setup setup;

  @BeforeEach
  void setUp() {
    log = directory.resolve("app.log");
    LogFiles.append(log, "line\n");
    setup = Server.with("app", log);
  }

  @Test
  void full_house_is_503_until_somebody_leaves() {
    try (Server server = setup.set("max-connections", 3).start();
        StreamClient one = server.stream("app", "").expect("line");
        StreamClient two = server.stream("app", "").expect("line")) {
      try (StreamClient _ = server.stream("app", "").expect("line")) {
        Answer refused = server.get(Server.REST + "app").expectRefusal(503);
        assertTrue(Integer.parseInt(refused.header("retry-after")) > 0, refused::toString);
        try (RawPeer peer = server.connect()) {
          peer.askForUpgrade(Server.target("app", "", Tokens.any())).expectRefusal(503);
          peer.expectEnd(SOON);
        }
      }
      Await.until(() -> server.get(Server.REST + "app").status() == 200, server::toString);
      LogFiles.append(log, "more\n");
      one.expect("more");
      two.expect("more");
    }
  }

  @Test
  void head_is_limited_in_bytes_and_headers() {
    try (Server server = setup.start()) {
      server.get("/healthz", "X: " + "x".repeat(14_000)).expect(200);
      expectTooLarge(server, "X: " + "x".repeat(17_000));
      expectTooLarge(server, "X: " + "x".repeat(1_000_000));
      server.ask("GET", "/healthz", headers(99)).expect(200);
      expectTooLarge(server, headers(100));
      expectTooLarge(server, headers(3000));
      try (RawPeer peer = server.connect()) {
        peer.sendUnlessClosed(peer.head("GET", "/" + "x".repeat(17_000)));
        int status = peer.answer().status();
        assertTrue(status == 431 || status == 414, () -> "status " + status);
      }
    }
  }

  @Test
  void limits_of_the_head_are_settings() {
    try (Server server = setup.set("max-head-bytes", 1000).set("max-headers", 10).start()) {
      server.ask("GET", "/healthz", headers(9)).expect(200);
      expectTooLarge(server, headers(10));
      expectTooLarge(server, "X: " + "x".repeat(1000));
    }
  }

  private static void expectTooLarge(Server server, String... headers) {
    try (RawPeer peer = server.connect()) {
      peer.sendUnlessClosed(peer.head("GET", "/healthz", headers));
      peer.answer().expectRefusal(431);
      peer.expectEnd(SOON);
    }
  }

  /** Beside the Host that is always there. */
  private static String[] headers(int count) {
    List<String> headers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      headers.add("X-" + i + ": y");
    }
    return headers.toArray(String[]::new);
  }

  @Test
  void idle_connection_is_kept_for_a_while_and_a_late_head_is_still_limited() {
    try (Server server = setup.set("idle-timeout", "3s").set("head-timeout", "3s").start();
        RawPeer idle = server.connect();
        RawPeer late = server.connect()) {
      idle.request("GET", "/healthz").answer().expect(200);
      late.request("GET", "/healthz").answer().expect(200);
      late.send("GET /hea");
      idle.expectNoEnd(Duration.ofMillis(300));
      idle.expectEnd(SOON);
      late.expectEnd(SOON);
    }
  }

  @Test
  void of_too_many_without_a_token_the_oldest_gives_way() {
    try (Server server = setup.set("max-anonymous", 3).start();
        RawPeer shown = server.connect();
        StreamClient stream = server.stream("app", "").expect("line")) {
      shown.request("GET", Server.REST + "app", "Authorization: Bearer " + Tokens.any()).answer().expect(200);
      try (RawPeer oldest = server.connect();
          RawPeer second = server.connect().request("GET", "/healthz");
          RawPeer third = server.connect()) {
        second.answer().expect(200);
        third.request("GET", "/healthz").answer().expect(200);
        oldest.expectNoEnd(Duration.ofMillis(300));
        try (RawPeer fourth = server.connect()) {
          fourth.request("GET", "/healthz").answer().expect(200);
          oldest.expectEnd(SOON);
          second.request("GET", "/healthz").answer().expect(200);
        }
      }
      for (int i = 0; i < 20; i++) {
        server.ask("GET", "/healthz").expect(200);
      }
      shown.request("GET", Server.REST + "app", "Authorization: Bearer " + Tokens.any()).answer().expect(200);
      stream.sendAndAwaitPong();
    }
  }

  @Test
  void in_a_full_house_those_without_a_token_give_way() {
    try (Server server = setup.set("max-connections", 3).set("head-timeout", "60s").start();
        StreamClient stream = server.stream("app", "").expect("line");
        RawPeer oldest = server.connect();
        RawPeer _ = server.connect()) {
      // They have a moment to speak first.
      Await.until(() -> server.get(Server.REST + "app").status() == 200, server::toString);
      oldest.expectEnd(SOON);
      Await.until(() -> server.get("/healthz").status() == 200, server::toString);
      stream.sendAndAwaitPong();
    }
  }

  @Test
  void strangers_that_connect_and_say_nothing_keep_nobody_out() throws Exception {
    try (Server server = setup.start()) {
      Thread flood = Thread.ofPlatform().daemon().start(() -> connectForEver(server.port()));
      try {
        // By then the backlog would be seconds long.
        for (long end = System.nanoTime() + Duration.ofSeconds(8).toNanos(); System.nanoTime() < end; ) {
          long begun = System.nanoTime();
          server.get(Server.REST + "app").expect(200);
          Duration took = Duration.ofNanos(System.nanoTime() - begun);
          assertTrue(took.compareTo(Duration.ofSeconds(4)) < 0, took::toString);
        }
      } finally {
        flood.interrupt();
        flood.join();
      }
    }
  }

  /** Some 500 a second. */
  private static void connectForEver(int port) {
    List<RawPeer> peers = new ArrayList<>();
    while (!Thread.currentThread().isInterrupted()) {
      for (int i = 0; i < 50; i++) {
        peers.add(RawPeer.connect(port));
      }
      LockSupport.parkNanos(100_000_000);
    }
    peers.forEach(RawPeer::close);
  }

  /** More than may be without a token, and sooner than a server that has just begun can look at theirs. */
  @Test
  void of_many_with_a_token_who_come_at_once_all_are_let_in() {
    String target = Server.target("app", "lines=0", Tokens.any());
    List<RawPeer> peers = new ArrayList<>();
    try (Server server = setup.start()) {
      for (int i = 0; i < 500; i++) {
        peers.add(server.connect().requestUpgrade(target));
      }
      for (RawPeer peer : peers) {
        peer.answer().expect(101);
        peer.message();
      }
    } finally {
      peers.forEach(RawPeer::close);
    }
  }

  @Test
  void token_that_is_refused_is_none() {
    try (Server server = setup.set("max-anonymous", 1).start();
        RawPeer refused = server.connect()) {
      refused.request("GET", Server.REST + "app", "Authorization: Bearer x.y.z").answer().expect(401);
      server.ask("GET", "/healthz").expect(200);
      refused.expectEnd(SOON);
    }
  }

  @Test
  void peer_that_neither_takes_nor_sends_is_closed() {
    try (Server server = setup.set("stall-timeout", "3s").start();
        RawPeer silent = server.rawStream("app", "lines=0")) {
      silent.message();
      silent.expectNoEnd(Duration.ofMillis(500));
      silent.expectEnd(Await.DEADLINE);
    }
  }

  @Test
  void peer_that_answers_pings_is_not_closed() {
    try (Server server = setup.set("stall-timeout", "3s").set("ping-interval", "200ms").start();
        StreamClient stream = server.stream("app", "").expect("line");
        RawPeer raw = server.rawStream("app", "lines=0")) {
      raw.message();
      // That takes more than four seconds, and who does not answer is closed after three.
      for (int i = 0; i < 20; i++) {
        Frame ping = raw.frame();
        assertEquals(Frame.PING, ping.opcode());
        raw.send(new Frame(true, Frame.PONG, ping.payload()));
      }
      assertTrue(stream.isOpen());
      LogFiles.append(log, "more\n");
      stream.expect("more");
    }
  }

  @Test
  void peer_that_reads_slowly_is_not_closed_and_gets_everything() {
    try (Server server = setup.set("stall-timeout", "3s").start();
        RawPeer slow = RawPeer.withSmallWindow(server.port()).upgrade(Server.target("app", "lines=0", Tokens.any()))) {
      slow.message();
      LogFiles.append(log, FollowScene.each("%d " + "x".repeat(4000) + "\n", 1, 500));
      long begin = System.nanoTime();
      for (int seen = 0; seen < 500; ) {
        for (String line : slow.message().lines()) {
          assertTrue(line.startsWith(++seen + " x"), line);
        }
        // Within the stall's time, so often that all together takes longer.
        if (System.nanoTime() - begin < Duration.ofSeconds(6).toNanos()) {
          LockSupport.parkNanos(1_000_000_000);
        }
      }
    }
  }

  @Test
  void frames_and_fragments_are_limited_by_settings() {
    try (Server server = setup.set("max-frame-bytes", 100).set("max-fragments", 3).start()) {
      try (StreamClient stream = server.stream("app", "").expect("line")) {
        String ping = "{\"type\":\"ping\"" + " ".repeat(85) + "}";
        assertEquals("pong", stream.send(ping).next().type());
        stream.send(ping + " ").expectClose(1009);
      }
      try (RawPeer peer = server.rawStream("app", "")) {
        peer.message();
        sendInFragments(peer, "{\"type\":", "\"ping\"", "}");
        assertEquals("pong", peer.message().type());
        sendInFragments(peer, "{\"type\":", "\"ping\"", " ", "}");
        int code = peer.closeCode();
        assertTrue(code == 1008 || code == 1009, () -> "code " + code);
      }
    }
  }

  private static void sendInFragments(RawPeer peer, String... parts) {
    for (int i = 0; i < parts.length; i++) {
      byte[] part = parts[i].getBytes(StandardCharsets.US_ASCII);
      int opcode = i == 0 ? Frame.TEXT : Frame.CONTINUATION;
      peer.sendUnlessClosed(new Frame(i == parts.length - 1, opcode, part).masked());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void distinct_filters_of_a_log_are_limited(boolean byMessage) {
    try (Server server = setup.set("max-filters", 2).start();
        StreamClient one = server.stream("app", "lines=0&search=one").expectEmptyFirst();
        StreamClient two = server.stream("app", "lines=0&search=two").expectEmptyFirst();
        StreamClient same = server.stream("app", "lines=0&search=one").expectEmptyFirst();
        StreamClient none = server.stream("app", byMessage ? "lines=0" : "lines=0&search=three")) {
      if (byMessage) {
        none.expectEmptyFirst().send("{\"type\":\"filter\",\"search\":\"three\"}");
      }
      Message answer = none.next();
      assertEquals("error", answer.type());
      assertFalse(answer.fields().get("message").toString().isEmpty());

      LogFiles.append(log, "one two three\n");
      one.expect("one two three");
      two.expect("one two three");
      same.expect("one two three");
    }
  }

  @Test
  void thousands_of_connections_leave_nothing_behind() {
    try (Server server = setup.start();
        StreamClient witness = server.stream("app", "").expect("line")) {
      long sockets = socketsOf(server);
      // What the JVM makes once, when it is needed first, such as descriptors to wait for sockets.
      comeAndGo(server, 100);
      Await.until(() -> socketsOf(server) <= sockets, server::toString);
      // In this order: asking for threads opens a socket to the JVM, which stays.
      int threads = server.view().threads().size();
      List<String> files = server.view().openFiles();
      comeAndGo(server, 3000);
      Await.until(
          () -> server.view().openFiles().size() <= files.size(),
          () -> "beside " + files + ":\n" + server.view().openFiles() + "\n" + server);
      Await.until(() -> server.view().threads().size() <= threads, () -> server.view().threads() + "\n" + server);
      LogFiles.append(log, "more\n");
      witness.expect("more");
    }
  }

  private static long socketsOf(Server server) {
    return server.view().openFiles().stream().filter(file -> file.startsWith("socket:")).count();
  }

  /** A third ask and go, a third vanish from a stream, a third say nothing. */
  private static void comeAndGo(Server server, int connections) {
    for (int i = 0; i < connections; i++) {
      try (RawPeer peer = server.connect()) {
        if (i % 3 == 0) {
          peer.request("GET", "/healthz").answer().expect(200);
        } else if (i % 3 == 1) {
          peer.upgrade(Server.target("app", "", Tokens.any())).reset();
        }
      }
    }
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What peers who do not read can make the server hold, over all of them. */
class ServeBudgetIT {
  private static final long MOST_MEMORY = 400L << 20;

  /** The largest answer there is. */
  private static final String LARGEST = Server.REST + "wide?lines=500";

  private static final String BEARER = "Authorization: Bearer " + Tokens.any();

  @TempDir Path directory;

  private Path app;
  private Path wide;
  private Path vast;
  private Server.Setup setup;
  private final List<RawPeer> peers = new ArrayList<>();

  @BeforeEach
  void setUp() {
    app = directory.resolve("app.log");
    wide = directory.resolve("wide.log");
    vast = directory.resolve("vast.log");
    LogFiles.append(app, "line\n");
    LogFiles.append(wide, FollowScene.each("%d " + "x".repeat(17_000) + "\n", 1, 500));
    LogFiles.append(vast, vastLines(1, 4));
    setup = Server.with("app", app).log("wide", wide).log("vast", vast);
  }

  @AfterEach
  void closePeers() {
    peers.forEach(RawPeer::close);
  }

  /** Lines of nearly 1 MiB each. */
  private static String vastLines(int from, int to) {
    return FollowScene.each("%d " + "y".repeat((1 << 20) - 10) + "\n", from, to);
  }

  private void askForTheLargest(Server server, int count) {
    for (int i = 0; i < count; i++) {
      peers.add(RawPeer.withSmallWindow(server.port()).request("GET", LARGEST, BEARER));
    }
  }

  private void openVastStreams(Server server, int count) {
    for (int i = 0; i < count; i++) {
      String target = Server.target("vast", "lines=" + (i % 4), Tokens.any());
      peers.add(RawPeer.withSmallWindow(server.port()).upgrade(target));
    }
  }

  private static void expectWellWithinMemory(Server server) {
    long memory = server.view().memory();
    assertTrue(memory < MOST_MEMORY, () -> memory + " bytes\n" + server);
    assertFalse(server.err().contains("OutOfMemory"), server::toString);
    assertFalse(server.err().contains("bug"), server::toString);
  }

  @Test
  void hundreds_who_ask_for_the_most_and_do_not_read_cost_nobody_else_anything() {
    try (Server server = setup.start();
        StreamClient witness = server.stream("app", "").expect("line")) {
      for (int round = 1; round <= 4; round++) {
        askForTheLargest(server, 100);
        openVastStreams(server, 100);
        LogFiles.append(vast, vastLines(4 * round + 1, 4 * round + 4));
        LogFiles.append(app, "round " + round + "\n");
        witness.expect("round " + round);
        server.expectRunning();
        assertEquals(1 + round, server.get(Server.REST + "app").expect(200).lines().size());
        expectWellWithinMemory(server);
      }
      Answer refused = server.get(LARGEST).expectRefusal(503);
      assertTrue(Integer.parseInt(refused.header("retry-after")) > 0, refused::toString);
      expectWellWithinMemory(server);

      closePeers();
      Answer whole = server.get(LARGEST).expect(200);
      assertTrue(whole.body().length > 8_000_000, whole::toString);
      try (StreamClient stream = server.stream("vast", "lines=1")) {
        assertTrue(stream.nextWithLines().lines().getFirst().startsWith("20 y"), stream::toString);
      }
      expectWellWithinMemory(server);
    }
  }

  @Test
  void lines_of_a_mebibyte_come_once_to_each_of_many() {
    try (Server server = setup.start()) {
      for (int i = 0; i < 40; i++) {
        peers.add(server.rawStream("vast", "lines=4"));
      }
      LogFiles.append(vast, vastLines(5, 8) + "end\n");
      List<String> expected = (vastLines(1, 8) + "end").lines().toList();
      for (RawPeer peer : peers) {
        List<String> lines = new ArrayList<>();
        while (lines.size() < expected.size()) {
          Message message = peer.message();
          assertNull(message.gap());
          lines.addAll(message.lines());
        }
        assertTrue(lines.equals(expected), () -> lines.stream().map(String::length).toList() + "\n" + server);
      }
      expectWellWithinMemory(server);
    }
  }

  @Test
  void answer_of_control_characters_is_six_times_as_long_and_still_comes() {
    LogFiles.append(wide, FollowScene.each("%d " + "\u0001".repeat(17_000) + "\n", 1, 500));
    try (Server server = setup.start()) {
      Answer answer = server.get(LARGEST).expect(200);
      assertTrue(answer.body().length > 6 * 8_000_000, () -> answer.body().length + " bytes");
      expectWellWithinMemory(server);
    }
  }

  @Test
  void who_holds_much_and_reads_slowly_is_closed_when_others_need_it() {
    // An eighth of it is what they have: more than our own answer needs where the machine stands still for a moment.
    try (Server server = setup.set("stall-timeout", "12s").start()) {
      askForTheLargest(server, 12);
      Thread slowly = Thread.ofVirtual().start(this::readALittleOfEach);
      try {
        Answer answer = server.get(LARGEST).expect(200);
        assertTrue(answer.body().length > 8_000_000, answer::toString);
      } finally {
        slowly.interrupt();
      }
    }
  }

  /** So that none of them seems to be stalled. */
  private void readALittleOfEach() {
    while (!Thread.currentThread().isInterrupted()) {
      peers.forEach(peer -> peer.rest(Duration.ofMillis(1)));
    }
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a server, and clients that find its successor. */
class ServeRestartIT {
  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

  @TempDir Path directory;

  private Path log;

  @BeforeEach
  void emptyLog() {
    log = directory.resolve("app.log");
    LogFiles.append(log, "");
  }

  @ParameterizedTest
  @EnumSource
  void signal_closes_streams_with_1001_and_ends_with_0(Signal signal) {
    try (Server server = start(0);
        StreamClient stream = server.stream("app", "")) {
      stream.expectEmptyFirst();

      long begin = System.nanoTime();
      server.program().signal(signal.name());

      assertFalse(stream.expectClose(1001).isEmpty());
      server.program().expectExit(0);
      assertTrue(System.nanoTime() - begin < FIVE_SECONDS.toNanos());
    }
  }

  @Test
  void peers_of_every_kind_do_not_hold_up_the_end() {
    try (Server server = start(0);
        RawPeer silent = server.connect();
        RawPeer idle = server.connect();
        RawPeer inHead = server.connect().send("GET /healthz HT");
        RawPeer ignoresClose = server.rawStream("app", "");
        RawPeer takesNothing = RawPeer.withSmallWindow(server.port());
        StreamClient witness = server.stream("app", "lines=0").expectEmptyFirst()) {
      idle.request("GET", "/healthz").answer().expect(200);
      takesNothing.upgrade(Server.target("app", "", Tokens.any()));
      LogFiles.append(log, FollowScene.each("%d " + "x".repeat(2000) + "\n", 1, 4000));
      witness.nextLines(4000);

      long begin = System.nanoTime();
      server.stop();

      assertTrue(System.nanoTime() - begin < FIVE_SECONDS.plusSeconds(1).toNanos());
      List.of(silent, idle, inHead, ignoresClose, takesNothing).forEach(peer -> peer.expectEnd(FIVE_SECONDS));
    }
  }

  @Test
  void each_line_comes_once_over_restarts_while_the_log_is_written_and_rotated() {
    Server server = start(0);
    int port = server.port();
    List<Resuming> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      clients.add(new Resuming(server));
    }
    Writer writer = new Writer();
    Thread thread = Thread.ofPlatform().start(writer);
    for (int restart = 0; restart < 3; restart++) {
      int mark = writer.number + 200;
      Await.until(() -> writer.number >= mark, () -> "the writer is at " + writer.number);
      server.stop();
      clients.forEach(Resuming::takeRest);
      int later = writer.number + 200;
      Await.until(() -> writer.number >= later, () -> "the writer is at " + writer.number);
      server = start(port);
      for (Resuming client : clients) {
        client.resume(server);
      }
    }
    writer.done = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }

    clients.forEach(client -> client.takeUpTo(writer.number));
    clients.forEach(client -> client.stream.close());
    server.close();
  }

  private Server start(int port) {
    return Server.with("app", log).port(port).start();
  }

  /**
   * Writes a line each three milliseconds and rotates each 150: what a client has not got is looked for in some thirty files,
   * and a server may take seconds to start.
   */
  private final class Writer implements Runnable {
    private volatile int number;
    private volatile boolean done;

    @Override
    public void run() {
      while (!done) {
        LogFiles.append(log, "line " + (number + 1) + "\n");
        number++;
        if (number % 150 == 0) {
          LogFiles.rotate(log, 30);
        }
        LockSupport.parkNanos(3_000_000);
      }
    }
  }

  /** A client that comes back with its last cursor. */
  private static final class Resuming {
    private StreamClient stream;
    private String cursor;
    private int number;

    Resuming(Server server) {
      stream = server.stream("app", "lines=0").expectEmptyFirst();
      cursor = stream.cursor();
    }

    void resume(Server server) {
      stream.close();
      stream = server.stream("app", "lines=0&cursor=" + cursor);
    }

    void takeRest() {
      stream.expectClose(1001);
      while (stream.hasNext()) {
        take();
      }
    }

    void takeUpTo(int last) {
      while (number < last) {
        take();
      }
    }

    private void take() {
      Message message = stream.next();
      assertNull(message.gap(), stream::toString);
      for (String line : message.lines()) {
        assertEquals("line " + ++number, line, stream::toString);
      }
      cursor = message.cursor();
    }
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that misbehave get what they are due, and nobody else notices: no client, no thread, no file. */
class ServeFaultIT {
  @TempDir static Path directory;

  private static Path log;
  private static Server server;

  /** A client of the same log that is there all the time, and a log that does not rest. */
  private static StreamClient witness;

  private static Pulse pulse;

  @BeforeAll
  static void start() {
    log = directory.resolve("app.log");
    Path quiet = directory.resolve("quiet.log");
    LogFiles.append(log, "");
    LogFiles.append(quiet, "");
    server =
        Server.with("app", log)
            .log("quiet", quiet)
            .set("head-timeout", Fault.HEAD_TIMEOUT.toMillis() + "ms")
            .set("idle-timeout", Fault.HEAD_TIMEOUT.toMillis() + "ms")
            .set("stall-timeout", Fault.STALL_TIMEOUT.toMillis() + "ms")
            .start();
    witness = server.stream("app", "lines=0").expectEmptyFirst();
    pulse = new Pulse(log);
    // What is made at first use and kept is not a leak: classes, pools, the watch of a directory.
    server.rawStream("quiet", "lines=0").reset();
    server.get(Server.REST + "app").expect(200);
  }

  @AfterAll
  static void stop() {
    pulse.stop();
    witness.close();
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void peer_gets_what_it_is_due_and_nobody_else_notices(Fault fault) {
    List<String> threadsBefore = server.view().threads();
    List<String> filesBefore = server.view().openFiles();

    try (RawPeer peer = RawPeer.withSmallWindow(server.port())) {
      fault.play(peer, log);
      Await.until(
          () -> server.view().openFiles().size() <= filesBefore.size(),
          () -> "still open beside " + filesBefore + ":\n" + server.view().openFiles() + "\n" + server);
    }

    expectEveryBeatOnce(pulse.last() + 1);
    Await.until(
        () -> server.view().threads().size() <= threadsBefore.size(),
        () -> "still running beside " + threadsBefore + ":\n" + server.view().threads() + "\n" + server);
    assertTrue(witness.isOpen(), witness::toString);
  }

  private static int seen;

  /** The witness has got everything that was written meanwhile. */
  private static void expectEveryBeatOnce(int upTo) {
    while (seen < upTo) {
      for (String line : witness.next().lines()) {
        if (!line.equals(Fault.FILLER)) {
          assertEquals("beat " + ++seen, line, witness::toString);
        }
      }
    }
  }

  /** Writes numbered lines without end. */
  private static final class Pulse {
    private final Thread thread;
    private volatile int last;
    private volatile boolean done;

    Pulse(Path log) {
      thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!done) {
                      LogFiles.append(log, "beat " + (last + 1) + "\n");
                      last++;
                      LockSupport.parkNanos(5_000_000);
                    }
                  });
    }

    int last() {
      return last;
    }

    void stop() {
      done = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}

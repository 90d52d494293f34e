package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that is rotated under many clients, some of them slow: each gets each line once, in order. */
class ServeRotationIT {
  private static final int CLIENTS = 100;
  private static final int SLOW_CLIENTS = 4;

  /** Enough that a slow client is many batches behind, and cannot have them all in its kernel's buffers. */
  private static final int LINES = 4000;

  private static final String PADDING = "x".repeat(200);

  @TempDir Path directory;

  private Path log;
  private Server server;
  private final List<StreamClient> clients = new ArrayList<>();
  private final List<RawPeer> slow = new ArrayList<>();

  @BeforeEach
  void connectAll() {
    log = directory.resolve("app.log");
    LogFiles.append(log, "");
    server = Server.with("app", log).start();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(server.stream("app", "lines=0").expectEmptyFirst());
    }
    for (int i = 0; i < SLOW_CLIENTS; i++) {
      RawPeer peer = RawPeer.withSmallWindow(server.port()).upgrade(Server.target("app", "lines=0", Tokens.any()));
      assertEquals(List.of(), peer.message().lines());
      slow.add(peer);
    }
  }

  @AfterEach
  void end() {
    clients.forEach(StreamClient::close);
    slow.forEach(RawPeer::close);
    server.close();
  }

  @Test
  void log_is_renamed_while_its_writer_goes_on_in_the_old_file() {
    try (LogWriter old = LogWriter.open(log)) {
      write(1, LINES / 2, line -> old.write(text(line)));
      LogFiles.rotate(log, 5);
      write(LINES / 2 + 1, LINES / 2 + 100, line -> old.write(text(line)));
    }
    write(LINES / 2 + 101, LINES, line -> LogFiles.append(log, text(line)));

    expectEachLineOnce(1, LINES);
  }

  @Test
  void log_is_renamed_often() {
    write(
        1,
        LINES,
        line -> {
          LogFiles.append(log, text(line));
          if (line % 400 == 0) {
            LogFiles.rotate(log, 20);
          }
        });

    expectEachLineOnce(1, LINES);
  }

  @Test
  void log_is_copied_and_truncated() {
    write(1, LINES / 2, line -> LogFiles.append(log, text(line)));
    LogFiles.copyTruncate(log, 5);
    write(LINES / 2 + 1, LINES, line -> LogFiles.append(log, text(line)));

    expectEachLineOnce(1, LINES);
  }

  @Test
  void log_is_deleted_and_made_anew() {
    write(1, LINES / 2, line -> LogFiles.append(log, text(line)));
    // Of a file that is nowhere any more, nobody can have what he has not got yet.
    expectEachLineOnce(1, LINES / 2);
    LogFiles.remove(log);
    write(LINES / 2 + 1, LINES, line -> LogFiles.append(log, text(line)));

    expectEachLineOnce(LINES / 2 + 1, LINES);
  }

  private static void write(int first, int last, IntConsumer writer) {
    FollowScene.forEach(first, last, writer);
  }

  private static String text(int line) {
    return line + " " + PADDING + "\n";
  }

  /** The slow ones begin to read only when all has been written and all others have it. */
  private void expectEachLineOnce(int first, int last) {
    clients.forEach(client -> expectEachLineOnce(client::next, first, last));
    slow.forEach(peer -> expectEachLineOnce(peer::message, first, last));
  }

  private interface Messages {
    Message next();
  }

  private void expectEachLineOnce(Messages messages, int first, int last) {
    for (int line = first; line <= last; ) {
      Message message = messages.next();
      assertNull(message.gap(), server::toString);
      for (String text : message.lines()) {
        assertEquals(line + " " + PADDING, text, server::toString);
        line++;
      }
    }
  }
}

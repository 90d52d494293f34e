package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A client that comes back with the cursor of its last message gets what it has missed, once. */
class ServeResumeIT {
  @TempDir static Path directory;

  private static Path log;
  private static Path other;
  private static Server server;

  @BeforeAll
  static void start() {
    log = directory.resolve("app.log");
    other = directory.resolve("other.log");
    server = Server.with("app", log).log("other", other).start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void newFiles() throws IOException {
    server.awaitNoHub();
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(LogFiles::remove);
    }
    LogFiles.append(log, FollowScene.numbered("old ", 1, 100));
    LogFiles.append(other, FollowScene.numbered("other ", 1, 100));
  }

  @Test
  void everything_after_the_cursor_comes_whatever_lines_says() {
    String cursor = cursorAtTheEnd();
    LogFiles.append(log, FollowScene.numbered("new ", 1, 2000));

    try (StreamClient stream = server.stream("app", "lines=1&cursor=" + cursor)) {
      expectNumbered(stream, "new ", 2000);
      LogFiles.append(log, "live\n");
      stream.expect("live");
    }
  }

  @Test
  void nothing_new_is_an_empty_first_message() {
    try (StreamClient stream = server.stream("app", "cursor=" + cursorAtTheEnd()).expectEmptyFirst()) {
      LogFiles.append(log, "live\n");
      stream.expect("live");
    }
  }

  @Test
  void each_messages_cursor_is_the_place_after_it() {
    try (StreamClient stream = server.stream("app", "lines=0").expectEmptyFirst()) {
      LogFiles.append(log, FollowScene.each("%d " + "x".repeat(1000) + "\n", 1, 3000));
      for (int seen = 0; seen < 3000; ) {
        seen += stream.next().lines().size();
        if (seen < 3000) {
          try (StreamClient resumed = server.stream("app", "cursor=" + stream.cursor())) {
            assertTrue(resumed.nextWithLines().lines().getFirst().startsWith((seen + 1) + " x"));
          }
        }
      }
    }
  }

  @Test
  void cursor_is_followed_through_rotations() {
    String cursor = cursorAtTheEnd();
    LogFiles.append(log, "one\n");
    LogFiles.rotate(log, 5);
    LogFiles.append(log, "two\n");
    LogFiles.rotate(log, 5);
    LogFiles.append(log, "three\n");
    LogFiles.gzip(LogFiles.beside(log, ".2"));
    LogFiles.rename(LogFiles.beside(log, ".2.gz"), LogFiles.beside(log, ".3.gz"));
    LogFiles.copyTruncate(log, 5);
    LogFiles.append(log, "four\n");

    try (StreamClient stream = server.stream("app", "cursor=" + cursor)) {
      stream.expect("one", "two", "three", "four");
    }
  }

  @Test
  void cursor_and_search_go_together() {
    String cursor = cursorAtTheEnd();
    LogFiles.append(log, "a 1\nb 1\na 2\n");

    try (StreamClient stream = server.stream("app", "search=A&cursor=" + cursor)) {
      stream.expect("a 1", "a 2");
    }
  }

  @Test
  void cursor_of_a_search_that_found_nothing_for_long_is_not_old() {
    try (StreamClient stream = server.stream("app", "lines=0&search=needle").expectEmptyFirst()) {
      LogFiles.append(log, FollowScene.numbered("hay ", 1, 5000) + "needle\n");
      stream.expect("needle");
      LogFiles.append(log, "after\n");
      try (StreamClient resumed = server.stream("app", "cursor=" + stream.cursor())) {
        resumed.expect("after");
      }
    }
  }

  @Test
  void part_of_a_long_line_is_a_place_to_go_on_from() {
    LogFiles.append(log, "y".repeat(5 << 19) + "\nafter\n");

    try (StreamClient stream = server.stream("app", "lines=2")) {
      Message part = stream.next();
      while (!part.partial()) {
        part = stream.next();
      }
      int length = part.lines().getLast().length();
      try (StreamClient resumed = server.stream("app", "cursor=" + stream.cursor())) {
        Message next = resumed.nextWithLines();
        while (next.partial()) {
          length += next.lines().getFirst().length();
          next = resumed.next();
        }
        assertEquals(5 << 19, length + next.lines().getFirst().length());
      }
    }
  }

  @Test
  void cursor_that_cannot_be_followed_is_a_gap_and_the_last_lines() {
    String cursor = cursorAtTheEnd();
    LogFiles.remove(log);
    LogFiles.append(log, FollowScene.numbered("unlike ", 1, 100));

    try (StreamClient stream = server.stream("app", "lines=2&cursor=" + cursor)) {
      Message first = stream.next();
      assertFalse(first.gap().isEmpty());
      assertEquals(List.of("unlike 99", "unlike 100"), first.lines());
      LogFiles.append(log, "live\n");
      stream.expect("live");
    }
  }

  @Test
  void more_than_64_MiB_behind_is_a_gap_and_the_last_lines() {
    String cursor = cursorAtTheEnd();
    for (int i = 0; i < 66; i++) {
      LogFiles.append(log, ("x".repeat(1023) + "\n").repeat(1024));
    }
    LogFiles.append(log, "last\n");

    try (StreamClient stream = server.stream("app", "lines=1&cursor=" + cursor)) {
      Message first = stream.next();
      assertFalse(first.gap().isEmpty());
      assertEquals(List.of("last"), first.lines());
    }
  }

  /** Cursors that are none, some of them made of a good one. */
  static Stream<String> badCursors() {
    String traversal = "..%2f..%2fetc%2fpasswd";
    return Stream.of("x", "AAAA", "%00", traversal, "A".repeat(3000), "CUT", "LONGER", "CHANGED", "TWICE");
  }

  @ParameterizedTest
  @MethodSource("badCursors")
  void cursor_that_cannot_be_read_is_4000(String text) {
    String good = cursorAtTheEnd();
    char middle = good.charAt(good.length() / 2);
    String cursor =
        switch (text) {
          case "CUT" -> good.substring(0, good.length() - 4);
          case "LONGER" -> good + "AAAA";
          case "CHANGED" -> good.replace(middle, middle == 'A' ? 'B' : 'A');
          case "TWICE" -> good + "&cursor=" + good;
          default -> text;
        };

    try (StreamClient stream = server.stream("app", "cursor=" + cursor)) {
      assertFalse(stream.expectClose(4000).isEmpty());
    }
  }

  @Test
  void cursor_of_another_log_is_4000() {
    try (StreamClient stream = server.stream("other", "cursor=" + cursorAtTheEnd())) {
      stream.expectClose(4000);
    }
  }

  @Test
  void truncation_of_what_a_slow_client_has_not_got_is_a_gap_with_a_cursor() {
    try (RawPeer slow = RawPeer.withSmallWindow(server.port());
        StreamClient quick = server.stream("app", "lines=0").expectEmptyFirst()) {
      slow.upgrade(Server.target("app", "lines=0", Tokens.any()));
      assertEquals(List.of(), slow.message().lines());
      LogFiles.append(log, FollowScene.each("line %d " + "x".repeat(1000) + "\n", 1, 20_000));
      quick.nextLines(20_000);
      LogFiles.truncate(log);
      LogFiles.append(log, "after\n");
      quick.expect("after");

      int got = 0;
      Message message = slow.message();
      for (; message.gap() == null; message = slow.message()) {
        for (String line : message.lines()) {
          assertTrue(line.startsWith("line " + ++got + " "), line);
        }
      }
      assertTrue(got < 20_000);
      assertEquals(Set.of("lines", "gap", "cursor"), message.fields().keySet());
      assertEquals(List.of(), message.lines());
      // What the server still had in memory comes all the same, in order and up to the end.
      int came = 0;
      for (String line = ""; !line.equals("after"); ) {
        for (String next : slow.message().lines()) {
          line = next;
          int number = line.equals("after") ? 20_001 : Integer.parseInt(line.split(" ")[1]);
          assertTrue(number > got, line);
          got = number;
          came++;
        }
      }
      assertEquals(20_001, got);
      assertTrue(came > 1000, came + " of them");
    }
  }

  /** Nobody follows the log when this returns: a hub that is about to end would see what comes next happen. */
  private static String cursorAtTheEnd() {
    String cursor;
    try (StreamClient stream = server.stream("app", "lines=1")) {
      stream.expect("old 100");
      cursor = stream.cursor();
    }
    server.awaitNoHub();
    return cursor;
  }

  private static void expectNumbered(StreamClient stream, String beginning, int count) {
    List<String> lines = stream.nextLines(count);
    for (int i = 0; i < count; i++) {
      assertEquals(beginning + (i + 1), lines.get(i));
    }
  }
}

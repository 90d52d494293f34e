package dev.logtap;

import static dev.logtap.LogFiles.append;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.provider.Arguments;

/** A log, another one beside it, and what the installed program says while it follows them. */
@Execution(ExecutionMode.CONCURRENT)
abstract class FollowScene {
  static final String REPLACED = "has been replaced; following the new file";
  static final String APPEARED = "has appeared; following it";
  static final String TRUNCATED = "has been truncated; following it from its start";
  static final String MISSING = "does not exist; waiting for it";
  static final String BACK = "is back";

  /** More than the second for which an old file must be quiet, and than the five it is waited for at most. */
  static final Duration LONGER_THAN_ANY_WAIT = Duration.ofSeconds(6);

  @TempDir Path directory;
  Path log;
  Path other;

  @BeforeEach
  void name() {
    log = directory.resolve("app.log");
    other = directory.resolve("other");
  }

  /** Follows the log beside another one, whose lines show that all logs have been looked at. */
  final Logtap followBoth(Mode mode, String... more) {
    append(other, "begin\n");
    return mode.followBoth(log, other, more).awaitOut("begin");
  }

  /** Follows the log with nobody reading yet. */
  final StdoutPipe followUnread(Mode mode, String... more) {
    return StdoutPipe.start(directory, mode.arguments(List.of("--log", "app=" + log, "app"), more));
  }

  /**
   * Lets the program look at all its logs some times more: it does so for every line that comes, so a
   * line of the other log that follows one that has come shows a whole round.
   */
  final void lookAgain(Logtap tail) {
    for (int i = 0; i < 3; i++) {
      String marker = "marker " + System.nanoTime();
      append(other, marker + "\n");
      tail.awaitOut(marker);
    }
  }

  /** These sentences of the log, as stderr has them. */
  final String said(String... sentences) {
    StringBuilder err = new StringBuilder();
    for (String sentence : sentences) {
      err.append("logtap: app: '").append(log).append("' ").append(sentence).append('\n');
    }
    return err.toString();
  }

  /** Ends the program when all has come, and sees that nothing else has. */
  static void expectInAll(Logtap tail, String out, String err) {
    tail.awaitWholeOut(out);
    end(tail);
    assertEquals(out, tail.out(), tail::toString);
    assertEquals(err, tail.err(), tail::toString);
  }

  /** Ends the program, so that both its streams are complete. */
  static void end(Logtap tail) {
    tail.signal("TERM").expectExit(143);
  }

  static void appendAndAwait(Logtap tail, Path log, String line) {
    append(log, line);
    tail.awaitOut(line);
  }

  static void writeAndAwait(Logtap tail, LogWriter writer, String line) {
    writer.write(line);
    tail.awaitOut(line);
  }

  /** Lines that begin alike and end in their number. */
  static String numbered(String beginning, int first, int last) {
    return each(beginning + "%d\n", first, last);
  }

  /** The format once for each number. */
  static String each(String format, int first, int last) {
    StringBuilder text = new StringBuilder();
    forEach(first, last, i -> text.append(format.replace("%d", Integer.toString(i))));
    return text.toString();
  }

  static void forEach(int first, int last, IntConsumer action) {
    IntStream.rangeClosed(first, last).forEach(action);
  }

  /** Every mode with each of these. */
  static Stream<Arguments> inBothModes(Object... cases) {
    return Stream.of(Mode.values()).flatMap(mode -> Stream.of(cases).map(one -> Arguments.of(mode, one)));
  }

  static String linesOfApp(Logtap tail) {
    return linesWith(tail, "app: ");
  }

  static String linesWith(Logtap tail, String beginning) {
    StringBuilder lines = new StringBuilder();
    for (String line : tail.out().split("(?<=\n)")) {
      if (line.startsWith(beginning)) {
        lines.append(line);
      }
    }
    return lines.toString();
  }
}

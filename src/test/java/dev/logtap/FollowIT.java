package dev.logtap;

import static dev.logtap.LogFiles.append;
import static dev.logtap.LogFiles.rotate;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a followed log brings, how it ends, and what it costs, told of changes and looking for them. */
class FollowIT extends FollowScene {
  @ParameterizedTest
  @EnumSource
  void appended_lines_come_at_once(Mode mode) {
    append(log, "0\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("0\n");

      // One look a second would need as many seconds as there are lines, four a second, the most that --poll may take, 20 s
      // for 80 lines and 8 s for 30.
      int lines = mode == Mode.NOTIFY ? 80 : 30;
      Duration taken = timeOf(() -> forEach(1, lines, i -> appendAndAwait(tail, log, i + "\n")));

      assertTrue(taken.compareTo(Duration.ofSeconds(mode == Mode.NOTIFY ? 15 : 20)) < 0, taken + "\n" + tail);
      expectInAll(tail, numbered("", 0, lines), "");
    }
  }

  @ParameterizedTest
  @EnumSource
  void half_a_line_is_held_back_until_its_end_comes(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = followBoth(mode)) {
      append(log, "ha");
      lookAgain(tail);
      append(log, "lf");
      lookAgain(tail);

      assertEquals("app: start\n", linesOfApp(tail));

      append(log, " and half\nnext");
      tail.awaitOut("app: half and half\n");
      lookAgain(tail);
      end(tail);

      assertEquals("app: start\napp: half and half\napp: next", linesOfApp(tail));
    }
  }

  @ParameterizedTest
  @EnumSource
  void half_a_line_is_written_as_it_is_when_a_signal_ends_it(Mode mode) {
    append(log, "start\nhalf");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitWholeOut("start\n");

      end(tail);

      assertEquals("start\nhalf", tail.out());
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytes_of_any_value_come_as_they_are(Mode mode) throws IOException {
    byte[] nasty = new byte[512];
    forEach(0, 511, i -> nasty[i] = (byte) i);
    nasty[510] = '\r';
    nasty[511] = '\n';
    append(log, "start\r\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("start\r\n");

      append(log, nasty);
      append(log, "\n\r\n\n");
      append(log, "end\r\n");
      tail.awaitOut("end\r\n");

      assertArrayEquals(Files.readAllBytes(log), tail.outBytes());
    }
  }

  @ParameterizedTest
  @EnumSource
  void line_of_3_MB_that_arrives_slowly_comes_as_it_is(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = mode.follow(log)) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < 30; i++) {
        String piece = Integer.toString(i % 10).repeat(100_000);
        line.append(piece);
        append(log, piece);
        int wholeParts = line.length() >> 20;
        Await.until(() -> tail.outBytes().length >= "start\n".length() + (wholeParts << 20), tail::toString);
      }
      append(log, "\nend\n");

      expectInAll(tail, "start\n" + line + "\nend\n", "");
    }
  }

  @ParameterizedTest
  @EnumSource
  void lines_of_several_logs_begin_with_their_names(Mode mode) {
    append(log, "a\n");
    append(other, "b\n");
    try (Logtap tail = mode.followBoth(log, other)) {
      tail.awaitWholeOut("app: a\nother: b\n");

      append(other, "c\nd\n");
      tail.awaitOut("other: d\n");
      rotate(log, 1);
      append(log, "e\n");
      tail.awaitOut("app: e\n");
      append(other, "f\n");

      expectInAll(tail, "app: a\nother: b\nother: c\nother: d\napp: e\nother: f\n", said(REPLACED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void busy_neighbour_holds_up_no_line_and_costs_little(Mode mode) {
    append(log, "0\n");
    AtomicBoolean done = new AtomicBoolean();
    Thread busy = Thread.ofPlatform().start(() -> writeUntil(done, directory.resolve("neighbour")));
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("0\n");
      forEach(1, 10, i -> appendAndAwait(tail, log, i + "\n"));

      // Waking up for each of the neighbour's writes takes half a processor and more, looking at most some per cent.
      long ticks = ticksOverSeconds(tail, 3);

      assertTrue(ticks <= 60, ticks + " ticks\n" + tail);
      append(log, "11\n");
      expectInAll(tail, numbered("", 0, 11), "");
    } finally {
      done.set(true);
      Await.until(() -> !busy.isAlive(), busy::toString);
    }
  }

  /** Nothing is written after the first line, so no failing write can tell that head has gone. */
  @ParameterizedTest
  @EnumSource
  void head_ends_it_quietly_while_it_waits_for_the_next_line(Mode mode) {
    append(log, "start\n");

    Logtap pipeline = runBeforeHead(mode);

    assertEquals("start\n0\n", pipeline.out(), pipeline::toString);
    assertEquals("", pipeline.err());
  }

  @ParameterizedTest
  @EnumSource
  void head_ends_it_quietly_while_it_writes(Mode mode) {
    append(log, "start\n" + numbered("line ", 1, 100_000));

    Logtap pipeline = runBeforeHead(mode);

    assertEquals("start\n0\n", pipeline.out(), pipeline::toString);
    assertEquals("", pipeline.err());
  }

  @ParameterizedTest
  @EnumSource
  void reader_that_goes_away_ends_it_while_it_is_idle(Mode mode) {
    append(log, "start\n");
    try (StdoutPipe pipe = followUnread(mode)) {
      pipe.read("start\n".length());

      pipe.closeReader();

      pipe.program().expectExit(0);
      assertEquals("", pipe.program().err());
    }
  }

  @ParameterizedTest
  @MethodSource("signals")
  void signal_ends_it_at_once(Mode mode, Signal signal) {
    append(log, "start\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("start\n");

      Duration taken = timeOf(() -> tail.signal(signal.name()).expectExit(signal.code));

      assertTrue(taken.compareTo(Duration.ofSeconds(5)) < 0, taken::toString);
      assertEquals("start\n", tail.out());
      assertEquals("", tail.err());
    }
  }

  @ParameterizedTest
  @MethodSource("signals")
  void signal_ends_it_also_while_the_reader_takes_nothing(Mode mode, Signal signal) {
    append(log, numbered("line ", 1, 100_000));
    try (StdoutPipe pipe = followUnread(mode)) {
      pipe.awaitFull();
      Logtap tail = pipe.program();

      Duration taken = timeOf(() -> tail.signal(signal.name()).expectExit(signal.code));

      assertTrue(taken.compareTo(Duration.ofSeconds(5)) < 0, taken::toString);
      assertEquals("", tail.err());
    }
  }

  static Stream<Arguments> signals() {
    return inBothModes((Object[]) Signal.values());
  }

  @ParameterizedTest
  @EnumSource
  void waiting_costs_no_processor_time(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("start\n");

      // Twelve looks of a fraction of a millisecond each, and some for the JVM's own housekeeping. When starting is over can't
      // be seen from outside; but then it costs no more than that.
      ProcessView view = new ProcessView(tail);
      Await.until(() -> ticksOver(view, Duration.ofSeconds(3)) <= 6, () -> view.cpuTicks() + " ticks in all\n" + tail);
    }
  }

  /** What head printed, and the program's exit code. */
  private Logtap runBeforeHead(Mode mode) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("bash", "-c", "\"$0\" \"$@\" | head -1; echo ${PIPESTATUS[0]}"));
    command.addAll(Mode.command(mode.arguments(List.of("--log", "app=" + log, "app"))));
    return Logtap.startCommand(Map.of(), command).expectExit(0);
  }

  private static void writeUntil(AtomicBoolean done, Path neighbour) {
    try (LogWriter writer = LogWriter.openWithoutAppend(neighbour)) {
      while (!done.get()) {
        writer.write("x");
      }
    }
  }

  private static long ticksOverSeconds(Logtap tail, int seconds) {
    ProcessView view = new ProcessView(tail);
    // What starting has left to be done is not part of it.
    Await.until(() -> ticksOver(view, Duration.ofMillis(300)) <= 10, tail::toString);
    return ticksOver(view, Duration.ofSeconds(seconds));
  }

  private static long ticksOver(ProcessView view, Duration length) {
    long before = view.cpuTicks();
    try {
      Thread.sleep(length);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return view.cpuTicks() - before;
  }

  private static Duration timeOf(Runnable action) {
    long begin = System.nanoTime();
    action.run();
    return Duration.ofNanos(System.nanoTime() - begin);
  }
}

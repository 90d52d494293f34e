package dev.logtap;

import static dev.logtap.LogFiles.append;
import static dev.logtap.LogFiles.beside;
import static dev.logtap.LogFiles.gzip;
import static dev.logtap.LogFiles.remove;
import static dev.logtap.LogFiles.rename;
import static dev.logtap.LogFiles.rotate;
import static dev.logtap.ProcessView.whileStopped;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A followed log is renamed and made anew, in all the ways in which rotation and writers do it. */
class FollowRotationIT extends FollowScene {
  @ParameterizedTest
  @EnumSource
  void old_file_is_read_to_its_end_before_the_new_one(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("start\n");

      whileStopped(
          tail,
          () -> {
            append(log, "old\n");
            rotate(log, 1);
            append(log, "new\n");
            append(beside(log, ".1"), "late\n");
          });

      expectInAll(tail, "start\nold\nlate\nnew\n", said(REPLACED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void rotation_under_the_eyes_of_the_program_loses_nothing(Mode mode) {
    append(log, "0\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("0\n");

      for (int i = 1; i <= 3; i++) {
        append(log, "old " + i + "\n");
        rotate(log, 5);
        appendAndAwait(tail, log, "new " + i + "\n");
      }

      expectInAll(tail, "0\nold 1\nnew 1\nold 2\nnew 2\nold 3\nnew 3\n", said(REPLACED, REPLACED, REPLACED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_a_writer_that_was_not_told_yet_writes_comes_before_the_new_file(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = mode.follow(log);
        LogWriter writer = LogWriter.open(log)) {
      tail.awaitOut("start\n");
      long begin = System.nanoTime();
      whileStopped(
          tail,
          () -> {
            writer.write("old\n");
            rotate(log, 1);
            append(log, "new\n");
          });

      tail.awaitOut("old\n");
      writer.write("late\n");
      // Only for a second an old file that is quiet is waited for.
      assumeTrue(System.nanoTime() - begin < Duration.ofSeconds(1).toNanos(), "this test was held up for too long");

      expectInAll(tail, "start\nold\nlate\nnew\n", said(REPLACED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void late_lines_come_at_once_while_the_new_file_is_empty_and_after(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = mode.follow(log);
        LogWriter writer = LogWriter.open(log)) {
      tail.awaitOut("start\n");
      rotate(log, 1);
      append(log, "");
      tail.awaitErr(REPLACED);

      int late = 0;
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < LONGER_THAN_ANY_WAIT.toNanos()) {
        writeAndAwait(tail, writer, "late " + ++late + "\n");
      }
      appendAndAwait(tail, log, "new\n");
      writeAndAwait(tail, writer, "later\n");

      expectInAll(tail, "start\n" + numbered("late ", 1, late) + "new\nlater\n", said(REPLACED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void old_and_new_file_are_both_read_while_both_are_written(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = mode.follow(log);
        LogWriter oldWriter = LogWriter.open(log)) {
      tail.awaitOut("start\n");
      rotate(log, 1);
      LogWriter newWriter = LogWriter.open(log);
      newWriter.write("new 0\n");
      tail.awaitOut("new 0\n");

      forEach(
          1,
          200,
          i -> {
            oldWriter.write("old " + i + "\n");
            newWriter.write("new " + i + "\n");
          });
      oldWriter.write("old end\n");
      newWriter.write("new end\n");
      newWriter.close();
      tail.awaitOut("old end\n").awaitOut("new end\n");
      end(tail);

      assertEquals(numbered("old ", 1, 200) + "old end\n", linesWith(tail, "old"));
      assertEquals(numbered("new ", 0, 200) + "new end\n", linesWith(tail, "new"));
      assertEquals(said(REPLACED), tail.err());
    }
  }

  @ParameterizedTest
  @EnumSource
  void old_file_that_is_never_quiet_does_not_hold_up_the_new_one(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = mode.follow(log);
        LogWriter writer = LogWriter.open(log)) {
      tail.awaitOut("start\n");
      rotate(log, 1);
      append(log, "new\n");

      int late = 0;
      while (!tail.out().contains("new\n")) {
        writeAndAwait(tail, writer, "late " + ++late + "\n");
        assertTrue(late < 10_000, tail::toString);
      }
      writeAndAwait(tail, writer, "end\n");
      end(tail);

      assertEquals(numbered("late ", 1, late), linesWith(tail, "late"));
      assertEquals("new\n", linesWith(tail, "new"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void ten_rotations_between_two_looks_are_read_in_their_order(Mode mode) {
    append(log, "0\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("0\n");

      whileStopped(tail, () -> forEach(1, 10, i -> rotateWithLines(i, 20)));

      expectInAll(tail, numbered("", 0, 20), said(REPLACED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void ten_rotations_within_milliseconds_are_read_in_their_order(Mode mode) {
    append(log, "0\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("0\n");

      forEach(1, 10, i -> rotateWithLines(i, 20));
      append(log, "end\n");
      tail.awaitOut("end\n");
      end(tail);

      assertEquals(numbered("", 0, 20) + "end\n", tail.out(), tail::toString);
    }
  }

  @ParameterizedTest
  @EnumSource
  void generations_that_are_named_by_date_are_read_in_their_order(Mode mode) {
    append(log, "0\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("0\n");

      whileStopped(
          tail,
          () -> {
            append(log, "1\n");
            rename(log, beside(log, "-20260101"));
            append(log, "2\n");
            rename(log, beside(log, "-20260102"));
            append(log, "3\n");
            rename(log, beside(log, "-20260103"));
            append(log, "4\n");
          });

      expectInAll(tail, numbered("", 0, 4), said(REPLACED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void older_generations_are_not_read_when_they_move_on(Mode mode) {
    forEach(1, 5, i -> append(beside(log, "." + i), "older " + i + "\n"));
    append(log, "0\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("0\n");

      forEach(
          1,
          10,
          i ->
              whileStopped(
                  tail,
                  () -> {
                    rotate(log, 20);
                    append(log, i + "\n");
                  }));
      append(log, "end\n");
      tail.awaitOut("end\n");
      end(tail);

      assertEquals(numbered("", 0, 10) + "end\n", tail.out(), tail::toString);
    }
  }

  /** ext4 gives the number of a removed file to the next one that is made. */
  @ParameterizedTest
  @EnumSource
  void generation_with_the_inode_of_a_removed_one_is_read(Mode mode) {
    append(beside(log, ".1"), "older\n");
    append(log, "0\n");
    try (Logtap tail = followBoth(mode)) {
      lookAgain(tail);

      whileStopped(
          tail,
          () -> {
            append(log, "1\n");
            remove(beside(log, ".1"));
            rotate(log, 5);
            append(log, "2\n");
            rotate(log, 5);
            append(log, "3\n");
          });
      tail.awaitOut("app: 3\n");
      end(tail);

      assertEquals("app: 0\napp: 1\napp: 2\napp: 3\n", linesOfApp(tail));
    }
  }

  /** As logrotate does it without delaycompress. */
  @ParameterizedTest
  @EnumSource
  void old_file_that_is_packed_at_once_is_not_read_twice(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = followBoth(mode)) {
      whileStopped(
          tail,
          () -> {
            append(log, "old\n");
            rotate(log, 5);
            append(log, "new\n");
            gzip(beside(log, ".1"));
          });
      tail.awaitOut("app: new\n");
      lookAgain(tail);
      end(tail);

      assertEquals("app: start\napp: old\napp: new\n", linesOfApp(tail));
      assertEquals(said(REPLACED), tail.err());
    }
  }

  @ParameterizedTest
  @EnumSource
  void generation_that_was_packed_before_it_was_seen_is_read(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("start\n");

      whileStopped(
          tail,
          () -> {
            append(log, "old\n");
            rotate(log, 5);
            append(log, "between\n");
            rotate(log, 5);
            gzip(beside(log, ".1"));
            append(log, "new\n");
          });

      expectInAll(tail, "start\nold\nbetween\nnew\n", said(REPLACED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void generations_that_came_while_the_first_lines_were_not_taken_are_read(Mode mode) {
    append(beside(log, ".1"), "older\n");
    append(log, numbered("line ", 1, 100_000));
    try (StdoutPipe pipe = followUnread(mode)) {
      pipe.awaitFull();

      forEach(1, 3, i -> rotateWithLines(i, 10));

      byte[] wanted = (numbered("line ", 1, 100_000) + numbered("", 1, 6)).getBytes(StandardCharsets.US_ASCII);
      assertArrayEquals(wanted, pipe.read(wanted.length));
      end(pipe.program());
      assertEquals(0, pipe.readAll().length);
    }
  }

  @ParameterizedTest
  @EnumSource
  void renamed_file_is_read_on_while_nothing_takes_its_place(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = followBoth(mode);
        LogWriter writer = LogWriter.open(log)) {
      rotate(log, 1);
      tail.awaitErr(MISSING);
      writer.write("late 1\n");
      tail.awaitOut("app: late 1\n");
      lookAgain(tail);
      append(log, "new\n");
      tail.awaitOut("app: new\n");
      writer.write("late 2\n");
      tail.awaitOut("app: late 2\n");
      end(tail);

      assertEquals("app: start\napp: late 1\napp: new\napp: late 2\n", linesOfApp(tail));
      assertEquals(said(MISSING, REPLACED), tail.err());
    }
  }

  @ParameterizedTest
  @EnumSource
  void file_that_is_put_back_is_read_on(Mode mode) {
    append(log, "start\n");
    Path away = directory.resolve("away");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("start\n");

      rename(log, away);
      tail.awaitErr(MISSING);
      append(away, "meanwhile\n");
      rename(away, log);
      tail.awaitErr(BACK);
      append(log, "end\n");

      expectInAll(tail, "start\nmeanwhile\nend\n", said(MISSING, BACK));
    }
  }

  @ParameterizedTest
  @EnumSource
  void fifty_rotations_leave_no_descriptor_open(Mode mode) {
    append(log, "0\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("0\n");
      ProcessView view = new ProcessView(tail);

      for (int i = 1; i <= 50; i++) {
        append(log, "old " + i + "\n");
        rotate(log, 3);
        append(log, "new " + i + "\n");
        view.awaitOpen(log);
      }
      append(log, "end\n");
      tail.awaitOut("end\n");

      // Those that have a name stay open for their late lines.
      List<String> wanted = Stream.of("", ".1", ".2", ".3").map(suffix -> beside(log, suffix).toString()).toList();
      Await.until(() -> openInDirectory(view).equals(wanted), () -> view.openFiles() + "\n" + tail);
      String each = each("old %d\nnew %d\n", 1, 50);
      assertEquals("0\n" + each + "end\n", tail.out());
    }
  }

  /** Two lines of the numbers up to {@code last}, in a file each, of which the second is the live one. */
  private void rotateWithLines(int rotation, int last) {
    append(log, 2 * rotation - 1 + "\n");
    rotate(log, last);
    append(log, 2 * rotation + "\n");
  }

  private List<String> openInDirectory(ProcessView view) {
    return view.openFiles().stream().filter(path -> path.startsWith(directory.toString())).sorted().toList();
  }
}

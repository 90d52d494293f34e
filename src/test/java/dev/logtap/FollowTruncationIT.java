package dev.logtap;

import static dev.logtap.LogFiles.append;
import static dev.logtap.LogFiles.beside;
import static dev.logtap.LogFiles.copy;
import static dev.logtap.LogFiles.copyTruncate;
import static dev.logtap.LogFiles.gzip;
import static dev.logtap.LogFiles.rename;
import static dev.logtap.LogFiles.rotate;
import static dev.logtap.LogFiles.truncate;
import static dev.logtap.ProcessView.whileStopped;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A followed log is truncated, with a copy and without one. */
class FollowTruncationIT extends FollowScene {
  @ParameterizedTest
  @EnumSource
  void copytruncate_under_the_eyes_of_the_program_loses_nothing(Mode mode) {
    try (LogWriter writer = LogWriter.open(log)) {
      writer.write("0\n");
      try (Logtap tail = mode.follow(log)) {
        tail.awaitOut("0\n");

        for (int i = 1; i <= 3; i++) {
          writeAndAwait(tail, writer, i + " before\n");
          copyTruncate(log, 5);
          writeAndAwait(tail, writer, i + " after\n");
        }

        String wanted = "0\n" + each("%d before\n%d after\n", 1, 3);
        expectInAll(tail, wanted, said(TRUNCATED, TRUNCATED, TRUNCATED));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void truncated_and_regrown_past_the_old_offset_between_two_looks(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("start\n");

      whileStopped(
          tail,
          () -> {
            truncate(log);
            append(log, numbered("again ", 1, 100));
          });

      expectInAll(tail, "start\n" + numbered("again ", 1, 100), said(TRUNCATED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void truncated_and_regrown_to_the_very_same_size(Mode mode) {
    append(log, numbered("before ", 100, 999));
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("before 999\n");

      whileStopped(
          tail,
          () -> {
            truncate(log);
            append(log, numbered("behind ", 100, 999));
          });

      expectInAll(tail, numbered("before ", 100, 999) + numbered("behind ", 100, 999), said(TRUNCATED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_was_not_read_before_a_truncation_is_read_from_the_copy(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("start\n");

      whileStopped(
          tail,
          () -> {
            append(log, numbered("unread ", 1, 100));
            copyTruncate(log, 5);
            append(log, "after\n");
          });

      expectInAll(tail, "start\n" + numbered("unread ", 1, 100) + "after\n", said(TRUNCATED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void three_truncations_between_two_looks_are_read_from_their_copies(Mode mode) {
    append(log, "0\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("0\n");

      whileStopped(
          tail,
          () ->
              forEach(
                  1,
                  3,
                  i -> {
                    append(log, i + "\n");
                    copyTruncate(log, 5);
                  }));
      append(log, "4\n");

      expectInAll(tail, numbered("", 0, 4), said(TRUNCATED));
    }
  }

  /** As scripts do it: the copy is written into the file of the copy before. */
  @ParameterizedTest
  @EnumSource
  void copy_that_was_written_over_an_older_copy_is_found(Mode mode) {
    append(beside(log, ".1"), "older\n");
    append(log, "start\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("start\n");

      for (int i = 1; i <= 3; i++) {
        String number = i + "\n";
        whileStopped(
            tail,
            () -> {
              append(log, "unread " + number);
              copy(log, beside(log, ".1"));
              truncate(log);
              append(log, "after " + number);
            });
        tail.awaitOut("after " + number);
      }

      expectInAll(tail, "start\n" + each("unread %d\nafter %d\n", 1, 3), said(TRUNCATED, TRUNCATED, TRUNCATED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void empty_file_that_was_filled_copied_and_truncated_between_two_looks_is_read_from_the_copy(Mode mode) {
    append(log, "");
    append(beside(log, ".1"), "older\n");
    try (Logtap tail = followBoth(mode)) {
      lookAgain(tail);

      whileStopped(
          tail,
          () -> {
            append(log, "1\n");
            copyTruncate(log, 5);
            append(log, "2\n");
          });
      tail.awaitOut("app: 2\n");
      lookAgain(tail);
      end(tail);

      assertEquals("app: 1\napp: 2\n", linesOfApp(tail), tail::toString);
    }
  }

  /** As logrotate does it with copytruncate and compress. */
  @ParameterizedTest
  @EnumSource
  void copy_that_is_packed_at_once_is_read(Mode mode) {
    append(log, "0\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("0\n");

      whileStopped(
          tail,
          () -> {
            append(log, "1\n");
            copyTruncate(log, 5);
            gzip(beside(log, ".1"));
            rename(beside(log, ".1.gz"), beside(log, ".2.gz"));
            append(log, "2\n");
            copyTruncate(log, 5);
            gzip(beside(log, ".1"));
          });
      append(log, "3\n");

      expectInAll(tail, numbered("", 0, 3), said(TRUNCATED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void copy_of_an_empty_file_that_was_filled_and_truncated_is_read_though_it_was_packed_at_once(Mode mode) {
    append(log, "");
    try (Logtap tail = followBoth(mode)) {
      lookAgain(tail);

      whileStopped(
          tail,
          () -> {
            append(log, "1\n");
            copyTruncate(log, 5);
            gzip(beside(log, ".1"));
          });
      tail.awaitOut("app: 1\n");
      append(log, "2\n");
      tail.awaitOut("app: 2\n");
      lookAgain(tail);
      end(tail);

      assertEquals("app: 1\napp: 2\n", linesOfApp(tail), tail::toString);
    }
  }

  @ParameterizedTest
  @EnumSource
  void copy_of_a_file_that_was_not_truncated_is_not_read(Mode mode) {
    append(log, "");
    try (Logtap tail = followBoth(mode)) {
      lookAgain(tail);

      whileStopped(
          tail,
          () -> {
            append(log, "1\n");
            copy(log, beside(log, ".1"));
          });
      tail.awaitOut("app: 1\n");
      append(log, "2\n");
      tail.awaitOut("app: 2\n");
      lookAgain(tail);
      end(tail);

      assertEquals("app: 1\napp: 2\n", linesOfApp(tail), tail::toString);
      assertEquals("", tail.err());
    }
  }

  @ParameterizedTest
  @EnumSource
  void truncated_and_then_renamed_between_two_looks(Mode mode) {
    append(log, "0\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("0\n");

      whileStopped(
          tail,
          () -> {
            append(log, "1\n");
            copyTruncate(log, 5);
            append(log, "2\n");
            rotate(log, 5);
            append(log, "3\n");
          });
      tail.awaitOut("3\n");
      append(log, "4\n");

      tail.awaitWholeOut(numbered("", 0, 4));
    }
  }

  @ParameterizedTest
  @EnumSource
  void half_a_line_that_was_held_back_is_read_from_the_copy(Mode mode) {
    append(log, "start\nha");
    try (Logtap tail = followBoth(mode)) {
      lookAgain(tail);

      whileStopped(
          tail,
          () -> {
            append(log, "lf\n");
            copyTruncate(log, 5);
            append(log, "after\n");
          });
      tail.awaitOut("app: after\n");
      end(tail);

      assertEquals("app: start\napp: half\napp: after\n", linesOfApp(tail), tail::toString);
      assertEquals(said(TRUNCATED), tail.err());
    }
  }

  @ParameterizedTest
  @EnumSource
  void half_a_line_whose_end_was_truncated_away_is_written_on_its_own(Mode mode) {
    append(log, "start\nhalf");
    try (Logtap tail = followBoth(mode)) {
      lookAgain(tail);

      whileStopped(
          tail,
          () -> {
            truncate(log);
            append(log, "after\n");
          });
      tail.awaitOut("app: after\n");
      end(tail);

      assertEquals("app: start\napp: half\napp: after\n", linesOfApp(tail), tail::toString);
      assertEquals(said(TRUNCATED), tail.err());
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytes_that_were_there_and_are_gone_before_they_were_read_are_said_to_be_missing(Mode mode) {
    append(log, numbered("line ", 1, 500_000));
    try (StdoutPipe pipe = followUnread(mode)) {
      pipe.awaitFull();

      truncate(log);
      append(log, "after\n");
      Thread.ofPlatform().start(pipe::readAll);
      Logtap tail = pipe.program().awaitErr("app: ");
      end(tail);

      assertEquals(
          "logtap: app: lines may be missing here: the file was truncated before all of it was read\n", tail.err());
    }
  }

  /** At 700 kB the hole is longer than what is read at once. */
  @ParameterizedTest
  @MethodSource("holes")
  void hole_that_a_writer_without_append_leaves_is_skipped(Mode mode, int linesBefore) {
    try (LogWriter writer = LogWriter.openWithoutAppend(log)) {
      writer.write(numbered("before ", 1, linesBefore));
      try (Logtap tail = mode.follow(log)) {
        tail.awaitOut("before " + linesBefore + "\n");

        copyTruncate(log, 5);
        writeAndAwait(tail, writer, "first\n");
        copyTruncate(log, 5);
        writeAndAwait(tail, writer, "second\n");
        whileStopped(
            tail,
            () -> {
              writer.write("unread\n");
              copyTruncate(log, 5);
              writer.write("third\n");
            });

        String wanted = numbered("before ", 1, linesBefore) + "first\nsecond\nunread\nthird\n";
        expectInAll(tail, wanted, said(TRUNCATED, TRUNCATED, TRUNCATED));
      }
    }
  }

  static Stream<Arguments> holes() {
    return inBothModes(1, 50_000);
  }
}

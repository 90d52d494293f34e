package dev.logtap.log;

import static dev.logtap.log.LogFiles.LIVE;
import static dev.logtap.log.LogFiles.lines;
import static dev.logtap.log.Session.GAP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTest {
  private static final long MIB = 1 << 20;

  @TempDir Path directory;

  private LogFiles files;

  @BeforeEach
  void aLogThatIsNotThereYet() {
    files = new LogFiles(directory);
  }

  // ---- without rotation

  @Test
  void what_was_written_since_comes_once() throws IOException {
    files.append(lines("a", 1, 10));
    String cursor = readAll();
    files.append(lines("a", 11, 20));

    assertGoesOnWith(cursor, lines("a", 11, 20));
  }

  @Test
  void nothing_comes_where_nothing_was_written() throws IOException {
    files.append(lines("a", 1, 10));

    assertGoesOnWith(readAll(), "");
  }

  @Test
  void an_unfinished_line_comes_whole_when_it_is_finished() throws IOException {
    files.append("one\ntw");
    String cursor = readAll();
    files.append("o\n");

    assertGoesOnWith(cursor, "two\n");
  }

  @Test
  void a_cursor_can_be_taken_behind_every_batch() throws IOException {
    String all = lines("a", 1, 60_000) + "x".repeat(3_000_000) + "\n" + lines("b", 1, 60_000);
    files.append(all);
    StringBuilder read = new StringBuilder();
    String cursor = Session.resume(files, beforeTheFirstFile()).stop();
    while (read.length() < all.length()) {
      Session session = Session.resume(files, cursor);
      assertTrue(session.step());
      read.append(session.text());
      cursor = session.stop();
    }

    assertEquals(all, read.toString());
  }

  @Test
  void resuming_without_reading_loses_nothing() throws IOException {
    files.append(lines("a", 1, 10));
    String cursor = readAll();
    files.append(lines("a", 11, 20)).rotate().append(lines("b", 1, 10));
    for (int i = 0; i < 3; i++) {
      cursor = Session.resume(files, cursor).stop();
    }

    assertGoesOnWith(cursor, lines("a", 11, 20) + lines("b", 1, 10));
  }

  // ---- through rotation

  private enum Rotation {
    RENAME {
      @Override
      void apply(LogFiles files) throws IOException {
        files.rotate();
      }
    },
    COPYTRUNCATE {
      @Override
      void apply(LogFiles files) throws IOException {
        files.copyTruncate();
      }
    };

    abstract void apply(LogFiles files) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void many_rotations_are_read_through_in_order(Rotation rotation) throws IOException {
    files.append(lines("a", 1, 10));
    String cursor = readAll();
    files.append(lines("a", 11, 20));
    for (String of : List.of("b", "c", "d")) {
      rotation.apply(files);
      files.append(lines(of, 1, 20));
    }

    assertGoesOnWith(cursor, lines("a", 11, 20) + lines("b", 1, 20) + lines("c", 1, 20) + lines("d", 1, 20));
  }

  @ParameterizedTest
  @EnumSource
  void packed_generations_are_read_through_in_order(Rotation rotation) throws IOException {
    files.append(lines("a", 1, 10));
    String cursor = readAll();
    files.append(lines("a", 11, 20_000));
    rotation.apply(files);
    files.append(lines("b", 1, 20_000));
    rotation.apply(files);
    files.gzip(".2").gzip(".1").append(lines("c", 1, 20));

    assertGoesOnWith(cursor, lines("a", 11, 20_000) + lines("b", 1, 20_000) + lines("c", 1, 20));
  }

  @ParameterizedTest
  @EnumSource
  void what_was_read_before_a_rotation_is_not_read_again(Rotation rotation) throws IOException {
    files.append(lines("older", 1, 10));
    rotation.apply(files);
    files.append(lines("a", 1, 10));
    String cursor = readAll();
    rotation.apply(files);

    assertGoesOnWith(cursor, "");
  }

  @ParameterizedTest
  @EnumSource
  void following_goes_on_through_rotation_after_resuming(Rotation rotation) throws IOException {
    files.append(lines("a", 1, 10));
    String cursor = readAll();
    files.append(lines("a", 11, 20));
    try (Session session = Session.resume(files, cursor).awaitText(lines("a", 11, 20))) {
      rotation.apply(files);
      files.append(lines("b", 1, 10));
      session.awaitText(lines("a", 11, 20) + lines("b", 1, 10));
      rotation.apply(files);
      files.append(lines("c", 1, 10));

      session.awaitText(lines("a", 11, 20) + lines("b", 1, 10) + lines("c", 1, 10));
      assertEquals(List.of(), session.gaps());
    }
  }

  @ParameterizedTest
  @EnumSource
  void rotations_before_the_first_look_lose_nothing(Rotation rotation) throws IOException {
    files.append(lines("older", 1, 10));
    rotation.apply(files);
    files.append(lines("a", 1, 10));
    String cursor = readAll();
    files.append(lines("a", 11, 20));
    try (Session session = Session.resume(files, cursor)) {
      for (String of : List.of("b", "c", "d")) {
        rotation.apply(files);
        files.append(lines(of, 1, 10));
      }

      session.awaitText(lines("a", 11, 20) + lines("b", 1, 10) + lines("c", 1, 10) + lines("d", 1, 10));
      assertEquals(List.of(), session.gaps());
    }
  }

  @Test
  void what_is_packed_before_the_first_look_is_neither_lost_nor_repeated() throws IOException {
    files.append(lines("older", 1, 10)).rotate().append(lines("a", 1, 10));
    String cursor = readAll();
    try (Session session = Session.resume(files, cursor)) {
      files.awaitTick().append(lines("a", 11, 20)).rotate().append(lines("b", 1, 10)).gzip(".2").rotate().gzip(".2");
      files.append(lines("c", 1, 10));

      session.awaitText(lines("a", 11, 20) + lines("b", 1, 10) + lines("c", 1, 10));
      assertEquals(List.of(), session.gaps());
    }
  }

  @Test
  void a_packed_generation_that_ends_without_newline_comes_whole() throws IOException {
    files.append(lines("a", 1, 10));
    String cursor = readAll();
    files.append("half").rotate().gzip(".1").append("b\n");

    assertGoesOnWith(cursor, "halfb\n");
  }

  @Test
  void the_last_line_of_a_renamed_file_comes_when_it_is_finished_at_last() throws IOException {
    files.append(lines("a", 1, 10) + "ha");
    String cursor = readAll();
    files.rotate().append("b\n");
    try (Session session = Session.resume(files, cursor).awaitText("b\n")) {
      files.append(".1", "lf\n");
      session.awaitText("b\nhalf\n");

      files.append(".1", "rest");
      assertEquals("b\nhalf\nrest", session.drain().takeRest().text());
    }
  }

  @Test
  void the_hole_of_a_writer_without_append_is_skipped() throws IOException {
    files.append(lines("a", 1, 1000));
    String cursor = readAll();
    files.append(lines("a", 1001, 1100));
    long offset = Files.size(files.live);
    files.copyTruncate().writeAt(offset, "b\n");

    assertGoesOnWith(cursor, lines("a", 1001, 1100) + "b\n");
  }

  @Test
  void the_hole_in_a_copy_is_skipped() throws IOException {
    files.append(lines("a", 1, 1000));
    String cursor = readAll();
    long offset = Files.size(files.live);
    files.copyTruncate().writeAt(offset, "b\n").copyTruncate().append("c\n");

    assertGoesOnWith(cursor, "b\nc\n");
  }

  @Test
  void a_symbolic_link_is_followed_to_the_generations_beside_its_target() throws IOException {
    LogFiles target = new LogFiles(Files.createDirectory(directory.resolve("target")));
    Path link = Files.createSymbolicLink(directory.resolve("link.log"), target.live);
    AllowedLog entry = new AllowedLog(LogFiles.NAME, link, true);
    files.append(".1", "beside the link\n");
    target.append(lines("a", 1, 10));
    String cursor = cursorBehindAll(Follower.fromLastLines(entry, LastLines.ALL));
    target.append(lines("a", 11, 20)).rotate().append(lines("b", 1, 10));

    try (Follower follower = Follower.resume(entry, Cursor.parse(LogFiles.NAME, cursor), MIB, 0);
        Session session = new Session(follower)) {
      session.awaitText(lines("a", 11, 20) + lines("b", 1, 10));
      assertEquals(List.of(), session.gaps());
    }
  }

  // ---- several positions

  @Test
  void an_old_file_that_is_still_written_and_a_new_one_are_both_gone_on_with() throws IOException {
    files.append("a1\n");
    Session session = Session.fromTheStart(files).awaitText("a1\n");
    files.rotate().append("b1\n");
    session.awaitText("a1\nb1\n");
    files.append(".1", "a2\n");
    session.awaitText("a1\nb1\na2\n");
    assertEquals(2, session.cursor().positions().size());
    String cursor = session.stop();

    files.append("b2\n").append(".1", "a3\n");

    assertGoesOnWith(cursor, "a3\nb2\n");
  }

  @Test
  void both_are_found_again_after_they_were_rotated_and_packed() throws IOException {
    String cursor = cursorInTwoFiles();
    files.append(".1", "a2\n").append("b2\n").rotate().gzip(".2").append("c1\n").rotate().append("d1\n");

    assertGoesOnWith(cursor, "a2\nb2\nc1\nd1\n");
  }

  @Test
  void late_lines_that_cannot_be_found_are_a_gap_but_the_rest_comes() throws IOException {
    String cursor = cursorInTwoFiles();
    files.append(".1", "a2\n").append("b2\n").delete(".1");

    try (Session session = Session.resume(files, cursor).awaitText(GAP + "b2\n")) {
      assertTrue(session.gaps().getFirst().contains("rotated file"), session::toString);
    }
  }

  @Test
  void late_lines_count_as_backlog() throws IOException {
    String cursor = cursorInTwoFiles();
    files.append(".1", "x".repeat(99) + "\n").append("b2\n");

    assertGapThenLastLine(cursor, 50, "b2\n");
  }

  @Test
  void late_lines_do_not_come_between_the_parts_of_a_line() throws IOException {
    String cursor = cursorInTwoFiles();
    String longLine = "x".repeat(2 * LineReader.PART) + "\n";
    files.append(longLine);
    try (Session session = Session.resume(files, cursor)) {
      Await.until(session::step, session::toString);
      files.append(".1", "a2\n");

      session.awaitText(longLine + "a2\n");
    }
  }

  // ---- at the beginning

  @Test
  void a_log_that_is_not_there_yet_is_read_from_its_first_byte() throws IOException {
    String cursor = beforeTheFirstFile();
    files.awaitTick().append(lines("a", 1, 10));

    assertGoesOnWith(cursor, lines("a", 1, 10));
  }

  @Test
  void a_log_that_came_and_was_rotated_meanwhile_is_read_from_its_first_byte() throws IOException {
    String cursor = beforeTheFirstFile();
    files.awaitTick().append(lines("a", 1, 10)).rotate().append(lines("b", 1, 10)).rotate().gzip(".2");
    files.append(lines("c", 1, 10));

    assertGoesOnWith(cursor, lines("a", 1, 10) + lines("b", 1, 10) + lines("c", 1, 10));
  }

  @Test
  void a_log_that_is_still_not_there_is_waited_for() throws IOException {
    try (Session session = Session.resume(files, beforeTheFirstFile()).drain()) {
      assertEquals(List.of("'" + files.live + "' does not exist; waiting for it"), session.notices());

      files.append("first\n");

      session.awaitText("first\n");
    }
  }

  @Test
  void a_directory_that_is_not_there_yet_is_no_loss() throws IOException {
    files = new LogFiles(directory.resolve("later"));
    try (Session session = Session.resume(files, beforeTheFirstFile()).drain()) {
      assertEquals(List.of(), session.gaps());

      Files.createDirectory(files.directory);
      files.append("first\n");

      session.awaitText("first\n");
    }
  }

  @Test
  void a_directory_that_is_gone_is_a_gap_with_a_sentence() throws IOException {
    LogFiles moved = new LogFiles(directory.resolve("moved"));
    files = new LogFiles(Files.createDirectory(directory.resolve("logs")));
    files.append("a\n");
    String cursor = readAll();
    Files.move(files.directory, moved.directory);

    try (Session session = Session.resume(files, cursor).drain()) {
      assertTrue(session.gaps().getFirst().endsWith(" does not exist"), session::toString);
    }
  }

  @Test
  void an_empty_log_is_read_from_its_first_byte_wherever_it_is() throws IOException {
    files.append("older\n").rotate().append("");
    String cursor = readAll();
    files.awaitTick().append(lines("a", 1, 10)).rotate().gzip(".2").append(lines("b", 1, 10));

    assertGoesOnWith(cursor, lines("a", 1, 10) + lines("b", 1, 10));
  }

  @Test
  void an_emptied_log_is_read_from_its_first_byte_wherever_it_is() throws IOException {
    files.append("a\n");
    Session session = Session.fromTheStart(files).awaitText("a\n");
    files.copyTruncate();
    Await.until(() -> !session.drain().notices().isEmpty(), session::toString);
    String cursor = session.stop();
    files.awaitTick().append("b\n").copyTruncate().append("c\n");

    assertGoesOnWith(cursor, "b\nc\n");
  }

  // ---- what can't be followed

  private enum Loss {
    TRUNCATED {
      @Override
      void apply(LogFiles files) throws IOException {
        files.truncate().append("new1\nnew2\nnew3\n");
      }
    },
    TRUNCATED_AND_GROWN_LONGER {
      @Override
      void apply(LogFiles files) throws IOException {
        files.truncate().append(lines("new", 1, 1000) + "new1\nnew2\nnew3\n");
      }
    },
    DELETED_AND_MADE_ANEW {
      @Override
      void apply(LogFiles files) throws IOException {
        files.delete(LIVE).append(lines("new", 1, 1000) + "new1\nnew2\nnew3\n");
      }
    },
    GENERATION_MISSING {
      @Override
      void apply(LogFiles files) throws IOException {
        files.rotate().append("b\n").rotate().append("new1\nnew2\nnew3\n").delete(".1");
      }
    },
    PACKED_UNREADABLY {
      @Override
      void apply(LogFiles files) throws IOException {
        files.rotate().append("new1\nnew2\nnew3\n").rename(".1", ".1.xz");
      }
    },
    GZIP_CUT_BEFORE_THE_PLACE {
      @Override
      void apply(LogFiles files) throws IOException {
        files.rotate().append("new1\nnew2\nnew3\n").gzip(".1").cutShort(".1.gz", 30);
      }
    },
    GZIP_CUT_BEHIND_THE_PLACE {
      @Override
      void apply(LogFiles files) throws IOException {
        files.append(lines("a", 101, 100_000)).rotate().append("new1\nnew2\nnew3\n").gzip(".1");
        files.cutShort(".1.gz", Files.size(files.path(".1.gz")) - 1000);
      }
    },
    LATER_GZIP_DAMAGED {
      @Override
      void apply(LogFiles files) throws IOException {
        files.rotate().append(lines("b", 1, 100_000)).rotate().append("new1\nnew2\nnew3\n").gzip(".2").gzip(".1");
        byte[] packed = Files.readAllBytes(files.path(".1.gz"));
        packed[packed.length / 2] ^= 1;
        Files.write(files.path(".1.gz"), packed);
      }
    };

    abstract void apply(LogFiles files) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void a_loss_is_a_gap_and_then_come_the_last_lines(Loss loss) throws IOException {
    files.append(lines("a", 1, 100));
    String cursor = readAll();
    loss.apply(files);

    try (Session session = Session.resume(files, cursor, 64 * MIB, 2).awaitText(GAP + "new2\nnew3\n")) {
      files.append("new4\n");

      session.awaitText(GAP + "new2\nnew3\nnew4\n");
      assertTrue(session.gaps().getFirst().contains(" "), session::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP_CUT_BEHIND_THE_PLACE", "LATER_GZIP_DAMAGED"})
  void a_gap_names_the_file_that_is_damaged(Loss loss) throws IOException {
    files.append(lines("a", 1, 100));
    String cursor = readAll();
    loss.apply(files);

    try (Session session = Session.resume(files, cursor).drain()) {
      assertTrue(session.gaps().getFirst().contains("'app.log.1.gz'"), session::toString);
    }
  }

  @Test
  void the_cursor_behind_a_gap_can_be_followed() throws IOException {
    files.append(lines("a", 1, 100));
    String lost = readAll();
    files.truncate().append(lines("b", 1, 100));
    Session session = Session.resume(files, lost, 64 * MIB, 1).awaitText(GAP + lines("b", 100, 100));
    String cursor = session.stop();
    files.append("after\n");

    assertGoesOnWith(cursor, "after\n");
  }

  @Test
  void twins_that_differ_after_the_place_are_a_gap() throws IOException {
    String header = "# the same in every file\n";
    files.append(header);
    String cursor = readAll();
    files.append("a\n").rotate().append(header + "b\n").rotate().append(header + "c\n").gzip(".2").gzip(".1");

    assertGapThenLastLine(cursor, 64 * MIB, "c\n");
  }

  // ---- how far

  @Test
  void as_much_backlog_as_is_allowed_is_read_and_a_byte_more_is_a_gap() throws IOException {
    files.append(lines("a", 1, 100));
    String cursor = readAll();
    files.append("0123456789\n");

    try (Session session = Session.resume(files, cursor, 11, 1)) {
      session.awaitText("0123456789\n");
    }
    assertGapThenLastLine(cursor, 10, "0123456789\n");
  }

  @Test
  void backlog_is_counted_over_all_generations_as_if_none_were_packed() throws IOException {
    files.append(lines("a", 1, 100));
    String cursor = readAll();
    files.append("x".repeat(99) + "\n").rotate().append("y".repeat(99) + "\n").rotate().append("z\n");
    files.gzip(".2");

    try (Session session = Session.resume(files, cursor, 202, 1)) {
      session.awaitText("x".repeat(99) + "\n" + "y".repeat(99) + "\nz\n");
    }
    assertGapThenLastLine(cursor, 201, "z\n");
  }

  @Test
  void no_more_is_unpacked_than_may_be_read() throws IOException {
    files.append(lines("a", 1, 100));
    String cursor = readAll();
    files.rotate().gzip(".1").rename(".1.gz", ".2.gz").append("z\n");
    writeZerosAndThenDamage(".1.gz", 100);

    try (Session session = Session.resume(files, cursor, 20 * MIB, 1).awaitText(GAP + "z\n")) {
      assertEquals(List.of("more than 20 MiB came since; the rest is skipped"), session.gaps());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 256, 1L << 40, Long.MAX_VALUE})
  void hostile_positions_read_no_more_than_is_allowed(long offset) throws IOException {
    files.append(lines("a", 1, 100_000));
    Position real = files.position(LIVE, 500);
    files.rotate().append(lines("b", 1, 100_000)).rotate().gzip(".2").append("c\n");
    Position forged = new Position(offset, real.head(), real.tail(), real.inode(), real.birth());
    for (long issued : new long[] {0, Long.MIN_VALUE, Long.MAX_VALUE}) {
      Instant instant = Instant.ofEpochMilli(issued);
      String cursor = new Cursor(LogFiles.NAME, instant, Collections.nCopies(4, forged)).toString();

      try (Session session = Session.resume(files, cursor, 1000, 1).awaitEnd("c\n")) {
        assertTrue(session.text().replace(GAP, "").length() <= 1000, session::toString);
      }
    }
  }

  // ---- at random

  @Test
  void whatever_happens_no_line_is_repeated_or_lost_without_a_gap() throws Exception {
    runModels(0, 8);
  }

  @Test
  @Tag("soak")
  void whatever_happens_for_long_no_line_is_repeated_or_lost_without_a_gap() throws Exception {
    for (int seed = 100; seed < 300; seed += 10) {
      runModels(seed, 10);
    }
  }

  /** All at once, because most of the time is spent in waiting for old files to be quiet. */
  private void runModels(int firstSeed, int seeds) throws Exception {
    List<Callable<Void>> runs = new ArrayList<>();
    for (RotationModel.Habit habit : RotationModel.Habit.values()) {
      for (int seed = firstSeed; seed < firstSeed + seeds; seed++) {
        boolean whileOpen = !habit.mayLose() && seed % 2 == 1;
        Path own = Files.createDirectory(directory.resolve(habit + " " + seed));
        RotationModel model = new RotationModel(own, habit, whileOpen, seed);
        runs.add(
            () -> {
              model.run(20);
              return null;
            });
      }
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(runs.size())) {
      for (Future<Void> run : threads.invokeAll(runs)) {
        run.get();
      }
    }
  }

  // ----

  /** Reads what is there and says where that ended. */
  private String readAll() {
    return cursorBehindAll(Follower.fromLastLines(files.log, LastLines.ALL));
  }

  private static String cursorBehindAll(Follower follower) {
    Session session = new Session(follower).drain();
    assertEquals(List.of(), session.gaps());
    return session.stop();
  }

  private String beforeTheFirstFile() {
    return new Cursor(LogFiles.NAME, Instant.now(), List.of(Position.BEFORE_THE_FIRST_FILE)).toString();
  }

  /** Behind {@code a1} in what is now app.log.1 and behind {@code b1} in the live file. */
  private String cursorInTwoFiles() throws IOException {
    files.append("a1\n");
    Session session = Session.fromTheStart(files).awaitText("a1\n");
    files.rotate().append("b1\n");
    session.awaitText("a1\nb1\n");
    return session.stop();
  }

  /** Exactly the text comes, and then what is written next. */
  private void assertGoesOnWith(String cursor, String text) throws IOException {
    try (Session session = Session.resume(files, cursor).awaitText(text)) {
      files.append("next\n");

      session.awaitText(text + "next\n");
      assertEquals(List.of(), session.gaps());
    }
  }

  private void assertGapThenLastLine(String cursor, long mostBehind, String line) throws IOException {
    try (Session session = Session.resume(files, cursor, mostBehind, 1).awaitText(GAP + line)) {
      files.append("next\n");

      session.awaitText(GAP + line + "next\n");
    }
  }

  private void writeZerosAndThenDamage(String suffix, int mib) throws IOException {
    Path one = directory.resolve("one");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(one))) {
      out.write(new byte[1 << 20]);
    }
    byte[] member = Files.readAllBytes(one);
    try (OutputStream out = Files.newOutputStream(files.path(suffix))) {
      for (int i = 0; i < mib; i++) {
        out.write(member);
      }
      member[member.length / 2] ^= 1;
      out.write(member);
    }
  }
}

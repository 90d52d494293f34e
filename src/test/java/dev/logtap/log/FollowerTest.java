package dev.logtap.log;

import static dev.logtap.log.LogFiles.lines;
import static dev.logtap.log.Session.GAP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A follower between two looks of which things happen. */
class FollowerTest {
  /** More than one file may give while newer ones have lines. */
  private static final int MANY = 300_000;

  @TempDir Path directory;

  private LogFiles files;

  @BeforeEach
  void noLogYet() {
    files = new LogFiles(directory);
  }

  @Test
  void backlog_of_a_renamed_file_comes_before_the_new_ones_however_long_it_is() throws IOException {
    String old = lines("old", 1, MANY);
    files.append(old);
    try (Session session = Session.fromTheStart(files)) {
      session.step();
      files.rotate().append("between\n").rotate().append("new\n");

      session.awaitText(old + "between\nnew\n");
    }
  }

  @Test
  void backlog_comes_in_its_order_after_resuming() throws IOException {
    files.append("start\n");
    String cursor = Session.fromTheStart(files).awaitText("start\n").stop();
    String old = lines("old", 1, MANY);
    files.append(old).rotate().append("between\n").rotate().append("new\n");

    try (Session session = Session.resume(files, cursor)) {
      session.awaitText(old + "between\nnew\n");
    }
  }

  @Test
  void what_is_written_to_a_file_of_twenty_rotations_ago_is_read() throws IOException {
    files.append("0\n");
    try (Session session = Session.fromTheStart(files)) {
      StringBuilder text = new StringBuilder("0\n");
      session.awaitText(text.toString());
      for (int i = 1; i <= 20; i++) {
        files.rotate().append(i + "\n");
        session.awaitText(text.append(i).append('\n').toString());
      }
      files.append(".20", "late\n");
      session.awaitText(text + "late\n");
    }
  }

  @Test
  void backlog_in_a_copy_comes_before_what_the_file_holds_now() throws IOException {
    String old = lines("old", 1, MANY);
    files.append(old);
    try (Session session = Session.fromTheStart(files)) {
      session.step();
      files.copyTruncate().append("new\n");

      session.awaitText(old + "new\n");
      assertEquals(List.of(), session.gaps());
    }
  }

  @Test
  void copies_are_given_out_at_once() throws IOException {
    files.append("");
    try (Session session = Session.fromTheStart(files).drain()) {
      files.append("1\n").copyTruncate().append("2\n");

      assertEquals("1\n2\n", session.drain().text());
    }
  }

  @Test
  void files_that_may_have_been_removed_unread_are_a_gap() throws IOException {
    files.append("read\n");
    try (Session session = Session.fromTheStart(files).drain()) {
      files.rotate().append("may be one of many\n").rotate().append("new\n").delete(".2");

      session.awaitEnd("new\n");
      assertEquals("read\n" + GAP + "may be one of many\nnew\n", session.text(), session::toString);
    }
  }

  @Test
  void removal_of_older_files_is_no_gap() throws IOException {
    files.append("older\n").rotate().append("read\n");
    try (Session session = Session.fromTheStart(files).drain()) {
      files.rotate().append("between\n").rotate().append("new\n").delete(".3");

      session.awaitText("read\nbetween\nnew\n");
    }
  }

  @Test
  void copy_that_lacks_what_was_seen_is_a_gap_at_its_end() throws IOException {
    String seen = lines("seen", 1, 10_000);
    String copied = seen.substring(0, seen.length() / 2);
    files.append(seen);
    try (Session session = Session.fromTheStart(files)) {
      session.step();
      String given = session.text();
      assertTrue(given.length() < copied.length(), () -> "given: " + given.length());
      files.append(".1", copied).gzip(".1").truncate().append("new\n");

      session.awaitEnd("new\n");
      int cut = copied.lastIndexOf('\n') + 1;
      assertEquals(copied.substring(0, cut), session.text().substring(0, cut));
      assertEquals(List.of("the file was truncated before all of it was read"), session.gaps());
    }
  }

  @Test
  void packed_copy_that_ends_long_before_what_was_read_is_not_read_again() throws IOException {
    String first = lines("first", 1, 10);
    String more = lines("more", 1, 20_000);
    files.append(first);
    try (Session session = Session.fromTheStart(files).drain()) {
      files.copy(LogFiles.LIVE, ".1").append(more);
      session.awaitText(first + more);
      files.truncate().gzip(".1").append("new\n");

      session.awaitText(first + more + "new\n");
      assertEquals(List.of(), session.gaps());
    }
  }

  /** As scripts do it: the file stays the same, and so does its inode. */
  @Test
  void copy_that_was_written_over_an_older_copy_is_read() throws IOException {
    files.append(".1", "older\n").append("");
    try (Session session = Session.fromTheStart(files).drain()) {
      files.append("1\n");
      Files.write(files.path(".1"), Files.readAllBytes(files.live));
      files.truncate().append("2\n");

      session.awaitText("1\n2\n");
    }
  }

  @Test
  void packed_file_without_what_was_written_to_it_too_late_is_not_read_again() throws IOException {
    files.append("old\n");
    try (Session session = Session.fromTheStart(files).drain()) {
      files.rotate().append("new\n");
      session.awaitText("old\nnew\n");
      files.gzipKeeping(".1", ".1.gz").append(".1", "late\n");
      session.awaitText("old\nnew\nlate\n");
      files.delete(".1").rotate().append("newest\n");

      session.awaitText("old\nnew\nlate\nnewest\n");
    }
  }

  @Test
  void file_that_was_packed_in_a_way_that_is_not_read_is_no_text() throws IOException {
    files.append("older\n").rotate().append("read\n");
    try (Session session = Session.fromTheStart(files).drain()) {
      FileTime written = Files.getLastModifiedTime(files.path(".1"));
      files.delete(".1").append(".1.Z", new byte[] {0x1f, (byte) 0x9d, (byte) 0x90, 'x', '\n'});
      Files.setLastModifiedTime(files.path(".1.Z"), written);
      files.rename(".1.Z", ".2.Z").rename(LogFiles.LIVE, ".1").append("new\n");

      session.awaitText("read\nnew\n");
      assertEquals(List.of(), session.gaps());
    }
  }

  @Test
  void directory_that_comes_later_brings_old_files_that_are_not_read() throws IOException {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    new LogFiles(elsewhere).append("old\n").rotate().append("read\n").awaitTick();
    files = new LogFiles(directory.resolve("mounted"));
    try (Session session = Session.fromTheStart(files).drain()) {
      Files.move(elsewhere, files.directory);

      session.awaitText("read\n");
      assertEquals("old\n", Files.readString(files.path(".1")));
    }
  }

  /** Whether the next reading may be waited for says what it would have been. */
  @Test
  void is_drained_exactly_where_asking_again_would_give_nothing() throws IOException {
    files.append("a\nb\nc\n");
    try (Follower follower = Follower.fromLastLines(files.log, LastLines.ALL).inPieces(4)) {
      assertFalse(follower.isDrained(), "before anything was asked for");
      follower.next();
      assertFalse(follower.isDrained(), "one piece of two");
      follower.next();
      assertTrue(follower.isDrained(), "all that there is");
      assertNull(follower.next());
      assertFalse(follower.isDrained(), "no lines");

      files.append("d\nu");
      follower.next();
      assertTrue(follower.isDrained(), "the rest of the line is still to come");
    }
  }

  @Test
  void is_not_drained_while_a_rotated_file_may_still_be_written() throws IOException {
    files.append("old\n");
    try (Follower follower = Follower.fromLastLines(files.log, LastLines.ALL)) {
      follower.next();
      files.rotate().append("new\n");
      Reading reading;
      do {
        reading = follower.next();
        assertFalse(follower.isDrained());
      } while (reading != null);
    }
  }

  @Test
  void is_not_drained_where_a_read_has_filled_its_buffer() throws IOException {
    files.append(lines("long", 1, MANY));
    try (Follower follower = Follower.fromLastLines(files.log, LastLines.ALL)) {
      follower.next();
      assertFalse(follower.isDrained());
    }
  }

  @Test
  void looks_again_soon_after_lines_that_were_not_followed_by_a_look() throws IOException {
    files.append("a\n");
    try (Follower follower = Follower.fromLastLines(files.log, LastLines.ALL)) {
      follower.next();
      Duration afterLines = follower.untilNextLook();
      follower.next();
      assertTrue(afterLines.compareTo(follower.untilNextLook()) < 0);
    }
  }
}

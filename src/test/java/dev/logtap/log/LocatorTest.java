package dev.logtap.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import dev.logtap.log.Locator.Place;
import dev.logtap.log.Locator.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocatorTest {
  private static final long MIB = 1 << 20;

  @TempDir Path directory;

  private LogFiles files;

  @BeforeEach
  void noLogYet() {
    files = new LogFiles(directory);
  }

  // ---- rename

  @Test
  void a_file_that_was_only_written_on_is_where_it_was() throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 50);
    files.append(LogFiles.lines("a", 101, 200));

    assertFound(position, "@50");
  }

  @Test
  void a_renamed_file_is_followed_by_all_that_came_after_it() throws IOException {
    files.append(LogFiles.lines("a", 1, 100)).rotate().append(LogFiles.lines("b", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    files.rotate().append(LogFiles.lines("c", 1, 100)).rotate().append(LogFiles.lines("d", 1, 100)).rotate();

    assertFound(position, ".3@500", ".2@0", ".1@0");

    files.append(LogFiles.lines("e", 1, 1));

    assertFound(position, ".3@500", ".2@0", ".1@0", "@0");
  }

  @Test
  void the_end_of_a_renamed_file_is_a_place_in_it() throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    long end = Files.size(files.live);
    Position position = files.position(LogFiles.LIVE, end);
    files.rotate().append("new\n");

    assertFound(position, ".1@" + end, "@0");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 255, 256, 257, 1023, 1024, 1025, 100_000})
  void content_alone_finds_the_place(int offset) throws IOException {
    files.append("a" + LogFiles.lines("a", 1, 10_000)).rotate().append("b" + LogFiles.lines("b", 1, 10_000));
    Position inA = withoutHint(files.position(".1", offset));
    Position inB = withoutHint(files.position(LogFiles.LIVE, offset));
    files.rotate().append("c" + LogFiles.lines("c", 1, 10_000));

    assertFound(inA, ".2@" + offset, ".1@0", "@0");
    assertFound(inB, ".1@" + offset, "@0");
  }

  @Test
  void a_new_file_with_the_same_inode_and_birth_time_is_not_taken_for_the_old() throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position old = files.position(LogFiles.LIVE, 500);
    files.delete(LogFiles.LIVE).append(LogFiles.lines("b", 1, 100));

    assertLost(old);

    FileIdentity reused = files.identity(LogFiles.LIVE);
    assertLost(new Position(old.offset(), old.head(), old.tail(), reused.inode(), reused.birth()));
  }

  @Test
  void a_file_that_shares_a_header_and_an_inode_is_not_taken_for_the_old() throws IOException {
    String header = "# the same in every file\n".repeat(100);
    files.append(header + LogFiles.lines("a", 1, 100));
    Position old = files.position(LogFiles.LIVE, header.length() + 500);

    files.truncate().append(header + LogFiles.lines("b", 1, 100));

    assertLost(old);
  }

  @Test
  void a_file_that_was_cut_is_not_taken_for_the_old() throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 1000);

    files.resize(999);

    assertLost(position);
  }

  // ---- copytruncate

  @Test
  void after_copytruncate_the_copy_is_read_on_and_then_the_live_file() throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    files.copyTruncate().append(LogFiles.lines("b", 1, 200));

    assertFound(position, ".1@500", "@0");

    files.copyTruncate().append("c\n");

    assertFound(position, ".2@500", ".1@0", "@0");
  }

  @Test
  void a_copy_whose_original_was_not_truncated_yet_is_not_read() throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    files.copy(LogFiles.LIVE, ".1").append(LogFiles.lines("a", 101, 200));

    assertFound(position, "@500");
    assertFound(withoutHint(position), "@500");
  }

  @Test
  void a_half_written_copy_is_not_read() throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    files.copy(LogFiles.LIVE, ".1").cutShort(".1", 800);

    assertFound(position, "@500");
  }

  // ---- gzip

  @Test
  void a_packed_generation_is_read_on_at_its_place() throws IOException {
    files.append(LogFiles.lines("a", 1, 200_000));
    Position position = files.position(LogFiles.LIVE, 2 * MIB);
    files.rotate().append("b\n").gzip(".1");

    assertFound(position, ".1.gz@" + 2 * MIB, "@0");

    files.rotate().append("c\n").rotate().append("d\n").gzip(".2");

    assertFound(position, ".3.gz@" + 2 * MIB, ".2.gz@0", ".1@0", "@0");
  }

  @Test
  void a_packed_generation_may_consist_of_several_members() throws IOException {
    files.append(LogFiles.lines("a", 1, 1000));
    byte[] text = Files.readAllBytes(files.live);
    Position position = files.position(LogFiles.LIVE, 9000);
    files.rotate().append("b\n").delete(".1");
    files.append(".1.gz", gzip(text, 0, 4000)).append(".1.gz", gzip(text, 4000, 8000));
    files.append(".1.gz", gzip(text, 8000, text.length));

    assertFound(position, ".1.gz@9000", "@0");
  }

  @Test
  void a_plain_file_is_preferred_to_the_packed_one_that_is_being_made_of_it() throws IOException {
    files.append(LogFiles.lines("a", 1, 1000));
    Position position = files.position(LogFiles.LIVE, 5000);
    files.rotate().append("b\n").gzipKeeping(".1", ".1.gz");

    assertFound(position, ".1@5000", "@0");
    assertFound(withoutHint(position), ".1@5000", "@0");

    files.cutShort(".1.gz", Files.size(files.path(".1.gz")) / 2);

    assertFound(position, ".1@5000", "@0");
    assertFound(withoutHint(position), ".1@5000", "@0");

    files.cutShort(".1.gz", 5);

    assertFound(withoutHint(position), ".1@5000", "@0");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 1000})
  void a_packed_generation_that_ends_before_the_place_is_not_it(int size) throws IOException {
    files.append(LogFiles.lines("a", 1, 200_000));
    Position position = files.position(LogFiles.LIVE, 2 * MIB);
    files.rotate().append("b\n").gzip(".1").cutShort(".1.gz", size);

    assertLost(position);
  }

  @Test
  void a_packed_generation_that_is_damaged_before_the_place_is_not_it() throws IOException {
    files.append(LogFiles.lines("a", 1, 200_000));
    Position position = files.position(LogFiles.LIVE, 2 * MIB);
    files.rotate().append("b\n").gzip(".1");
    byte[] packed = Files.readAllBytes(files.path(".1.gz"));
    Arrays.fill(packed, 2000, 3000, (byte) 0xff);
    Files.write(files.path(".1.gz"), packed);

    assertLost(position);
  }

  @Test
  void what_only_calls_itself_packed_is_not_it() throws IOException {
    files.append(LogFiles.lines("a", 1, 1000));
    Position position = files.position(LogFiles.LIVE, 5000);
    files.rotate().append("b\n").rename(".1", ".1.gz");

    assertLost(position);
  }

  // ---- what is missing

  @Test
  void a_hole_in_the_numbers_after_the_place_is_a_loss() throws IOException {
    Position position = threeRotationsAfterPosition();

    files.delete(".2");

    assertTrue(assertLost(position).contains("number 2"));
  }

  @Test
  void a_hole_in_the_numbers_just_before_the_live_file_is_a_loss() throws IOException {
    Position position = threeRotationsAfterPosition();

    files.delete(".1");

    assertTrue(assertLost(position).contains("number 1"));
  }

  @Test
  void a_hole_in_the_numbers_is_a_loss_among_packed_generations_too() throws IOException {
    Position position = threeRotationsAfterPosition();
    files.gzip(".3").gzip(".2").gzip(".1");
    assertFound(position, ".3.gz@500", ".2.gz@0", ".1.gz@0", "@0");

    files.delete(".2.gz");

    assertTrue(assertLost(position).contains("number 2"));
  }

  @Test
  void a_hole_in_the_numbers_before_the_place_is_none_of_its_business() throws IOException {
    files.append("older\n").rotate().append("old\n").rotate();
    Position position = threeRotationsAfterPosition();

    files.delete(".4");

    assertFound(position, ".3@500", ".2@0", ".1@0", "@0");
  }

  @Test
  void numbers_may_count_down_to_nought() throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    files.awaitTick().rename(LogFiles.LIVE, ".1").append("b\n");
    files.awaitTick().rename(LogFiles.LIVE, ".0").append("c\n");

    assertFound(position, ".1@500", ".0@0", "@0");
  }

  @ParameterizedTest
  @ValueSource(strings = {".xz", ".zst", ".bz2", ".lz4"})
  void a_later_generation_that_is_packed_unreadably_is_a_loss(String packer) throws IOException {
    Position position = threeRotationsAfterPosition();

    pack(".1", packer);

    assertLost(position);
  }

  @ParameterizedTest
  @ValueSource(strings = {".xz", ".zst", ".bz2", ".lz4"})
  void the_place_itself_in_a_file_that_is_packed_unreadably_is_a_loss(String packer) throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    files.rotate().append("b\n");

    pack(".1", packer);

    assertLost(position);
  }

  @ParameterizedTest
  @ValueSource(strings = {".xz", ".zst", ".bz2", ".lz4"})
  void older_generations_may_be_packed_in_any_way(String packer) throws IOException {
    files.append("older\n").rotate().append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    files.rotate().append("b\n").awaitTick();

    pack(".2", packer);

    assertFound(position, ".1@500", "@0");
  }

  @Test
  void a_later_generation_that_was_packed_before_older_ones_is_not_forgotten() throws IOException {
    Position position = threeRotationsAfterPosition();

    files.gzip(".1");

    if (locate(position) instanceof Result.Found) {
      assertFound(position, ".3@500", ".2@0", ".1.gz@0", "@0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".gz", ".xz"})
  void a_dated_one_that_was_packed_before_older_ones_is_not_forgotten(String packer) throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    files.awaitTick().rename(LogFiles.LIVE, "-20261121").append("b\n");
    files.awaitTick().rename(LogFiles.LIVE, "-20261122").append("c\n");

    pack("-20261122", packer);

    assertLost(position);
  }

  // ---- names

  @Test
  void numbers_may_count_upwards() throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position first = files.position(LogFiles.LIVE, 500);
    files.awaitTick().rename(LogFiles.LIVE, ".1").append("b\n");
    files.awaitTick().rename(LogFiles.LIVE, ".2").append(LogFiles.lines("c", 1, 100));
    Position third = files.position(LogFiles.LIVE, 500);
    files.awaitTick().rename(LogFiles.LIVE, ".3").append("d\n");

    assertFound(first, ".1@500", ".2@0", ".3@0", "@0");
    assertFound(third, ".3@500", "@0");

    files.gzip(".1").gzip(".2");

    assertFound(first, ".1.gz@500", ".2.gz@0", ".3@0", "@0");
    assertFound(third, ".3@500", "@0");
  }

  @Test
  void a_hole_in_numbers_that_count_upwards_is_a_loss() throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    files.awaitTick().rename(LogFiles.LIVE, ".1").append("b\n");
    files.awaitTick().rename(LogFiles.LIVE, ".2").append("c\n");
    files.awaitTick().rename(LogFiles.LIVE, ".3").append("d\n");

    files.delete(".2");

    assertLost(position);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-20261121 -20261122 -20261123",
        "-20261121.gz -20261122.gz -20261123",
        "-2026112122.gz -2026112123.gz -2026112200.gz",
        ".2026-11-21 .2026-11-22 .2026-11-23",
        "-20261121-1763700000 -20261122-1763800000 -20261123-1763900000",
      })
  void dates_are_names_of_generations(String names) throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    String[] suffixes = names.split(" ");
    for (String suffix : suffixes) {
      String plain = suffix.replace(".gz", "");
      files.awaitTick().rename(LogFiles.LIVE, plain);
      if (!plain.equals(suffix)) {
        files.gzip(plain);
      }
      files.append("after " + suffix + "\n");
    }

    assertFound(position, suffixes[0] + "@500", suffixes[1] + "@0", suffixes[2] + "@0", "@0");
  }

  @Test
  void one_old_generation_may_be_called_old() throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    files.append("").awaitTick().rename(LogFiles.LIVE, ".old").append("b\n");
    Position inB = files.position(LogFiles.LIVE, 1);

    assertFound(position, ".old@500", "@0");
    assertFound(inB, "@1");
  }

  @ParameterizedTest
  @ValueSource(strings = {".bak", ".orig", ".save", "-copy", ".gz", ".1.bak", ".1.orig", ".bak.gz", "-2026-bak"})
  void copies_by_an_administrator_are_no_generations(String suffix) throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    files.rotate().append(LogFiles.lines("b", 1, 100));
    files.append("copied", suffix.endsWith(".gz") ? gzip(new byte[] {'x', '\n'}, 0, 2) : new byte[] {'x', '\n'});
    files.awaitTick().rename("copied", suffix);

    assertFound(position, ".1@500", "@0");
  }

  @Test
  void a_file_that_an_administrator_moved_away_is_still_where_reading_goes_on() throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    files.awaitTick().rename(LogFiles.LIVE, ".bak").append("b\n");

    assertFound(position, ".bak@500", "@0");
  }

  @Test
  void a_log_whose_name_begins_alike_is_another_log() throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    files.awaitTick().rename(LogFiles.LIVE, "2").append("b\n");

    assertLost(position);
  }

  @Test
  void planted_links_directories_and_fifos_are_no_generations() throws Exception {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    files.rotate().append("b\n");
    Path secret = Files.writeString(directory.resolve("secret"), "secret\n");
    Files.createSymbolicLink(files.path(".0"), secret);
    Files.createDirectory(files.path(".2"));
    assertEquals(0, new ProcessBuilder("mkfifo", files.path(".3").toString()).start().waitFor());

    // Opening a FIFO blocks until a writer comes.
    assertTimeoutPreemptively(Await.DEADLINE, () -> assertFound(position, ".1@500", "@0"));
    files.rename(".1", "2");
    assertTimeoutPreemptively(Await.DEADLINE, () -> assertLost(position));
  }

  @Test
  void the_newest_32_generations_count() throws IOException {
    files.append(LogFiles.lines("a", 1, 100)).rotate();
    Position oldest = files.position(".1", 500);
    files.append(LogFiles.lines("b", 1, 100)).rotate();
    Position second = files.position(".1", 500);
    files.append(LogFiles.lines("c", 1, 100)).rotate();
    Position third = files.position(".1", 500);
    for (int i = 0; i < 31; i++) {
      files.append("later\n").rotate();
    }
    files.append("live\n");

    List<Place> places = assertInstanceOf(Result.Found.class, locate(third)).places();

    assertEquals(33, places.size());
    assertEquals(".32", places.getFirst().file().suffix());
    assertLost(second);
    assertLost(oldest);
  }

  // ---- twins

  @Test
  void generations_that_are_alike_before_the_place_and_differ_after_it_are_a_loss() throws IOException {
    String common = LogFiles.lines("common", 1, 100);
    files.append(common + "a\n");
    Position position = withoutHint(files.position(LogFiles.LIVE, common.length()));
    files.rotate().append(common + "b\n").rotate().append("live\n");

    String why = assertLost(position);

    assertTrue(why.contains("app.log.2") && why.contains("app.log.1"), why);
  }

  @Test
  void a_packed_generation_and_a_plain_one_that_differ_after_the_place_are_a_loss() throws IOException {
    String header = "# the same in every file\n";
    files.append(header + LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, header.length());

    files.rotate().append(header + LogFiles.lines("b", 1, 100)).gzip(".1");

    assertLost(position);
  }

  @Test
  void packed_generations_that_differ_after_the_place_are_a_loss() throws IOException {
    String header = "# the same in every file\n";
    files.append(header + LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, header.length());

    files.rotate().append(header + LogFiles.lines("b", 1, 100)).rotate().append("live\n").gzip(".1").gzip(".2");

    assertLost(position);
  }

  @Test
  void twins_are_told_apart_by_the_inode_where_it_is_still_there() throws IOException {
    String header = "# the same in every file\n";
    files.append(header + LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, header.length());

    files.rotate().append(header + LogFiles.lines("b", 1, 100)).rotate().append("live\n");

    assertFound(position, ".2@" + header.length(), ".1@0", "@0");
  }

  // ---- before the first byte

  @Test
  void before_the_first_file_there_is_nothing_to_read_and_nothing_lost() throws IOException {
    assertFound(Position.BEFORE_THE_FIRST_FILE);
  }

  @Test
  void all_files_that_were_made_since_come_after_the_beginning() throws IOException {
    files.append("older\n").rotate();
    Instant issued = Instant.now();
    files.awaitTick().append("a\n").rotate().append("b\n").rotate().append("c\n");

    assertFound(Position.BEFORE_THE_FIRST_FILE, issued, ".2@0", ".1@0", "@0");
  }

  @Test
  void an_empty_file_that_was_renamed_is_read_from_its_beginning() throws IOException {
    files.append("older\n").rotate().append("");
    Position position = files.position(LogFiles.LIVE, 0);
    Instant issued = Instant.now();
    files.awaitTick().append("a\n").rotate().append("b\n").rotate().append("c\n");

    assertFound(position, issued, ".2@0", ".1@0", "@0");
  }

  @Test
  void an_empty_file_that_was_packed_since_is_read_from_its_beginning() throws IOException {
    files.append("older\n").rotate().append("");
    Position position = files.position(LogFiles.LIVE, 0);
    Instant issued = Instant.now();
    files.awaitTick().append("a\n").rotate().append("b\n").gzip(".1");

    assertFound(position, issued, ".1.gz@0", "@0");
  }

  @Test
  void what_was_written_before_and_only_packed_since_is_not_read_again() throws IOException {
    files.append("older\n").rotate().append("");
    Position position = files.position(LogFiles.LIVE, 0);
    Instant issued = Instant.now();
    files.awaitTick().append("a\n").rotate().append("b\n").gzip(".2");

    assertFound(position, issued, ".1@0", "@0");
  }

  @Test
  void an_empty_file_that_is_gone_may_have_been_written_to() throws IOException {
    files.append("");
    Position position = files.position(LogFiles.LIVE, 0);
    files.append("a\n").rotate().append("b\n").delete(".1");

    assertLost(position);
  }

  @Test
  void a_hole_in_the_numbers_of_what_was_made_since_is_a_loss() throws IOException {
    files.append("");
    Position position = files.position(LogFiles.LIVE, 0);
    Instant issued = Instant.now();
    files.append("a\n").rotate().append("b\n").rotate().append("c\n").rotate().append("d\n").delete(".2");

    assertInstanceOf(Result.Lost.class, locate(position, issued));
  }

  @Test
  void what_was_packed_unreadably_since_is_a_loss() throws IOException {
    files.append("");
    Position position = files.position(LogFiles.LIVE, 0);
    Instant issued = Instant.now();
    files.append("a\n").rotate().append("b\n").awaitTick();

    pack(".1", ".xz");

    assertInstanceOf(Result.Lost.class, locate(position, issued));
  }

  // ---- what a stranger's cursor may cost

  @Test
  void a_place_deep_in_a_packed_file_is_searched_for_within_a_budget() throws IOException {
    files.append("live\n");
    writeZeros(".1.gz", 1024);

    assertFound(zerosAt(200 * MIB), ".1.gz@" + 200 * MIB, "@0");
    assertLost(zerosAt(257 * MIB));
    assertLost(zerosAt(1000 * MIB));
    assertLost(zerosAt(Long.MAX_VALUE));
  }

  @Test
  void the_budget_is_for_all_packed_files_and_all_positions_of_a_search() throws IOException {
    files.append("live\n");
    for (int number = 5; number > 0; number--) {
      writeZeros("." + number + ".gz", 100);
    }
    Position inNone = new Position(90 * MIB, zerosAt(1024).head(), 0, 0, 0);
    Locator locator = new Locator(files.generations());

    assertInstanceOf(Result.Lost.class, locator.locate(inNone, Instant.now()));

    assertInstanceOf(Result.Lost.class, locator.locate(zerosAt(MIB), Instant.now()));
    assertInstanceOf(Result.Found.class, locate(zerosAt(MIB)));
  }

  @Test
  void hostile_positions_are_lost_and_nothing_worse() throws IOException {
    files.append(LogFiles.lines("a", 1, 100)).rotate().append(LogFiles.lines("b", 1, 100)).gzip(".1");
    Position real = files.position(LogFiles.LIVE, 500);
    for (long offset : new long[] {1, 499, 501, 1 << 20, Integer.MAX_VALUE, 1L << 31, 1L << 32, Long.MAX_VALUE}) {
      assertLost(new Position(offset, real.head(), real.tail(), real.inode(), real.birth()));
      assertLost(new Position(offset, real.head(), 0, 0, 0));
    }
    for (Instant issued : new Instant[] {Instant.MIN, Instant.MAX, Instant.ofEpochMilli(Long.MIN_VALUE)}) {
      assertFound(real, issued, "@500");
    }
  }

  // ----

  private Position threeRotationsAfterPosition() throws IOException {
    files.append(LogFiles.lines("a", 1, 100));
    Position position = files.position(LogFiles.LIVE, 500);
    files.rotate().append("b\n").rotate().append("c\n").rotate().append("d\n");
    return position;
  }

  /** As xz(1) and its like do it: another file with the old time stamp. */
  private void pack(String suffix, String packer) throws IOException {
    FileTime modified = Files.getLastModifiedTime(files.path(suffix));
    files.delete(suffix).append(suffix + packer, "packed");
    Files.setLastModifiedTime(files.path(suffix + packer), modified);
  }

  private void assertFound(Position position, String... places) throws IOException {
    assertFound(position, Instant.now(), places);
  }

  private void assertFound(Position position, Instant issued, String... places) throws IOException {
    Result.Found found = assertInstanceOf(Result.Found.class, locate(position, issued));
    List<String> names = found.places().stream().map(place -> place.file().suffix() + "@" + place.offset()).toList();
    assertEquals(List.of(places), names);
  }

  /** The reason, which is a sentence. */
  private String assertLost(Position position) throws IOException {
    String why = assertInstanceOf(Result.Lost.class, locate(position)).why();
    assertTrue(why.contains(" "), why);
    return why;
  }

  private Result locate(Position position) throws IOException {
    return locate(position, Instant.now());
  }

  private Result locate(Position position, Instant issued) throws IOException {
    return new Locator(files.generations()).locate(position, issued);
  }

  private static Position withoutHint(Position position) {
    return new Position(position.offset(), position.head(), position.tail(), 0, 0);
  }

  private static byte[] gzip(byte[] bytes, int from, int to) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes, from, to - from);
    }
    return packed.toByteArray();
  }

  /** Many MiB of zeros in a few KiB: members of a MiB each. */
  private void writeZeros(String suffix, int mib) throws IOException {
    byte[] one = gzip(new byte[1 << 20], 0, 1 << 20);
    try (OutputStream out = Files.newOutputStream(files.path(suffix))) {
      for (byte[] member : Collections.nCopies(mib, one)) {
        out.write(member);
      }
    }
  }

  private static Position zerosAt(long offset) {
    byte[] zeros = new byte[Position.TAIL];
    return new Position(offset, Fingerprint.of(zeros, 0, Position.HEAD), Fingerprint.of(zeros, 0, Position.TAIL), 0, 0);
  }
}

package dev.logtap.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.logtap.log.Reading.Lines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {
  private static final int PART = LineReader.PART;

  @TempDir Path directory;

  private LogFiles files;
  private final List<LineReader> opened = new ArrayList<>();

  @BeforeEach
  void anEmptyLog() throws IOException {
    files = new LogFiles(directory).append("");
  }

  @AfterEach
  void closeReaders() throws IOException {
    for (LineReader reader : opened) {
      reader.close();
    }
  }

  // ---- lines

  @Test
  void only_finished_lines_are_given_out() throws IOException {
    files.append("one\ntwo\nthr");
    LineReader reader = reader(0);

    assertEquals("one\ntwo\n", text(reader));
    assertTrue(reader.holdsUnfinishedLine());
    assertEquals(11, reader.offsetRead());
    assertEquals(8, reader.position().offset());

    files.append("ee\nfour\n");

    assertEquals("three\nfour\n", text(reader));
    assertFalse(reader.holdsUnfinishedLine());
    assertNull(reader.rest());
  }

  @Test
  void the_rest_is_the_unfinished_line_once() throws IOException {
    files.append("one\ntwo");
    LineReader reader = reader(0);
    assertEquals("one\n", text(reader));

    assertEquals("two", string(reader.rest()));
    assertNull(reader.rest());
    assertEquals(7, reader.position().offset());
  }

  @Test
  void reading_begins_at_the_offset_and_ends_at_the_limit() throws IOException {
    files.append("one\ntwo\nthree\n");

    assertEquals("two\nthree\n", text(reader(4)));
    LineReader limited = open(new LineReader(plainFile(), 4, 10));
    assertEquals("two\n", text(limited));
    files.append("four\n");
    assertEquals("", text(limited));
    assertEquals("th", string(limited.rest()));
  }

  @Test
  void an_offset_behind_the_end_is_refused() throws IOException {
    files.append("one\n");

    try (PlainFile file = plainFile()) {
      assertThrows(IOException.class, () -> new LineReader(file, 5));
    }
  }

  @Test
  void lines_hold_whole_lines_of_bytes_whatever_they_are() throws IOException {
    byte[] all = new byte[3 * 256 * 1024];
    new Random(1).nextBytes(all);
    files.append(LogFiles.LIVE, all);
    LineReader reader = reader(0);

    byte[] read = join(drain(reader));

    assertEquals('\n', read[read.length - 1]);
    assertArrayEquals(Arrays.copyOf(all, read.length), read);
    assertArrayEquals(Arrays.copyOfRange(all, read.length, all.length), Piece.of(reader.rest()).bytes);
  }

  // ---- parts

  static List<Integer> lengthsAroundParts() {
    List<Integer> lengths = new ArrayList<>();
    for (int parts = 1; parts <= 3; parts++) {
      for (int more = -2; more <= 2; more++) {
        lengths.add(parts * PART + more);
      }
    }
    return lengths;
  }

  @ParameterizedTest
  @MethodSource("lengthsAroundParts")
  void a_line_comes_in_parts_only_if_it_is_longer_than_one(int length) throws IOException {
    for (String lineEnd : List.of("\n", "\r\n", "")) {
      for (String neighbours : List.of("", "short\n\nlines\r\n")) {
        files.truncate().append(neighbours + "x".repeat(length) + lineEnd + (lineEnd.isEmpty() ? "" : neighbours));
        LineReader reader = reader(0);

        List<Piece> pieces = drainWithRest(reader);

        assertArrayEquals(Files.readAllBytes(files.live), join(pieces));
        assertEquals((length - 1) / PART, pieces.stream().filter(Piece::partial).count());
        pieces.stream().filter(Piece::partial).forEach(part -> assertEquals(PART, part.bytes.length));
        pieces.forEach(LineReaderTest::assertWellFormed);
      }
    }
  }

  @Test
  void a_line_of_one_part_waits_for_both_bytes_of_its_end() throws IOException {
    files.append("x".repeat(PART));
    LineReader reader = reader(0);
    assertEquals(List.of(), drain(reader));

    files.append("\r");
    assertEquals(List.of(), drain(reader));
    files.append("\n");

    List<Piece> pieces = drain(reader);
    assertEquals(1, pieces.size());
    assertFalse(pieces.getFirst().partial);
    assertEquals(PART + 2, pieces.getFirst().bytes.length);
  }

  @Test
  void a_carriage_return_that_ends_no_line_belongs_to_the_next_part() throws IOException {
    files.append("x".repeat(PART) + "\ry\n");

    List<Piece> pieces = drain(reader(0));

    assertEquals(2, pieces.size());
    assertEquals("\ry\n", string(pieces.getLast().bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00e4", "\u20ac", "\ud83d\ude00"})
  void no_part_cuts_a_character(String character) throws IOException {
    int width = character.getBytes(UTF_8).length;
    for (int shift = 0; shift < width; shift++) {
      files.truncate().append("x".repeat(shift) + character.repeat(2 * PART / width + 2) + "\n");

      List<Piece> pieces = drain(reader(0));

      assertArrayEquals(Files.readAllBytes(files.live), join(pieces));
      assertTrue(pieces.size() >= 3);
      for (Piece piece : pieces) {
        assertWellFormed(piece);
        assertFalse(string(piece.bytes).contains("\ufffd"));
        assertTrue(!piece.partial || piece.bytes.length > PART - width);
      }
    }
  }

  @Test
  void bytes_that_are_no_characters_are_cut_anywhere_but_come_whole() throws IOException {
    byte[] line = new byte[2 * PART + 7];
    Arrays.fill(line, (byte) 0x80);
    files.append(LogFiles.LIVE, line).append("\n");

    List<Piece> pieces = drain(reader(0));

    assertEquals(3, pieces.size());
    assertArrayEquals(Files.readAllBytes(files.live), join(pieces));
  }

  @Test
  void reading_can_begin_between_the_parts_of_a_line() throws IOException {
    files.append("x".repeat(2 * PART) + "y\nz\n");
    LineReader reader = reader(0);
    assertEquals(PART, reader.next().length());

    LineReader other = reader(reader.position().offset());

    assertEquals("x".repeat(PART), string(other.next()));
    assertEquals("y\nz\n", text(other));
  }

  @Test
  void what_is_written_in_pieces_is_read_as_if_it_had_been_there() throws IOException {
    Random random = new Random(7);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (int i = 0; i < 400; i++) {
      int length = random.nextInt(50) == 0 ? random.nextInt(5 * PART / 2) : random.nextInt(20_000);
      whole.write("x".repeat(length).getBytes(UTF_8));
      whole.write(random.nextBoolean() ? "\n".getBytes(UTF_8) : "\r\n".getBytes(UTF_8));
    }
    byte[] bytes = whole.toByteArray();
    LineReader reader = reader(0);
    List<Piece> pieces = new ArrayList<>();

    for (int from = 0; from < bytes.length; ) {
      int to = Math.min(bytes.length, from + 1 + random.nextInt(200_000));
      files.append(LogFiles.LIVE, Arrays.copyOfRange(bytes, from, to));
      pieces.addAll(drain(reader));
      from = to;
    }

    assertArrayEquals(bytes, join(pieces));
    pieces.forEach(LineReaderTest::assertWellFormed);
    assertFalse(reader.holdsUnfinishedLine());
  }

  @Test
  void memory_is_bounded_whatever_the_length_of_a_line() throws IOException {
    long size = 1 << 30;
    files.resize(size);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    LineReader reader = reader(0);
    long before = threads.getCurrentThreadAllocatedBytes();
    long given = 0;
    int parts = 0;

    for (Lines lines = reader.next(); lines != null; lines = reader.next()) {
      given += lines.length();
      parts++;
      assertTrue(lines.partial());
      assertTrue(lines.bytes().length < 2 * PART);
    }

    assertEquals(size / PART - 1, parts);
    assertEquals(size - PART, given);
    assertEquals(PART, reader.rest().length());
    assertNull(reader.rest());
    assertTrue(threads.getCurrentThreadAllocatedBytes() - before < 8 * PART);
  }

  // ---- positions

  @Test
  void the_position_tells_of_the_bytes_before_it_wherever_it_is() throws IOException {
    Random random = new Random(3);
    LineReader reader = reader(0);
    assertPositionIsOfTheFile(reader);
    for (int i = 0; i < 300; i++) {
      files.append("x".repeat(random.nextInt(10) == 0 ? random.nextInt(400_000) : random.nextInt(300)) + "\nhalf");
      for (Lines lines = reader.next(); lines != null; lines = reader.next()) {
        assertPositionIsOfTheFile(reader);
      }
      if (random.nextInt(10) == 0) {
        reader = reader(reader.position().offset());
        assertPositionIsOfTheFile(reader);
      }
    }
  }

  @Test
  void the_position_names_the_file_it_is_in() throws IOException {
    FileIdentity identity = FileIdentity.of(PlainFile.look(files.live));

    Position position = reader(0).position();

    assertEquals(identity.inode(), position.inode());
    assertEquals(identity.birth(), position.birth());
    assertTrue(position.isHintFor(identity));
    assertEquals(Files.getAttribute(files.live, "unix:ino"), identity.inode());
  }

  // ---- replaced

  @ParameterizedTest
  @CsvSource({"40, shorter", "100, of the same length", "5000, longer"})
  void other_content_is_noticed_by_itself_not_by_its_length(int lines, String what) throws IOException {
    files.append(LogFiles.lines("old", 1, 100));
    LineReader reader = reader(0);
    String before = text(reader);
    Position position = reader.position();

    files.truncate().append(LogFiles.lines("new", 1, lines));

    assertNull(reader.next(), what);
    assertTrue(reader.replaced(), what);
    assertNull(reader.next(), what);
    assertEquals(LogFiles.lines("old", 1, 100), before);
    assertEquals(position, reader.position());
  }

  @Test
  void content_that_differs_in_one_byte_behind_an_equal_beginning_is_noticed() throws IOException {
    String header = "# time, message\n".repeat(500);
    files.append(header + "a\n");
    LineReader reader = reader(0);
    text(reader);

    files.truncate().append(header + "b\nc\n");

    assertNull(reader.next());
    assertTrue(reader.replaced());
  }

  @Test
  void an_emptied_file_is_noticed_before_anything_is_written_to_it() throws IOException {
    files.append("a\n");
    LineReader reader = reader(2);

    files.truncate();

    assertNull(reader.next());
    assertTrue(reader.replaced());
  }

  @Test
  void the_same_content_written_anew_is_not_replaced() throws IOException {
    files.append("same\n");
    LineReader reader = reader(0);
    text(reader);

    files.truncate().append("same\nmore\n");

    assertEquals("more\n", text(reader));
    assertFalse(reader.replaced());
  }

  @Test
  void the_unfinished_line_of_a_replaced_file_is_still_there() throws IOException {
    files.append("one\nhal");
    LineReader reader = reader(0);
    assertEquals("one\n", text(reader));

    files.truncate().append("something else that is longer\n");

    assertNull(reader.next());
    assertTrue(reader.replaced());
    assertEquals(4, reader.position().offset());
    assertEquals("hal", string(reader.rest()));
  }

  @Test
  void a_replacement_is_noticed_between_two_buffers() throws IOException {
    files.append("old\n".repeat(200_000));
    LineReader reader = reader(0);
    assertTrue(reader.next().length() < 400_000);

    files.truncate().append("new\n".repeat(200_000));

    assertNull(reader.next());
    assertTrue(reader.replaced());
  }

  // ---- holes

  @ParameterizedTest
  @ValueSource(ints = {1, 255, 256, 257, 1023, 1024, 1025, 65_536, 3 << 20})
  void the_hole_of_a_truncated_file_is_skipped(int hole) throws IOException {
    files.writeAt(hole, "after\n");
    LineReader reader = open(new LineReader(plainFile(), 0).skippingHole());

    assertEquals("after\n", text(reader));
    assertEquals(hole + 6, reader.position().offset());
    assertPositionIsOfTheFile(reader);
  }

  @Test
  void a_hole_that_nothing_follows_yet_is_skipped_when_something_does() throws IOException {
    files.resize(500_000);
    LineReader reader = open(new LineReader(plainFile(), 0).skippingHole());
    assertEquals("", text(reader));
    assertNull(reader.rest());

    files.append("after\n");

    assertEquals("after\n", text(reader));
  }

  @Test
  void an_empty_file_may_get_its_hole_later() throws IOException {
    LineReader reader = open(new LineReader(plainFile(), 0).skippingHole());
    assertEquals("", text(reader));

    files.writeAt(70_000, "after\n");

    assertEquals("after\n", text(reader));
  }

  @Test
  void nuls_behind_text_are_text() throws IOException {
    files.append("a\n\0\0\0b\n\0\n");
    LineReader reader = open(new LineReader(plainFile(), 0).skippingHole());

    assertEquals("a\n\0\0\0b\n\0\n", text(reader));
  }

  @Test
  void nuls_are_text_where_no_hole_is_expected() throws IOException {
    files.append("\0\0a\n\0b\n");

    assertEquals("\0\0a\n\0b\n", text(reader(0)));
    assertEquals("\0b\n", text(open(new LineReader(plainFile(), 4).skippingHole())));
  }

  // ----

  /** A copy of {@link Lines}, whose bytes hold only until the next call. */
  private record Piece(byte[] bytes, boolean partial) {
    static Piece of(Lines lines) {
      return new Piece(Arrays.copyOfRange(lines.bytes(), lines.from(), lines.to()), lines.partial());
    }
  }

  private LineReader reader(long offset) throws IOException {
    return open(new LineReader(plainFile(), offset));
  }

  private LineReader open(LineReader reader) {
    opened.add(reader);
    return reader;
  }

  private PlainFile plainFile() throws IOException {
    return PlainFile.open(files.log);
  }

  private static List<Piece> drain(LineReader reader) throws IOException {
    List<Piece> pieces = new ArrayList<>();
    for (Lines lines = reader.next(); lines != null; lines = reader.next()) {
      pieces.add(Piece.of(lines));
    }
    return pieces;
  }

  private static List<Piece> drainWithRest(LineReader reader) throws IOException {
    List<Piece> pieces = drain(reader);
    for (Lines rest = reader.rest(); rest != null; rest = reader.rest()) {
      pieces.add(Piece.of(rest));
    }
    return pieces;
  }

  private static byte[] join(List<Piece> pieces) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    pieces.forEach(piece -> bytes.writeBytes(piece.bytes));
    return bytes.toByteArray();
  }

  private static String text(LineReader reader) throws IOException {
    return string(join(drain(reader)));
  }

  private static String string(Lines lines) {
    return string(Piece.of(lines).bytes);
  }

  private static String string(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  /** As {@link Lines} promises: whole lines none of which is too long, or one piece without a line end. */
  private static void assertWellFormed(Piece piece) {
    String text = new String(piece.bytes, ISO_8859_1);
    assertFalse(text.isEmpty());
    if (piece.partial || !text.endsWith("\n")) {
      assertFalse(text.contains("\n"));
      assertTrue(text.length() <= PART);
    } else {
      text.lines().forEach(line -> assertTrue(line.length() <= PART));
    }
  }

  private void assertPositionIsOfTheFile(LineReader reader) throws IOException {
    byte[] bytes = Files.readAllBytes(files.live);
    Position position = reader.position();
    int offset = (int) position.offset();
    assertEquals(Fingerprint.of(bytes, 0, Math.min(256, offset)), position.head());
    assertEquals(Fingerprint.of(bytes, Math.max(0, offset - 1024), offset), position.tail());
  }
}

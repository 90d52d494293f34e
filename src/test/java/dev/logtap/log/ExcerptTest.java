package dev.logtap.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import dev.logtap.log.Reading.Lines;
import dev.logtap.log.UnreadableLogException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExcerptTest {
  /** The size of the blocks in which a file is read backwards. */
  private static final int BLOCK = 64 << 10;

  private static final long[] COUNTS = {0, 1, 2, 3, 10, 50, 1000, LastLines.ALL};

  @TempDir Path directory;

  private LogFiles files;

  @BeforeEach
  void noLogYet() {
    files = new LogFiles(directory);
  }

  // ---- as GNU tail

  static Stream<Arguments> nastyFiles() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("empty", new byte[0]);
    files.put("one newline", bytes("\n"));
    files.put("three newlines", bytes("\n\n\n"));
    files.put("only newlines", bytes("\n".repeat(200_000)));
    files.put("one byte", bytes("a"));
    files.put("one line", bytes("a\n"));
    files.put("no final newline", bytes(LogFiles.lines("a", 1, 70) + "unfinished"));
    files.put("a last line of one NUL", bytes("a\n\0"));
    files.put("CRLF", bytes("a\r\nb\r\n\r\nc\r\n".repeat(30)));
    files.put("CRLF cut between CR and LF", bytes("a\r\nb\r\nc\r"));
    files.put("carriage returns alone", bytes("a\rb\rc\r"));
    files.put("blank lines", bytes("\n\na\n\n\nb\n \n\t\n".repeat(9) + "\n\n"));
    files.put("many lines", bytes(LogFiles.lines("many", 1, 20_000)));
    files.put("all byte values", allByteValues());
    files.put("random bytes", randomBytes(1_000_003));
    files.put("3 MB line", bytes("x".repeat(3_000_000) + "\n"));
    files.put("3 MB line without newline", bytes("x".repeat(3_000_000)));
    files.put("3 MB lines among others", bytes(("a\n" + "x".repeat(3_000_000) + "\r\nb\n").repeat(3) + "c"));
    for (int off = -1; off <= 1; off++) {
      files.put("lines end at block edges " + off, linesEndingAt(off, true));
      files.put("lines end at block edges " + off + ", the last does not", linesEndingAt(off, false));
      files.put("one line to a block edge " + off, bytes("x".repeat(2 * BLOCK + off - 1) + "\n"));
      files.put("newlines to a block edge " + off, bytes("\n".repeat(2 * BLOCK + off)));
    }
    return files.entrySet().stream()
        .flatMap(file -> Arrays.stream(COUNTS).mapToObj(n -> Arguments.of(file.getKey(), n, file.getValue())));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("nastyFiles")
  void last_lines_are_those_of_gnu_tail_to_the_byte(String name, long count, byte[] content) throws Exception {
    Files.write(files.live, content);

    byte[] ours = read(count);

    assertArrayEquals(gnuTail(count), ours, name);
  }

  @Test
  void random_files_give_what_gnu_tail_gives() throws Exception {
    Random random = new Random(11);
    for (int i = 0; i < 150; i++) {
      byte[] content = new byte[random.nextInt(random.nextInt(3) == 0 ? 4 * BLOCK : 300)];
      int newlineOnceIn = 1 + random.nextInt(2000);
      for (int at = 0; at < content.length; at++) {
        content[at] = (byte) (random.nextInt(newlineOnceIn) == 0 ? '\n' : random.nextInt(256));
      }
      Files.write(files.live, content);
      long count = random.nextInt(120);

      byte[] ours = read(count);

      assertArrayEquals(gnuTail(count), ours, () -> count + " lines of " + content.length + " bytes");
    }
  }

  // ---- one moment

  @Test
  void what_is_written_later_is_not_in_it() throws IOException {
    files.append("one\ntwo\nthree\n");
    try (Excerpt excerpt = Excerpt.ofLastLines(files.log, 2)) {
      files.append("four\n");

      assertEquals("two\nthree\n", text(excerpt));
    }
  }

  @Test
  void an_unfinished_line_stays_as_it_was() throws IOException {
    files.append("one\ntw");
    try (Excerpt excerpt = Excerpt.ofLastLines(files.log, LastLines.ALL)) {
      files.append("o\nthree\n");

      assertEquals("one\ntw", text(excerpt));
    }
  }

  @Test
  void a_file_that_is_rotated_away_is_read_to_its_end() throws IOException {
    files.append("old\n".repeat(500_000));
    try (Excerpt excerpt = Excerpt.ofLastLines(files.log, LastLines.ALL)) {
      files.rename(LogFiles.LIVE, ".1").append("new\n").delete(".1");

      assertEquals("old\n".repeat(500_000), text(excerpt));
    }
  }

  @Test
  void it_fails_when_the_file_is_truncated_before_any_of_it_was_read() throws IOException {
    files.append("one\ntwo\n");
    try (Excerpt excerpt = Excerpt.ofLastLines(files.log, LastLines.ALL)) {
      files.truncate();

      assertThrows(IOException.class, () -> text(excerpt));
    }
  }

  @Test
  void it_fails_when_the_file_is_truncated_behind_what_was_read() throws IOException {
    files.append("one of many\n".repeat(200_000));
    try (Excerpt excerpt = Excerpt.ofLastLines(files.log, LastLines.ALL)) {
      assertNotNull(excerpt.next());
      files.resize(1_200_000);

      assertThrows(IOException.class, () -> text(excerpt));
    }
  }

  @Test
  void it_fails_when_the_file_is_truncated_before_what_was_read() throws IOException {
    files.append("one of many\n".repeat(200_000));
    try (Excerpt excerpt = Excerpt.ofLastLines(files.log, 150_000)) {
      assertNotNull(excerpt.next());
      files.truncate();

      assertThrows(IOException.class, () -> text(excerpt));
    }
  }

  // ---- what is not read

  @Test
  void a_file_that_is_not_there_is_missing() {
    assertUnreadable(Reason.MISSING, files.log, "does not exist");
  }

  @Test
  void a_directory_is_refused() throws IOException {
    Files.createDirectory(files.live);

    assertUnreadable(Reason.REFUSED, files.log, "is a directory");
  }

  @Test
  void a_fifo_is_refused_without_being_opened() throws Exception {
    run("mkfifo", files.live.toString());

    // Opening a FIFO blocks until a writer comes.
    assertTimeoutPreemptively(Await.DEADLINE, () -> assertUnreadable(Reason.REFUSED, files.log, "is a FIFO"));
  }

  @Test
  void a_device_is_refused() {
    AllowedLog device = new AllowedLog(LogFiles.NAME, Path.of("/dev/null"), true);

    assertUnreadable(Reason.REFUSED, device, "a device");
  }

  @Test
  void a_symbolic_link_is_refused_unless_its_entry_allows_it() throws IOException {
    Path target = Files.writeString(directory.resolve("target"), "secret\n");
    Files.createSymbolicLink(files.live, target);

    assertUnreadable(Reason.REFUSED, files.log, "is a symbolic link");

    try (Excerpt excerpt = Excerpt.ofLastLines(new AllowedLog(LogFiles.NAME, files.live, true), 1)) {
      assertEquals("secret\n", text(excerpt));
    }
  }

  @Test
  void an_allowed_link_must_lead_to_a_regular_file() throws IOException {
    AllowedLog allowed = new AllowedLog(LogFiles.NAME, files.live, true);
    Files.createSymbolicLink(files.live, directory);
    assertUnreadable(Reason.REFUSED, allowed, "is a directory");

    Files.delete(files.live);
    Files.createSymbolicLink(files.live, directory.resolve("nothing"));
    assertUnreadable(Reason.MISSING, allowed, "does not exist");
  }

  @Test
  void a_link_in_the_directory_part_is_followed() throws IOException {
    Path real = Files.createDirectory(directory.resolve("real"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);
    Files.writeString(real.resolve("app.log"), "through a link\n");

    try (Excerpt excerpt = Excerpt.ofLastLines(new LogFiles(link).log, 1)) {
      assertEquals("through a link\n", text(excerpt));
    }
  }

  // ----

  private static void assertUnreadable(Reason reason, AllowedLog log, String sentence) {
    UnreadableLogException refusal =
        assertThrows(UnreadableLogException.class, () -> Excerpt.ofLastLines(log, 1).close());
    assertEquals(reason, refusal.reason());
    assertTrue(refusal.getMessage().startsWith("'" + log.path() + "' "), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(sentence), refusal.getMessage());
  }

  private byte[] read(long count) throws IOException {
    try (Excerpt excerpt = Excerpt.ofLastLines(files.log, count)) {
      return bytes(excerpt);
    }
  }

  private static String text(Excerpt excerpt) throws IOException {
    return new String(bytes(excerpt), UTF_8);
  }

  private static byte[] bytes(Excerpt excerpt) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Lines lines = excerpt.next(); lines != null; lines = excerpt.next()) {
      assertFalse(lines.length() == 0);
      bytes.write(lines.bytes(), lines.from(), lines.length());
    }
    assertNull(excerpt.next());
    return bytes.toByteArray();
  }

  private byte[] gnuTail(long count) throws Exception {
    String lines = count == LastLines.ALL ? "+1" : Long.toString(count);
    return run("tail", "-n", lines, files.live.toString());
  }

  private static byte[] run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    byte[] out = process.getInputStream().readAllBytes();
    assertEquals(0, process.waitFor());
    return out;
  }

  private static byte[] allByteValues() {
    byte[] bytes = new byte[256 * 20];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(5).nextBytes(bytes);
    return bytes;
  }

  /** Each line's newline lies {@code off} bytes from the last byte of a block. */
  private static byte[] linesEndingAt(int off, boolean finished) {
    byte[] bytes = new byte[4 * BLOCK + off];
    Arrays.fill(bytes, (byte) 'x');
    for (int at = BLOCK - 1 + off; at < bytes.length; at += BLOCK) {
      bytes[at] = '\n';
    }
    return finished ? bytes : Arrays.copyOf(bytes, bytes.length - 1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}

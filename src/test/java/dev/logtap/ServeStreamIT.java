package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A log's stream: its first message, the lines that follow, search, and what a client may say. */
class ServeStreamIT {
  private static final int MIB = 1 << 20;

  @TempDir static Path directory;

  private static Path log;
  private static Server server;

  @BeforeAll
  static void start() {
    log = directory.resolve("app.log");
    server = Server.with("app", log).log("dir", directory).start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void emptyFile() throws IOException {
    server.awaitNoHub();
    Files.deleteIfExists(log);
    LogFiles.append(log, "");
  }

  @Test
  void first_message_is_the_last_50_lines() {
    LogFiles.append(log, FollowScene.numbered("line ", 1, 80));

    try (StreamClient stream = server.stream("app", "")) {
      Message first = stream.next();
      assertEquals(Set.of("lines", "cursor"), first.fields().keySet());
      assertEquals(numbers(31, 80), first.lines());
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "500, 500", "501, 500", "99999999999999999999, 500"})
  void first_message_has_as_many_lines_as_are_asked_for(String asked, int expected) {
    LogFiles.append(log, FollowScene.numbered("line ", 1, 600));

    try (StreamClient stream = server.stream("app", "lines=" + asked)) {
      assertEquals(numbers(601 - expected, 600), stream.next().lines());
      LogFiles.append(log, "new\n");
      stream.expect("new");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lines=-1", "lines=x", "lines=1.5", "lines=", "lines=1&lines=2", "lines=all"})
  void lines_that_are_no_whole_number_are_an_error_and_4000(String parameters) {
    try (StreamClient stream = server.stream("app", parameters)) {
      Message error = stream.next();
      assertEquals("error", error.type());
      assertTrue(error.fields().get("message").toString().contains("lines"), stream::toString);
      stream.expectClose(4000);
    }
  }

  @Test
  void first_message_comes_at_once_from_an_empty_a_missing_and_an_unreadable_log() {
    try (StreamClient stream = server.stream("app", "").expectEmptyFirst();
        StreamClient ofNoFile = server.stream("dir", "").expectEmptyFirst()) {
      LogFiles.append(log, "one\n");
      stream.expect("one");
      assertTrue(ofNoFile.isOpen());
    }
    server.awaitNoHub();
    LogFiles.remove(log);
    try (StreamClient stream = server.stream("app", "").expectEmptyFirst()) {
      LogFiles.append(log, "two\nthree\n");
      stream.expect("two", "three");
    }
  }

  @Test
  void lines_come_to_all_clients_as_they_are_written() {
    try (StreamClient one = server.stream("app", "").expectEmptyFirst();
        StreamClient other = server.stream("app", "").expectEmptyFirst()) {
      for (int i = 0; i < 20; i++) {
        LogFiles.append(log, "line " + i + "\n");
        one.expect("line " + i);
        other.expect("line " + i);
      }
    }
  }

  @Test
  void unfinished_line_comes_when_it_ends() {
    LogFiles.append(log, "one\ntw");

    try (StreamClient stream = server.stream("app", "")) {
      stream.expect("one");
      LogFiles.append(log, "o\nthr");
      stream.expect("two").sendAndAwaitPong();
      LogFiles.append(log, "ee\r\n");
      stream.expect("three");
    }
  }

  @Test
  void messages_are_json_whatever_the_bytes_are() {
    Random random = new Random(20250101);
    byte[] bytes = new byte[100_000];
    random.nextBytes(bytes);
    bytes[bytes.length - 1] = '\n';
    List<String> expected = linesOf(bytes);

    try (StreamClient stream = server.stream("app", "").expectEmptyFirst()) {
      LogFiles.append(log, bytes);
      assertEquals(expected, stream.nextLines(expected.size()));
    }
  }

  /** Ended by newlines only, without a final carriage return. */
  private static List<String> linesOf(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return Stream.of(text.substring(0, text.length() - 1).split("\n", -1))
        .map(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line)
        .toList();
  }

  @Test
  void message_holds_at_most_1_MiB_of_text() {
    try (StreamClient stream = server.stream("app", "").expectEmptyFirst()) {
      LogFiles.append(log, FollowScene.each("%d " + "x".repeat(2000) + "\n", 1, 4000));
      for (int seen = 0; seen < 4000; ) {
        Message message = stream.next();
        assertTrue(message.lines().stream().mapToInt(String::length).sum() <= MIB);
        for (String line : message.lines()) {
          assertTrue(line.startsWith(++seen + " x"), line);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {MIB, MIB + 1, 3 * MIB + 17})
  void line_over_1_MiB_comes_in_parts(int length) {
    try (StreamClient live = server.stream("app", "").expectEmptyFirst()) {
      LogFiles.append(log, "before\n" + "y".repeat(length) + "\nafter\n");
      expectInParts(live, length);
    }
    try (StreamClient later = server.stream("app", "lines=3")) {
      expectInParts(later, length);
    }
  }

  /** A part is the last line of its message and goes on with the first line of the next. */
  private static void expectInParts(StreamClient stream, int length) {
    StringBuilder text = new StringBuilder();
    while (!text.toString().endsWith("\nafter\n")) {
      Message message = stream.next();
      message.lines().forEach(line -> assertTrue(line.length() <= MIB));
      message.lines().forEach(line -> text.append(line).append('\n'));
      text.setLength(text.length() - (message.partial() ? 1 : 0));
    }
    assertEquals("before\n" + "y".repeat(length) + "\nafter\n", text.toString());
  }

  @Test
  void search_ignores_case_and_counts_matching_lines() {
    LogFiles.append(log, FollowScene.each("ok %d\nERROR %d\nan Error here\n", 1, 100));

    try (StreamClient stream = server.stream("app", "lines=3&search=eRRoR")) {
      stream.expect("an Error here", "ERROR 100", "an Error here");
      LogFiles.append(log, "ok\nerror\nok\nerro\nterrors\n");
      stream.expect("error", "terrors");
    }
  }

  @ParameterizedTest
  @CsvSource({"%C3%84RGER, ärger x", "a%20b%26c, A B&C", "a+b, a b", ".*, x.*y", "%22%5C, q\"\\q"})
  void search_is_text_as_the_query_encodes_it(String query, String line) {
    LogFiles.append(log, "other\n" + line + "\n");

    try (StreamClient stream = server.stream("app", "search=" + query)) {
      stream.expect(line);
      LogFiles.append(log, "other\n" + line + "\n");
      stream.expect(line);
    }
  }

  @Test
  void search_looks_back_64_MiB_and_no_further() {
    LogFiles.append(log, "needle 1\n" + ("x".repeat(1023) + "\n").repeat(66 << 10));
    LogFiles.append(log, "needle 2\n");

    try (StreamClient stream = server.stream("app", "search=needle")) {
      stream.expect("needle 2");
    }
  }

  @Test
  void filter_message_replaces_the_filters_from_then_on() {
    try (StreamClient stream = server.stream("app", "search=aaa").expectEmptyFirst()) {
      LogFiles.append(log, "aaa 1\nbbb 1\n");
      stream.expect("aaa 1").sendAndAwaitPong("{\"type\":\"filter\",\"search\":\"BBB\"}");
      LogFiles.append(log, "aaa 2\nbbb 2\n");
      stream.expect("bbb 2").sendAndAwaitPong("{\"type\":\"filter\"}");
      LogFiles.append(log, "aaa 3\nbbb 3\nccc 3\n");
      stream.expect("aaa 3", "bbb 3", "ccc 3");
    }
  }

  @Test
  void filter_of_one_client_is_not_anothers() {
    try (StreamClient all = server.stream("app", "").expectEmptyFirst();
        StreamClient some = server.stream("app", "search=b").expectEmptyFirst()) {
      LogFiles.append(log, "a\nb\nc\n");
      all.expect("a", "b", "c");
      some.expect("b");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "x", "{", "[]", "null", "1", "{}", "{\"type\":1}", "{\"type\":\"x\"}", "{\"type\":\"filter\",\"search\":1}",
        "{\"type\":\"ping\"} {\"type\":\"ping\"}", "{\"type\":\"ping\"}x"
      })
  void message_that_cannot_be_read_is_an_error_and_the_stream_goes_on(String text) {
    try (StreamClient stream = server.stream("app", "").expectEmptyFirst()) {
      Message error = stream.send(text).next();
      assertEquals(Set.of("type", "message"), error.fields().keySet());
      assertEquals("error", error.type());
      LogFiles.append(log, "line\n");
      stream.expect("line").sendAndAwaitPong();
    }
  }

  @Test
  void deep_message_is_one_that_cannot_be_read() {
    try (StreamClient stream = server.stream("app", "").expectEmptyFirst()) {
      assertEquals("error", stream.send("[".repeat(60_000)).next().type());
      stream.sendAndAwaitPong();
    }
  }

  @Test
  void tenth_unreadable_message_in_a_row_closes() {
    try (StreamClient stream = server.stream("app", "").expectEmptyFirst()) {
      sendUnreadable(stream, 9);
      stream.sendAndAwaitPong();
      sendUnreadable(stream, 9);
      assertTrue(stream.isOpen());
      assertFalse(stream.send("x").expectClose(1008).isEmpty());
    }
  }

  private static void sendUnreadable(StreamClient stream, int times) {
    for (int i = 0; i < times; i++) {
      assertEquals("error", stream.send("x").next().type());
    }
  }

  @Test
  void message_in_fragments_with_a_ping_between_is_read() {
    try (RawPeer peer = server.rawStream("app", "lines=0")) {
      assertEquals(List.of(), peer.message().lines());
      peer.send(new Frame(false, Frame.TEXT, "{\"type\":".getBytes(StandardCharsets.US_ASCII)));
      peer.send(new Frame(true, Frame.PING, new byte[] {1, 2, 3}));
      peer.send(new Frame(true, Frame.CONTINUATION, "\"ping\"}".getBytes(StandardCharsets.US_ASCII)));

      Frame pong = peer.frame();
      assertEquals(Frame.PONG, pong.opcode());
      assertArrayEquals(new byte[] {1, 2, 3}, pong.payload());
      assertEquals(Map.of("type", "pong"), peer.message().fields());
      assertEquals(1000, peer.send(Frame.close(1000)).closeCode());
    }
  }

  private static List<String> numbers(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(i -> "line " + i).toList();
  }
}

package dev.logtap;

import static dev.logtap.LogFiles.append;
import static dev.logtap.LogFiles.copyTruncate;
import static dev.logtap.LogFiles.rotate;
import static dev.logtap.LogFiles.truncate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A followed log as JSON lines: every line of the output is one whole object, whatever happens to the log. */
class FollowJsonIT extends FollowScene {
  private static final int PART = 1 << 20;

  @ParameterizedTest
  @EnumSource
  void lines_of_all_kinds_come_as_strings(Mode mode) {
    append(log, "start\r\n");
    try (Logtap tail = mode.follow(log, "-o", "json")) {
      tail.awaitOut("start");

      append(log, "a \"quoted\\path\"\tand\rmore\r\n\n\r\n\u0000\u0001\u001b[31m\u007f\n\u00e9\u20ac\ud83d\ude00\n");
      append(log, new byte[] {'<', (byte) 0xff, (byte) 0xc3, '(', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '>', '\n'});
      append(log, "end\n");
      tail.awaitOut("end");
      end(tail);

      List<String> wanted =
          List.of(
              "start",
              "a \"quoted\\path\"\tand\rmore",
              "",
              "",
              "\u0000\u0001\u001b[31m\u007f",
              "\u00e9\u20ac\ud83d\ude00",
              "<\ufffd\ufffd(\ufffd>",
              "end");
      assertEquals(wanted.stream().map(FollowJsonIT::record).toList(), JsonRecord.ofLines(tail.outBytes()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void character_that_arrives_in_two_writes_comes_whole(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = followBoth(mode, "-o", "json")) {
      for (byte b : "\u20ac\n".getBytes(StandardCharsets.UTF_8)) {
        append(log, new byte[] {b});
        lookAgain(tail);
      }
      end(tail);

      List<Map<String, Object>> records =
          JsonRecord.ofLines(tail.outBytes()).stream().filter(record -> "app".equals(record.get("log"))).toList();
      assertEquals(List.of(record("start"), record("\u20ac")), records);
    }
  }

  /** Two bytes a character, of which an odd byte at the beginning puts one on each edge of a part. */
  @ParameterizedTest
  @EnumSource
  void line_of_3_MB_that_arrives_slowly_comes_in_parts(Mode mode) {
    append(log, "start\n");
    String line = "x" + "\u00e9".repeat(3 * PART / 2);
    try (Logtap tail = mode.follow(log, "-o", "json")) {
      tail.awaitOut("start");

      for (int from = 0; from < line.length(); from += 200_000) {
        append(log, line.substring(from, Math.min(line.length(), from + 200_000)));
      }
      append(log, "\r\nend\n");
      tail.awaitOut("end");
      end(tail);

      List<Map<String, Object>> records = JsonRecord.ofLines(tail.outBytes());
      List<Map<String, Object>> parts = records.subList(1, records.size() - 1);
      StringBuilder whole = new StringBuilder();
      for (Map<String, Object> part : parts) {
        String text = (String) part.get("line");
        assertTrue(text.getBytes(StandardCharsets.UTF_8).length <= PART, () -> text.length() + " characters");
        assertEquals(part == parts.getLast() ? null : true, part.get("partial"));
        whole.append(text);
      }
      assertEquals(line, whole.toString());
      assertEquals(record("end"), records.getLast());
    }
  }

  @ParameterizedTest
  @EnumSource
  void half_a_line_comes_when_a_signal_ends_it(Mode mode) {
    append(log, "start\nhalf\r");
    try (Logtap tail = mode.follow(log, "-o", "json")) {
      tail.awaitWholeOut("{\"log\":\"app\",\"line\":\"start\"}\n");

      end(tail);

      assertEquals(List.of(record("start"), record("half")), JsonRecord.ofLines(tail.outBytes()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void lines_of_several_logs_tell_which_is_theirs(Mode mode) {
    append(log, "a\n");
    append(other, "b\n");
    try (Logtap tail = mode.followBoth(log, other, "-o", "json")) {
      tail.awaitOut("\"b\"");
      append(log, "c\n");
      tail.awaitOut("\"c\"");
      append(other, "d\n");
      tail.awaitOut("\"d\"");
      end(tail);

      List<Map<String, Object>> wanted =
          List.of(record("a"), Map.of("log", "other", "line", "b"), record("c"), Map.of("log", "other", "line", "d"));
      assertEquals(wanted, JsonRecord.ofLines(tail.outBytes()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void transitions_stay_on_stderr(Mode mode) {
    append(log, "0\n");
    try (Logtap tail = mode.follow(log, "-o", "json")) {
      tail.awaitOut("\"0\"");

      rotate(log, 5);
      append(log, "1\n");
      tail.awaitOut("\"1\"");
      copyTruncate(log, 5);
      append(log, "2\n");
      tail.awaitOut("\"2\"");
      end(tail);

      assertEquals(List.of(record("0"), record("1"), record("2")), JsonRecord.ofLines(tail.outBytes()));
      assertEquals(said(REPLACED, TRUNCATED), tail.err());
    }
  }

  @ParameterizedTest
  @EnumSource
  void loss_is_a_record_among_the_lines_and_not_a_sentence(Mode mode) {
    append(log, numbered("line ", 1, 500_000));
    try (StdoutPipe pipe = followUnread(mode, "-o", "json")) {
      pipe.awaitFull();
      truncate(log);
      append(log, "after\n");
      byte[] output = pipe.readUntil("\"after\"}\n");
      end(pipe.program());

      List<Map<String, Object>> records = JsonRecord.ofLines(output);
      List<Map<String, Object>> last = records.subList(records.size() - 2, records.size());
      Map<String, Object> gap = Map.of("log", "app", "gap", "the file was truncated before all of it was read");
      assertEquals(List.of(gap, record("after")), last);
      assertEquals("", pipe.program().err());
    }
  }

  @ParameterizedTest
  @MethodSource("beginnings")
  void signal_in_the_middle_leaves_whole_lines_only(List<String> options, Signal signal) {
    append(log, numbered("a line of which there are so many that it takes a while ", 1, 1_000_000));
    List<String> arguments = Stream.of(options, List.of("--log", "app=" + log, "app")).flatMap(List::stream).toList();
    try (StdoutPipe pipe = StdoutPipe.start(directory, arguments)) {
      pipe.awaitFull();
      CompletableFuture<byte[]> output = CompletableFuture.supplyAsync(pipe::readAll);

      pipe.program().signal(signal.name()).expectExit(signal.code);

      int lines = JsonRecord.ofLines(output.join()).size();
      assertTrue(lines > 0 && lines < 1_000_000, () -> lines + " lines");
      assertEquals("", pipe.program().err());
    }
  }

  static Stream<Arguments> beginnings() {
    List<String> once = List.of("tail", "-n", "all", "-o", "json");
    return Stream.of(once, Mode.NOTIFY.arguments(List.of(), "-o", "json"), Mode.POLL.arguments(List.of(), "-o", "json"))
        .flatMap(options -> Stream.of(Signal.values()).map(signal -> Arguments.of(options, signal)));
  }

  private static Map<String, Object> record(String line) {
    return Map.of("log", "app", "line", line);
  }
}

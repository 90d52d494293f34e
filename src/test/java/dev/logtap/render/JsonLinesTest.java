package dev.logtap.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.JsonRecord;
import dev.logtap.log.LogName;
import dev.logtap.log.Reading.Lines;
import dev.logtap.output.ByteOutput;
import dev.logtap.protocol.RelayEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesTest {
  private static final Source APP = Source.log(new LogName("app"));
  private static final Source WEB = Source.log(new LogName("web"));

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final JsonLines json = new JsonLines(new ByteOutput(written));

  @Test
  void line_is_an_object_with_its_log_and_its_text() throws IOException {
    json.lines(APP, lines("hello\n"));

    assertEquals("{\"log\":\"app\",\"line\":\"hello\"}\n", text());
  }

  @Test
  void every_line_is_an_object_of_its_own_also_an_empty_and_an_unfinished_one() throws IOException {
    json.lines(APP, lines("one\n\nthree\nfour"));

    assertEquals(
        List.of(record("app", "one"), record("app", ""), record("app", "three"), record("app", "four")), records());
  }

  @Test
  void lines_of_several_logs_carry_their_own_names() throws IOException {
    json.lines(APP, lines("one\n"));
    json.lines(WEB, lines("two\n"));
    json.lines(APP, lines("three\n"));

    assertEquals(List.of(record("app", "one"), record("web", "two"), record("app", "three")), records());
  }

  @Test
  void only_the_last_carriage_return_is_left_out() throws IOException {
    json.lines(APP, lines("a\r\nb\r\r\n\rc\n\r\nd\r"));

    assertEquals(
        List.of(record("app", "a"), record("app", "b\r"), record("app", "\rc"), record("app", ""), record("app", "d")),
        records());
  }

  @Test
  void unfinished_line_of_a_carriage_return_is_an_empty_one() throws IOException {
    json.lines(APP, lines("a\n\r"));

    assertEquals(List.of(record("app", "a"), record("app", "")), records());
  }

  @Test
  void part_says_that_it_goes_on_and_keeps_its_carriage_return() throws IOException {
    json.lines(APP, new Lines("begin\r".getBytes(StandardCharsets.UTF_8), 0, 6, true));
    json.lines(APP, lines("end\n"));

    assertEquals(List.of(Map.of("log", "app", "line", "begin\r", "partial", true), record("app", "end")), records());
  }

  @Test
  void entry_is_a_record_behind_its_environment() throws IOException {
    Source source = Source.environment("railway:a \"b\"", "a \"b\"", "https://example.org");

    json.entry(source, new RelayEntry(null, null, null, null, "\"message\":\"x\"".getBytes(StandardCharsets.UTF_8)));
    json.entry(source, new RelayEntry(null, null, null, null, new byte[0]));
    json.gap(source, "why", 12);

    String beginning = "{\"environment\":\"a \\\"b\\\"\",\"server\":\"https://example.org\"";
    assertEquals(
        beginning + ",\"message\":\"x\"}\n" + beginning + "}\n" + beginning + ",\"gap\":\"why\",\"dropped\":12}\n",
        text());
  }

  @Test
  void gap_is_a_record() throws IOException {
    String why = "'/tmp/\"a\"\r\n\n\rü\r' was truncated\r";

    boolean shown = json.gap(APP, why, 0);

    assertTrue(shown);
    assertEquals(List.of(Map.of("log", "app", "gap", why)), records());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '\0',
      textBlock =
          """
          22 \\"
          5c \\\\
          08 \\b
          09 \\t
          0c \\f
          0d \\r
          00 \\u0000
          1b \\u001b
          1f \\u001f
          2f /
          7f \u007f
          """)
  void what_json_does_not_allow_is_escaped(String hex, String escaped) throws IOException {
    json.lines(APP, lines("<" + (char) Integer.parseInt(hex, 16) + ">\n"));

    assertEquals("{\"log\":\"app\",\"line\":\"<" + escaped + ">\"}\n", text());
  }

  @Test
  void every_line_is_what_javas_decoder_makes_of_it() throws IOException {
    List<byte[]> strings = NastyBytes.all();
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    for (byte[] string : strings) {
      log.writeBytes(string);
      log.write('\n');
    }

    json.lines(APP, new Lines(log.toByteArray(), 0, log.size(), false));

    List<Map<String, Object>> records = records();
    assertEquals(strings.size(), records.size());
    for (int i = 0; i < strings.size(); i++) {
      String decoded = new String(strings.get(i), StandardCharsets.UTF_8);
      String line = decoded.endsWith("\r") ? decoded.substring(0, decoded.length() - 1) : decoded;
      assertEquals(record("app", line), records.get(i));
    }
  }

  /** More than what is written behind at once, in lines that end and are escaped at every place of a buffer. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void much_text_comes_whole_and_in_its_order(boolean writingBehind) throws IOException {
    List<Map<String, Object>> expected = new ArrayList<>();
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < 40_000; i++) {
      String line = i + "\"\\\u0001\t\u20ac\r".repeat(i % 9) + "x".repeat(i % 67);
      log.append(line).append('\n');
      String shown = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      expected.add(record("app", shown));
    }

    try (ByteOutput out = writingBehind ? ByteOutput.writingBehind(written) : new ByteOutput(written)) {
      JsonLines lines = new JsonLines(out);
      lines.lines(APP, lines(log.toString()));
      lines.flush();
      assertEquals(expected, JsonRecord.ofLines(written.toByteArray()));

      lines.lines(APP, lines("last\n"));
      lines.flush();
      assertTrue(written.toString(StandardCharsets.UTF_8).endsWith("{\"log\":\"app\",\"line\":\"last\"}\n"));
    }
  }

  @Test
  void bytes_around_the_lines_are_not_looked_at() throws IOException {
    byte[] euro = "€€€".getBytes(StandardCharsets.UTF_8);

    json.lines(APP, new Lines(euro, 1, 5, false));

    assertEquals(List.of(record("app", "\uFFFD\uFFFD\uFFFD")), records());
  }

  private static Lines lines(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Lines(bytes, 0, bytes.length, false);
  }

  private static Map<String, Object> record(String log, String line) {
    return Map.of("log", log, "line", line);
  }

  private List<Map<String, Object>> records() throws IOException {
    json.flush();
    return JsonRecord.ofLines(written.toByteArray());
  }

  private String text() throws IOException {
    json.flush();
    return written.toString(StandardCharsets.UTF_8);
  }
}

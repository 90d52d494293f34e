package dev.logtap.railway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
  private static final String ROW =
      """
      {"timestamp":"2026-11-01T10:00:00.1234Z","message":"hello","severity":"warn",
       "tags":{"projectId":"p","serviceId":"s","deploymentId":"d","deploymentInstanceId":"r","snapshotId":null},
       "attributes":[{"key":"level","value":"\\"warn\\""},{"key":"n","value":"12"},{"key":"t","value":"plain text"}]}
      """;

  @Test
  void row_is_read_with_all_it_has() throws IOException {
    assertEquals(
        List.of(
            new Entry(
                Instant.parse("2026-11-01T10:00:00.123400Z"),
                "2026-11-01T10:00:00.1234Z",
                "warn",
                "s",
                null,
                "d",
                "r",
                "hello",
                List.of(
                    new Entry.Attribute("level", "\"warn\""),
                    new Entry.Attribute("n", "12"),
                    new Entry.Attribute("t", "\"plain text\"")))),
        rows(ROW).entries());
  }

  @Test
  void row_without_tags_severity_and_attributes_is_read() throws IOException {
    Entry entry =
        rows("{\"timestamp\":\"2026-11-01T10:00:00Z\",\"message\":\"\",\"severity\":null,\"tags\":null}")
            .entries()
            .getFirst();

    assertNull(entry.severity());
    assertNull(entry.serviceId());
    assertEquals("", entry.message());
    assertEquals(List.of(), entry.attributes());
  }

  @Test
  void fields_that_are_new_or_of_another_kind_are_passed_over() throws IOException {
    Answer answer =
        rows(
            "{\"new\":{\"a\":[1]},\"timestamp\":\"2026-11-01T10:00:00Z\",\"message\":\"m\",\"tags\":[1,{\"a\":2}],"
                + "\"severity\":{\"a\":1},\"attributes\":[7,{\"key\":\"k\"},{\"key\":\"a\",\"value\":\"1\",\"x\":[]}]}",
            ROW);

    assertEquals(2, answer.entries().size());
    assertEquals(List.of(new Entry.Attribute("a", "1")), answer.entries().getFirst().attributes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"timestamp\":\"yesterday\",\"message\":\"m\"}",
        "{\"timestamp\":null,\"message\":\"m\"}",
        "{\"message\":\"m\"}",
        "[1,[2]]",
        "null",
        "7"
      })
  void row_that_can_not_be_read_leaves_the_others(String bad) throws IOException {
    Answer answer = rows(ROW, bad, ROW);

    assertEquals(2, answer.entries().size());
    assertEquals(1, answer.unreadable());
    assertEquals(3, answer.rows());
  }

  @Test
  void last_of_equal_keys_wins() throws IOException {
    Entry entry =
        rows(
                "{\"timestamp\":\"2026-11-01T10:00:00Z\",\"message\":\"m\",\"attributes\":["
                    + "{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\",\"value\":\"2\"},{\"key\":\"a\",\"value\":\"3\"}]}")
            .entries()
            .getFirst();

    assertEquals(List.of(new Entry.Attribute("a", "3"), new Entry.Attribute("b", "2")), entry.attributes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-2.5e3", "true", "null", "\"a\\n\"", "{\"a\":[1,{}]}", "[]", " 1 "})
  void json_stays_as_it_is(String text) {
    assertEquals(text, AnswerReader.asJson(text));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "plain, `\"plain\"`",
        "``, `\"\"`",
        "1 2, `\"1 2\"`",
        "007, `\"007\"`",
        "NaN, `\"NaN\"`",
        "{, `\"{\"`",
        "[1]], `\"[1]]\"`",
        "`{\"a\":1`, `\"{\\\"a\\\":1\"`",
        "`\"a`, `\"\\\"a\"`",
        "`\"\\q\"`, `\"\\\"\\\\q\\\"\"`"
      })
  void all_else_becomes_a_string(String text, String json) {
    assertEquals(json, AnswerReader.asJson(text));
  }

  @Test
  void payload_of_a_frame_is_read_wherever_it_stands() throws IOException {
    String payload = "{\"data\":{\"environmentLogs\":[" + ROW + "]}}";

    for (String frame :
        List.of(
            "{\"type\":\"next\",\"id\":\"1\",\"payload\":" + payload + "}",
            "{\"payload\":" + payload + ",\"id\":\"1\",\"type\":\"next\"}")) {
      assertEquals(new Frame("next", "1", frame), AnswerReader.readHead(frame));
      assertEquals(1, AnswerReader.readPayload(frame).entries().size());
    }
  }

  @Test
  void errors_beside_no_data_are_read() throws IOException {
    Answer answer =
        AnswerReader.readPayload(
            "{\"type\":\"next\",\"payload\":{\"errors\":[{\"message\":\"Not Authorized\",\"path\":[\"environment\"]}],"
                + "\"data\":null}}");

    assertNull(answer.entries());
    assertEquals(List.of(new Answer.Complaint("Not Authorized", "environment")), answer.complaints());
    assertTrue(answer.complaints().getFirst().isRefusal());
  }

  @Test
  void errors_of_an_error_frame_are_read() throws IOException {
    assertEquals(
        List.of(new Answer.Complaint("no", "")),
        AnswerReader.readPayload("{\"type\":\"error\",\"id\":\"1\",\"payload\":[{\"message\":\"no\"}]}").complaints());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "[]", "{}", "{\"type\":\"next\"", "{\"type\":null}", "{\"id\":\"1\"}"})
  void text_that_is_no_message_is_none(String text) {
    assertNull(AnswerReader.readHead(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "[", "{\"data\":", "7"})
  void body_that_is_no_answer_is_refused(String body) {
    assertThrows(IOException.class, () -> AnswerReader.read(body.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void message_of_thirty_megabytes_is_read() throws IOException {
    String message = "x".repeat(30 << 20);

    assertEquals(
        message.length(),
        rows("{\"timestamp\":\"2026-11-01T10:00:00Z\",\"message\":\"" + message + "\"}")
            .entries()
            .getFirst()
            .message()
            .length());
  }

  private static Answer rows(String... rows) throws IOException {
    String body = "{\"data\":{\"environmentLogs\":[" + String.join(",", rows) + "]}}";
    return AnswerReader.read(body.getBytes(StandardCharsets.UTF_8));
  }
}

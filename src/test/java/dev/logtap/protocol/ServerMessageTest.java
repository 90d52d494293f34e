package dev.logtap.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerMessageTest {
  @Test
  void lines_come_with_their_newlines() throws UnreadableMessageException {
    ServerMessage.Lines lines = lines("{\"lines\":[\"one\",\"\",\"t\\\"w\\u00f6 \\ud83d\\ude00\u20ac\"],\"cursor\":\"abc\"}");

    assertEquals("one\n\nt\"w\u00f6 \ud83d\ude00\u20ac\n", text(lines));
    assertEquals("abc", lines.cursor());
    assertNull(lines.gap());
  }

  @Test
  void last_line_that_goes_on_has_none() throws UnreadableMessageException {
    ServerMessage.Lines lines = lines("{\"partial\":true,\"lines\":[\"one\",\"two\"],\"gap\":\"why\",\"new\":{\"a\":[1]}}");

    assertEquals("one\ntwo", text(lines));
    assertTrue(lines.partial());
    assertEquals("why", lines.gap());
  }

  @Test
  void half_a_surrogate_is_replaced() throws UnreadableMessageException {
    assertEquals("a\ufffdb\ufffd\n", text(lines("{\"lines\":[\"a\\ud83db\\ude00\"]}")));
  }

  @Test
  void long_lines_and_many_lines_are_kept() throws UnreadableMessageException {
    String line = "\u20ac".repeat(100_000);
    String many = "\"x\",".repeat(100_000) + "\"y\"";

    assertEquals(line + "\n", text(lines("{\"lines\":[\"" + line + "\"]}")));
    assertEquals("x\n".repeat(100_000) + "y\n", text(lines("{\"lines\":[" + many + "]}")));
  }

  @Test
  void entry_keeps_all_its_members_but_what_is_null() throws UnreadableMessageException {
    String data =
        "{\"timestamp\":\"2026-11-23T01:02:03Z\",\"severity\":null,\"environment\":\"x\",\"serviceName\":\"api\","
            + "\"message\":\"a\\nb\",\"attributes\":{\"n\":1.5e3,\"deep\":[{\"k\":null}]}}";
    ServerMessage message = ServerMessage.parse("{\"cursor\":\"c\",\"data\":" + data + ",\"type\":\"log\"}");

    ServerMessage.Entry entry = assertInstanceOf(ServerMessage.Entry.class, message);
    assertEquals("c", entry.cursor());
    assertEquals("2026-11-23T01:02:03Z", entry.entry().timestamp());
    assertEquals("api", entry.entry().serviceName());
    assertEquals("a\nb", entry.entry().message());
    assertNull(entry.entry().severity());
    assertEquals(
        "\"timestamp\":\"2026-11-23T01:02:03Z\",\"serviceName\":\"api\",\"message\":\"a\\nb\","
            + "\"attributes\":{\"n\":1.5e3,\"deep\":[{\"k\":null}]}",
        new String(entry.entry().members(), StandardCharsets.UTF_8));
  }

  @Test
  void other_messages_of_a_relay_are_known() throws UnreadableMessageException {
    assertEquals(new ServerMessage.Status("connected"), ServerMessage.parse("{\"type\":\"status\",\"message\":\"connected\"}"));
    assertEquals(new ServerMessage.Heartbeat("t"), ServerMessage.parse("{\"type\":\"heartbeat\",\"timestamp\":\"t\"}"));
    assertEquals(new ServerMessage.Trouble("no"), ServerMessage.parse("{\"type\":\"error\",\"message\":\"no\"}"));
    assertEquals(new ServerMessage.Gap(12, "why"), ServerMessage.parse("{\"type\":\"gap\",\"dropped\":12,\"message\":\"why\"}"));
    assertEquals(new ServerMessage.Gap(0, "why"), ServerMessage.parse("{\"type\":\"gap\",\"message\":\"why\"}"));
    assertEquals(new ServerMessage.Other(), ServerMessage.parse("{\"type\":\"pong\"}"));
    assertEquals(new ServerMessage.Other(), ServerMessage.parse("{\"type\":\"later\",\"lots\":[[[]]]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "[]",
        "\"lines\"",
        "{}",
        "{\"lines\":[\"a\"]",
        "{\"lines\":[\"a\"]} x",
        "{\"lines\":[\"a\"]}{}",
        "{\"lines\":\"a\"}",
        "{\"lines\":[1]}",
        "{\"lines\":[[\"a\"]]}",
        "{\"type\":\"log\"}",
        "{\"type\":\"log\",\"data\":[]}",
        "{\"type\":5}",
        "{\"lines\":[\"a\nb\"]}",
        "{\"lines\":[\"a\",]}",
        "{\"lines\":[\"a\"],}",
        "{\"lines\":[\"a\\x\"]}",
        "{\"lines\":[\"\\u12g4\"]}",
        "{\"lines\":[\"\\u12\"]}",
        "{\"lines\":[\"a]}",
        "{lines:[]}",
        "{\"type\":tru}",
        "{\"x\":01,\"type\":\"a\"}",
        "{\"x\":1.,\"type\":\"a\"}",
        "{\"x\":-,\"type\":\"a\"}",
        "{\"x\":1e,\"type\":\"a\"}",
        "{\"x\":+1,\"type\":\"a\"}",
        "{\"x\":[1 2],\"type\":\"a\"}",
        "{\"x\":{\"a\" 1},\"type\":\"a\"}",
        "{\"type\":\"a\"}\0",
      })
  void anything_else_is_unreadable(String text) {
    assertThrows(UnreadableMessageException.class, () -> ServerMessage.parse(text));
  }

  @Test
  void depth_without_end_is_unreadable() {
    String deep = "{\"type\":\"log\",\"data\":{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}}";

    assertThrows(UnreadableMessageException.class, () -> ServerMessage.parse(deep));
  }

  @Test
  void white_space_is_not_copied_and_numbers_are_as_they_stand() throws UnreadableMessageException {
    String data = "{ \"n\" : -0.10e+05 ,\n\"a\":[ ] , \"o\":\t{ } ,\"t\" : [ true , false,null,\"a b\" ] }";
    ServerMessage message = ServerMessage.parse(" {\"type\" : \"log\" , \"data\" :\r\n" + data + " } ");

    ServerMessage.Entry entry = assertInstanceOf(ServerMessage.Entry.class, message);
    assertEquals(
        "\"n\":-0.10e+05,\"a\":[],\"o\":{},\"t\":[true,false,null,\"a b\"]",
        new String(entry.entry().members(), StandardCharsets.UTF_8));
  }

  /** What a bit of damage makes of messages is judged as Jackson does. */
  @Test
  void damaged_messages_are_readable_where_they_are_json() throws UnreadableMessageException {
    Random random = new Random(42);
    String[] whole = {
      "{\"lines\":[\"one\",\"t\\\"w\\u00f6 \\ud83d\\ude00\"],\"cursor\":\"abc\",\"partial\":false}",
      "{\"type\":\"log\",\"data\":{\"message\":\"a\\nb\",\"n\":[-1.5e3,0,{\"k\":null}]},\"cursor\":\"c\"}",
    };
    String letters = "{}[]\":,\\ue0123.-+tfn /\n";
    int readable = 0;
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder(whole[i % whole.length]);
      for (int damage = random.nextInt(3); damage >= 0; damage--) {
        text.setCharAt(random.nextInt(text.length()), letters.charAt(random.nextInt(letters.length())));
      }
      boolean json = isObject(text.toString());
      try {
        ServerMessage.parse(text.toString());
        readable++;
        assertTrue(json, text::toString);
      } catch (UnreadableMessageException e) {
        assertTrue(!json || !e.getMessage().equals("the message is not JSON") || hasWrongLines(text.toString()), text::toString);
      }
    }
    assertTrue(readable > 1000, "only " + readable);
  }

  private static boolean isObject(String text) {
    try {
      return Json.MAPPER.readTree(text).isObject();
    } catch (JsonProcessingException _) {
      return false;
    }
  }

  /** A line that is no text: JSON, but no message. */
  private static boolean hasWrongLines(String text) {
    try {
      for (JsonNode line : Json.MAPPER.readTree(text).path("lines")) {
        if (!line.isTextual()) {
          return true;
        }
      }
      return false;
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static ServerMessage.Lines lines(String text) throws UnreadableMessageException {
    return assertInstanceOf(ServerMessage.Lines.class, ServerMessage.parse(text));
  }

  private static String text(ServerMessage.Lines lines) {
    return new String(lines.bytes(), 0, lines.length(), StandardCharsets.UTF_8);
  }
}

package dev.logtap.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.logtap.railway.Entry;
import dev.logtap.railway.Entry.Attribute;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The relay's messages as JSON, as a parser that is not ours reads them. */
class RelayMessageTest {
  private final ByteArrayOutputStream sink = new ByteArrayOutputStream();
  private final RelayMessage message = new RelayMessage(sink);

  private JsonNode written() throws IOException {
    JsonNode read = new ObjectMapper().readTree(sink.toByteArray());
    sink.reset();
    return read;
  }

  private static Entry entry(String text, Attribute... attributes) {
    Instant time = Instant.parse("2026-11-23T01:02:03.5Z");
    return new Entry(time, time.toString(), "info", "s", "api", null, null, text, List.of(attributes));
  }

  @Test
  void texts_of_all_kinds_survive() throws IOException {
    String text = "\"quoted\" \\ \r\n\t\u0000\u001b[31m \u20ac \ud83d\ude00 end\r";
    message.log(entry(text, new Attribute("a \"key\"\n", "{\"x\":[1,null]}")), false, "cursor");

    JsonNode read = written();
    assertEquals(text, read.at("/data/message").textValue());
    assertEquals("{\"x\":[1,null]}", read.at("/data/attributes").get("a \"key\"\n").toString());
    assertEquals("cursor", read.get("cursor").textValue());
    assertFalse(read.get("data").has("deploymentId"));
  }

  @Test
  void entry_that_was_cut_says_so() throws IOException {
    message.log(entry("x"), true, "c");

    assertTrue(written().at("/data/truncated").booleanValue());
  }

  @Test
  void gap_tells_how_many_only_where_that_is_known() {
    assertEquals("{\"type\":\"gap\",\"dropped\":12,\"message\":\"why\"}", new String(Json.gap(OptionalLong.of(12), "why"), UTF_8));
    assertEquals("{\"type\":\"gap\",\"message\":\"why\"}", new String(Json.gap(OptionalLong.empty(), "why"), UTF_8));
  }
}

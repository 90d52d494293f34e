package dev.logtap.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalJsonTest {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final TerminalJson json = new TerminalJson(shown);

  private String shown() {
    return shown.toString(StandardCharsets.UTF_8);
  }

  @Test
  void what_a_terminal_obeys_is_escaped_and_all_else_stays() throws IOException {
    json.write("{\"line\":\"a\u009b31m \u202e\u2066 \u007f \\u001b \u00fc\u20ac\ud83d\ude00\"}\n".getBytes(StandardCharsets.UTF_8));

    assertEquals(
        "{\"line\":\"a\\u009b31m \\u202e\\u2066 \\u007f \\u001b \u00fc\u20ac\ud83d\ude00\"}\n", shown());
  }

  @Test
  void character_that_is_cut_between_two_writes_is_one() throws IOException {
    for (byte b : "\"\u009b\u202e\ud83d\ude00\"".getBytes(StandardCharsets.UTF_8)) {
      json.write(b);
    }

    assertEquals("\"\\u009b\\u202e\ud83d\ude00\"", shown());
  }
}

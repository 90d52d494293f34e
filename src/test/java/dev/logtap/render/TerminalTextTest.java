package dev.logtap.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.logtap.output.ByteOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTextTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      textBlock =
          """
          00 ^@
          07 ^G
          08 ^H
          0a ^J
          0d ^M
          1b ^[
          1f ^_
          7f ^?
          80 \\u{80}
          9b \\u{9b}
          9f \\u{9f}
          202a \\u{202a}
          202e \\u{202e}
          2066 \\u{2066}
          2069 \\u{2069}
          """)
  void control_character_is_shown_and_not_obeyed(String hex, String shown) {
    String control = Character.toString(Integer.parseInt(hex, 16));

    assertEquals("<" + shown + ">", TerminalText.harmless("<" + control + ">"));
  }

  @Test
  void every_other_character_is_as_it_is() throws IOException {
    List<byte[]> characters = new ArrayList<>();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
      if (!surrogate && !isControl(c)) {
        characters.add(Character.toString(c).getBytes(StandardCharsets.UTF_8));
      }
    }

    List<String> shown = shown(characters);

    for (int i = 0; i < shown.size(); i++) {
      assertEquals(new String(characters.get(i), StandardCharsets.UTF_8), shown.get(i));
    }
  }

  @Test
  void bytes_that_are_no_utf8_are_shown_as_javas_decoder_shows_them() throws IOException {
    List<byte[]> strings = NastyBytes.all();

    List<String> shown = shown(strings);

    for (int i = 0; i < shown.size(); i++) {
      StringBuilder expected = new StringBuilder();
      new String(strings.get(i), StandardCharsets.UTF_8).codePoints().forEach(c -> expected.append(harmless(c)));
      assertEquals(expected.toString(), shown.get(i));
    }
  }

  @Test
  void bytes_around_the_text_are_not_looked_at() throws IOException {
    byte[] euro = "€€€".getBytes(StandardCharsets.UTF_8);
    ByteOutput out = new ByteOutput(written);

    TerminalText.write(out, euro, 1, 5);
    out.flush();

    assertEquals("\uFFFD\uFFFD\uFFFD", written.toString(StandardCharsets.UTF_8));
  }

  private List<String> shown(List<byte[]> texts) throws IOException {
    ByteOutput out = new ByteOutput(written);
    for (byte[] text : texts) {
      TerminalText.write(out, text, 0, text.length);
      out.write((byte) '\n');
    }
    out.flush();
    List<String> shown = List.of(written.toString(StandardCharsets.UTF_8).split("\n", -1));
    assertEquals(texts.size() + 1, shown.size());
    return shown.subList(0, texts.size());
  }

  /** C0 but tab, DEL, C1, and the bidirectional controls, as the contract lists them. */
  private static boolean isControl(int c) {
    return c < 0x20 && c != '\t'
        || c >= 0x7f && c <= 0x9f
        || c >= 0x202a && c <= 0x202e
        || c >= 0x2066 && c <= 0x2069;
  }

  private static String harmless(int c) {
    if (!isControl(c)) {
      return Character.toString(c);
    }
    if (c < 0x20) {
      return "^" + (char) (c + '@');
    }
    return c == 0x7f ? "^?" : "\\u{" + Integer.toHexString(c) + "}";
  }
}

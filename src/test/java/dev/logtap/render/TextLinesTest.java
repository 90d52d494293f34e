package dev.logtap.render;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.logtap.log.LogName;
import dev.logtap.log.Reading.Lines;
import dev.logtap.output.ByteOutput;
import dev.logtap.protocol.RelayEntry;
import dev.logtap.render.TextLines.Style;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextLinesTest {
  private static final Source APP = Source.log(new LogName("app"));
  private static final Source WEB = Source.log(new LogName("web"));
  private static final Style PIPE = new Style(false, false, false);
  private static final Style NAMES = new Style(true, false, false);
  private static final Style COLOURED_NAMES = new Style(true, true, false);
  private static final Style TERMINAL = new Style(false, false, true);
  private static final Style TERMINAL_NAMES = new Style(true, false, true);

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @Test
  void pipe_gets_the_bytes_as_they_are() throws IOException {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    TextLines text = text(PIPE);

    text.lines(APP, new Lines(all, 0, all.length, false));
    text.flush();

    assertArrayEquals(all, written.toByteArray());
  }

  @Test
  void nothing_is_written_before_the_lines_or_after_them() throws IOException {
    TextLines text = text(PIPE);

    text.lines(APP, new Lines("before|lines\n|after".getBytes(StandardCharsets.UTF_8), 7, 13, false));

    assertEquals("lines\n", written(text));
  }

  @Test
  void each_line_begins_with_its_logs_name() throws IOException {
    TextLines text = text(NAMES);

    text.lines(APP, lines("one\n\nthree\n"));
    text.lines(WEB, lines("four\n"));
    text.lines(APP, lines("five\n"));

    assertEquals("app: one\napp: \napp: three\nweb: four\napp: five\n", written(text));
  }

  @Test
  void unfinished_last_line_gets_no_newline_at_the_end() throws IOException {
    TextLines text = text(NAMES);

    text.lines(APP, lines("one\ntwo"));

    assertEquals("app: one\napp: two", written(text));
  }

  @Test
  void unfinished_last_line_is_not_glued_to_another_logs_line() throws IOException {
    TextLines text = text(NAMES);

    text.lines(APP, lines("no end"));
    text.lines(WEB, lines("two\n"));

    assertEquals("app: no end\nweb: two\n", written(text));
  }

  @Test
  void unfinished_last_line_is_not_glued_to_the_next_file_of_its_log() throws IOException {
    TextLines text = text(PIPE);

    text.lines(APP, lines("end of the rotated file"));
    text.lines(APP, lines("begin of the new one\n"));

    assertEquals("end of the rotated file\nbegin of the new one\n", written(text));
  }

  @Test
  void parts_of_a_line_are_one_line() throws IOException {
    for (Style style : new Style[] {NAMES, TERMINAL_NAMES}) {
      written.reset();
      TextLines text = text(style);

      text.lines(APP, part("begin, "));
      text.lines(APP, part("middle, "));
      text.lines(APP, lines("end\nnext\n"));

      assertEquals("app: begin, middle, end\napp: next\n", written(text));
    }
  }

  @Test
  void part_that_another_log_interrupts_goes_on_under_its_own_name() throws IOException {
    TextLines text = text(NAMES);

    text.lines(APP, part("begin, "));
    text.lines(WEB, lines("between\n"));
    text.lines(APP, lines("end\n"));

    assertEquals("app: begin, \nweb: between\napp: end\n", written(text));
  }

  @Test
  void colour_ends_before_the_line_begins_and_tells_logs_apart() throws IOException {
    TextLines text = text(COLOURED_NAMES);

    text.lines(APP, lines("one\n"));
    text.lines(WEB, lines("two\n"));
    text.lines(APP, lines("three\n"));

    String[] shown = written(text).split("\n");
    assertEquals(shown[0].replace("one", "three"), shown[2]);
    assertEquals("app: one", shown[0].replaceAll("\u001b\\[\\d+m", ""));
    assertEquals("\u001b[0m one", shown[0].substring(shown[0].length() - "\u001b[0m one".length()));
    assertNotEquals(shown[0].substring(0, shown[0].indexOf('a')), shown[1].substring(0, shown[1].indexOf('w')));
  }

  @Test
  void terminal_shows_control_characters_of_every_line() throws IOException {
    TextLines text = text(TERMINAL);

    text.lines(APP, lines("\u001b[2J\ntab\tand \u009b31m\r\nno end\u0007"));

    assertEquals("^[[2J\ntab\tand \\u{9b}31m^M\nno end^G", written(text));
  }

  @Test
  void pipe_with_names_gets_control_characters_as_they_are() throws IOException {
    TextLines text = text(NAMES);

    text.lines(APP, lines("\u001b[2J\u0000\r\n"));

    assertEquals("app: \u001b[2J\u0000\r\n", written(text));
  }

  @Test
  void entry_is_its_message_behind_time_severity_and_service() throws IOException {
    TextLines text = text(PIPE);

    text.entry(APP, new RelayEntry("2026-11-23T01:02:03Z", "info", "api", "one", new byte[0]));
    text.entry(APP, new RelayEntry(null, null, null, "", new byte[0]));
    text.entry(APP, new RelayEntry(null, "warn", null, null, new byte[0]));

    assertEquals("2026-11-23T01:02:03Z info api: one\n\nwarn \n", written(text));
  }

  @Test
  void each_line_of_an_entry_has_what_stands_before_it() throws IOException {
    TextLines text = text(NAMES);

    text.lines(WEB, lines("no end"));
    text.entry(APP, new RelayEntry(null, "info", "api", "one\n\ntwo\n", new byte[0]));

    assertEquals("web: no end\napp: info api: one\napp: info api: \napp: info api: two\n", written(text));
  }

  @Test
  void entry_can_not_forge_lines_by_its_service_nor_speak_to_the_terminal() throws IOException {
    RelayEntry evil = new RelayEntry("t\u001b", "in\nfo", "a\npi", "x\u001b[31m\r", new byte[0]);
    TextLines pipe = text(PIPE);
    pipe.entry(APP, evil);
    assertEquals("t^[ in^Jfo a^Jpi: x\u001b[31m\r\n", written(pipe));

    written.reset();
    TextLines terminal = text(TERMINAL);
    terminal.entry(APP, evil);
    assertEquals("t^[ in^Jfo a^Jpi: x^[[31m^M\n", written(terminal));
  }

  @Test
  void severity_that_asks_for_attention_is_coloured() throws IOException {
    TextLines text = text(new Style(false, true, false));

    for (String severity : new String[] {"error", "warn", "info"}) {
      text.entry(APP, new RelayEntry(null, severity, null, "x", new byte[0]));
    }

    assertEquals("\u001b[31merror\u001b[0m x\n\u001b[33mwarn\u001b[0m x\ninfo x\n", written(text));
  }

  @Test
  void line_that_went_on_is_not_joined_over_a_gap() throws IOException {
    TextLines text = text(PIPE);

    text.lines(APP, new Lines("be".getBytes(StandardCharsets.UTF_8), 0, 2, true));
    text.gap(APP, "why", 0);
    text.lines(APP, lines("next\n"));

    assertEquals("be\nnext\n", written(text));
  }

  @Test
  void gap_has_no_place_among_the_bytes() throws IOException {
    TextLines text = text(PIPE);

    assertFalse(text.gap(APP, "why", 0));
    assertEquals("", written(text));
  }

  private TextLines text(Style style) {
    return new TextLines(new ByteOutput(written), style);
  }

  private String written(TextLines text) throws IOException {
    text.flush();
    return written.toString(StandardCharsets.UTF_8);
  }

  private static Lines lines(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Lines(bytes, 0, bytes.length, false);
  }

  private static Lines part(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Lines(bytes, 0, bytes.length, true);
  }
}

package dev.logtap.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.log.LogName;
import dev.logtap.render.Source;
import dev.logtap.terminal.Status.Stream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class InlineViewTest {
  private static final Source APP = Source.log(new LogName("app"));
  private static final Source WEB = Source.log(new LogName("web"));
  private static final Status STATUS = new Status(List.of(new Stream("app", null)), List.of(), 0, false, 0, 0);

  /** In short: E erases the status line, H begins the screen anew, [..] is the status line, $ the sign of a cut. */
  private static String frame(InlineView view) {
    return new String(view.frame(STATUS), StandardCharsets.UTF_8)
        .replace("\u001b[?25l", "")
        .replace("\u001b[H\u001b[J", "H")
        .replace("\r\u001b[K\u001b[J\u001b[99M", "E")
        .replaceAll("\u001b\\[\\?7l\u001b\\[7m([^\u001b]*)\u001b\\[0m\u001b\\[\\?7h\r", "[$1]")
        .replace("\u001b[0;7m>\u001b[0m", "$")
        .replace("\u001b[7m", "<")
        .replace("\u001b[27m", ">")
        .replace("\u001b[7;4m", "<<")
        .replace("\u001b[27;24m", ">>")
        .replace(" live | 0/s | ? keys ", "");
  }

  private static InlineView view(Source... sources) {
    InlineView view = new InlineView(List.of(sources), false, false, null);
    view.resize(new Dimensions(40, 5));
    return view;
  }

  private static void show(InlineView view, Source source, String... lines) {
    for (String line : lines) {
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      view.show(Line.ofLog(source, Instant.EPOCH, bytes, 0, bytes.length));
    }
  }

  private static void press(InlineView view, String keys) {
    byte[] bytes = keys.getBytes(StandardCharsets.UTF_8);
    new Keys().read(bytes, bytes.length).forEach(view::press);
  }

  @Test
  void before_the_terminal_is_open_there_are_lines_only() {
    InlineView view = new InlineView(List.of(APP), false, false, null);

    show(view, APP, "one", "two");

    assertEquals("one\ntwo\n", frame(view));
    assertEquals("", frame(view));
    assertEquals("", new String(view.leave(), StandardCharsets.UTF_8));
  }

  @Test
  void status_line_is_erased_and_written_again_around_each_batch() {
    InlineView view = view(APP);
    show(view, APP, "one");

    assertEquals("one\n[ app]", frame(view));
    assertEquals("", frame(view));
    show(view, APP, "two", "three");
    assertEquals("Etwo\nthree\n[ app]", frame(view));
  }

  @Test
  void leaving_erases_the_status_line_and_shows_the_cursor() {
    InlineView view = view(APP);
    frame(view);

    assertEquals("\r\u001b[K\u001b[J\u001b[99M\u001b[?25h", new String(view.leave(), StandardCharsets.UTF_8));
    assertEquals("[ app]", frame(view));
  }

  @Test
  void several_sources_are_told_apart_and_hidden() {
    InlineView view = view(APP, WEB);
    show(view, APP, "one");
    show(view, WEB, "two");
    assertEquals("app: one\nweb: two\n[ app]", frame(view));

    press(view, "s2");
    assertEquals("E\n\n\n\nHapp: one\n[1+app 2-web enter]", frame(view));
    press(view, "\r");
    show(view, WEB, "three");
    assertEquals("E[ app live | 1 hidden | 0/s | ? keys ]", frame(view));

    press(view, "s2\u001b");
    assertTrue(frame(view).endsWith("Happ: one\nweb: two\nweb: three\n[ app]"));
  }

  @Test
  void sources_can_be_told_apart_where_there_is_little_room() {
    InlineView view = view(Source.log(new LogName("app")), Source.log(new LogName("nginx-access")));
    view.resize(new Dimensions(20, 5));
    press(view, "s2");

    assertTrue(frame(view).endsWith("[1+app 2-ngi enter]"));
  }

  @Test
  void filter_holds_for_what_is_shown_and_what_comes_and_marks_its_matches() {
    InlineView view = view(APP);
    show(view, APP, "abc", "xyz");
    frame(view);

    press(view, "/B");
    assertEquals("E\n\n\n\nHabc\nxyz\nHa<b>c\n[/B_]", frame(view));
    press(view, "\r");
    show(view, APP, "no", "bob");
    assertEquals("E<b>o<b>\n[ app live | /B | 0/s | ? keys ]", frame(view));

    press(view, "/\r");
    assertTrue(frame(view).endsWith("Habc\nxyz\nno\nbob\n[ app]"));
  }

  @Test
  void escape_keeps_the_filter_there_was() {
    InlineView view = view(APP);
    press(view, "/a\r/b");
    press(view, "\u001b");

    assertTrue(frame(view).endsWith("[ app live | /a | 0/s | ? keys ]"));
  }

  @Test
  void expression_that_is_not_whole_yet_is_told_and_changes_nothing() {
    InlineView view = view(APP);
    show(view, APP, "abc");
    press(view, "//(/");

    String frame = frame(view);
    assertTrue(frame.contains("[//(/_  (Unclosed group)]"), frame);
  }

  @Test
  void matches_are_shown_again_with_what_is_around_them() {
    InlineView view = view(APP);
    show(view, APP, "1", "2 hit", "3", "4", "5", "6", "7", "8 hit", "9");
    press(view, "/hit\r");
    frame(view);

    press(view, "N");
    assertTrue(view.isPaused());
    assertTrue(frame(view).contains("\n5\n6\n7\n8 <<hit>>\n9\n-- end"));
    press(view, "N");
    assertTrue(frame(view).contains("\n1\n2 <<hit>>\n3\n4\n5\n-- end"));
    press(view, "N");
    assertTrue(frame(view).contains("-- no earlier match\n"));
    press(view, "n");
    assertTrue(frame(view).contains("8 <<hit>>"));
  }

  @Test
  void of_neighbours_that_match_the_one_that_was_looked_for_is_marked() {
    InlineView view = view(APP);
    show(view, APP, "1 hit", "2 hit", "3 hit");
    press(view, "/hit\rNN");

    assertTrue(frame(view).contains("\n1 <hit>\n2 <<hit>>\n3 <hit>\n-- end"));
  }

  @Test
  void expression_that_takes_long_does_not_hold_up_the_keys() {
    InlineView view = view(APP);
    String slow = "a".repeat(100);
    for (int i = 0; i < 20_000; i++) {
      show(view, APP, slow);
    }
    show(view, APP, "x=");

    // To look at all lines would take minutes.
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> press(view, "//.*.*.*.*=/\rNN"));
    String frame = frame(view);
    assertTrue(frame.contains("\n<<x=>>\n"), frame);
    assertTrue(frame.contains("-- no match found yet; press the key again to look on\n"), frame);
  }

  @Test
  void minimum_level_hides_what_is_below_and_keeps_what_has_none() {
    InlineView view = view(APP);
    show(view, APP, "INFO one", "ERROR two", "  at three");
    frame(view);

    press(view, "ll");
    assertEquals("E\n\n\n\nHINFO one\nERROR two\n  at three\n\n\n\n\nHERROR two\n  at three\n[ app live | warn and above | 0/s ]", frame(view));
  }

  @Test
  void lines_are_cut_where_that_is_asked_for() {
    InlineView view = view(APP);
    press(view, "w");
    frame(view);
    show(view, APP, "x".repeat(41), "\u65e5".repeat(21), "y".repeat(39) + "\u65e5");

    assertEquals("E" + "x".repeat(39) + "$\n" + "\u65e5".repeat(19) + " $\n" + "y".repeat(39) + "$\n[ app]", frame(view));
  }

  @Test
  void redraw_fits_the_screen() {
    InlineView view = view(APP);
    show(view, APP, "one", "two", "x".repeat(81), "four");
    frame(view);

    press(view, "w");
    press(view, "w");

    assertTrue(frame(view).endsWith("H" + "x".repeat(81) + "\nfour\n[ app]"));
  }

  @Test
  void space_pauses_and_q_quits() {
    InlineView view = view(APP);

    press(view, " ");
    assertTrue(view.isPaused());
    press(view, " q");
    assertFalse(view.isPaused());
    assertTrue(view.isQuit());
  }

  @Test
  void clearing_leaves_an_empty_screen_and_all_before_it_to_the_scrollback() {
    InlineView view = view(APP);
    show(view, APP, "one");
    frame(view);

    press(view, "c");

    assertEquals("E\n\n\n\nH[ app]", frame(view));
  }

  @Test
  void control_characters_are_harmless() {
    InlineView view = view(APP);
    show(view, APP, "\u001b[2J\u009b\r");

    assertEquals("^[[2J\\u{9b}\n[ app]", frame(view));
  }

  @Test
  void colour_is_by_source_and_level() {
    InlineView view = new InlineView(List.of(APP, WEB), true, false, null);
    show(view, APP, "ERROR one");

    String name = "\u001b[" + APP.colour() + "mapp:\u001b[0m ";
    assertEquals(name + "\u001b[31mERROR one\u001b[0m\n", new String(view.frame(STATUS), StandardCharsets.UTF_8));
  }

  @Test
  void marker_has_its_time_once_whenever_it_was_made() {
    InlineView view = view(APP);
    press(view, "m");
    assertTrue(frame(view).matches("-- \\d\\d:\\d\\d:\\d\\d\n\\[ app]"));

    press(view, "tm");
    assertTrue(frame(view).matches("(?s).*H(\\d\\d:\\d\\d:\\d\\d -- mark\n){2}\\[ app]"));
    press(view, "t");
    assertTrue(frame(view).matches("(?s).*H(-- \\d\\d:\\d\\d:\\d\\d\n){2}\\[ app]"));
  }

  @Test
  void what_was_searched_for_is_marked_until_a_filter_is_set() {
    InlineView view = new InlineView(List.of(APP), false, false, "/B/");
    show(view, APP, "a/b/c");
    assertEquals("a</b/>c\n", frame(view));
    view.resize(new Dimensions(40, 5));

    press(view, "/a\r");
    assertTrue(frame(view).contains("H<a>/b/c\n"));
    press(view, "/\r");
    assertTrue(frame(view).contains("Ha</b/>c\n"));
  }
}

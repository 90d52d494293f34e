package dev.logtap.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.log.LogName;
import dev.logtap.render.Source;
import dev.logtap.terminal.Status.Stream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FullViewTest {
  private static final Source APP = Source.log(new LogName("app"));
  private static final Source WEB = Source.log(new LogName("web"));
  private static final Status STATUS = new Status(List.of(new Stream("app", null)), List.of(), 0, false, 0, 0);
  private static final String UP = "\u001b[A";
  private static final String DOWN = "\u001b[B";
  private static final String PAGE_UP = "\u001b[5~";
  private static final String PAGE_DOWN = "\u001b[6~";
  private static final String WHEEL_UP = "\u001b[<64;1;1M";
  private static final String WHEEL_DOWN = "\u001b[<65;1;1M";

  private final Screen screen = new Screen(6);
  private FullView view = of(APP);

  private static FullView of(Source... sources) {
    FullView view = new FullView(List.of(sources), false, false, null, 1 << 20);
    view.resize(new Dimensions(60, 6));
    return view;
  }

  private void show(Source source, String... lines) {
    for (String line : lines) {
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      view.show(Line.ofLog(source, Instant.EPOCH, bytes, 0, bytes.length));
    }
  }

  private void numbered(int from, int to) {
    for (int i = from; i < to; i++) {
      show(APP, "line " + i);
    }
  }

  private void press(String keys) {
    byte[] bytes = keys.getBytes(StandardCharsets.UTF_8);
    new Keys().read(bytes, bytes.length).forEach(view::press);
  }

  /** Presses each key when what the one before asked for is found: a search that takes long ends with the next one. */
  private void pressOneByOne(String keys) {
    for (String key : keys.split("")) {
      press(key);
      work();
    }
  }

  private void work() {
    while (view.work()) {
      // As the command does.
    }
  }

  /** What is to be seen when all work is done. */
  private String screenAfterWork() {
    work();
    screen.write(view.frame(STATUS));
    return screen.toString();
  }

  private void expect(String rows) {
    assertEquals(rows, screenAfterWork());
  }

  @Test
  void lines_stand_at_the_top_and_the_status_line_at_the_bottom() {
    show(APP, "one", "two");

    expect("""
        one
        two



        < app live | 0/s | ? keys
        """);
  }

  @Test
  void end_is_followed() {
    numbered(0, 5);
    expect("""
        line 0
        line 1
        line 2
        line 3
        line 4
        < app live | 0/s | ? keys
        """);
    numbered(5, 7);

    expect("""
        line 2
        line 3
        line 4
        line 5
        line 6
        < app live | 0/s | ? keys
        """);
  }

  @Test
  void who_scrolled_up_stays_there_and_is_told_what_is_new_below() {
    numbered(0, 10);
    press(UP);
    numbered(10, 12);

    expect("""
        line 4
        line 5
        line 6
        line 7
        line 8
        < 2 new below | app live | 0/s | ? keys
        """);
  }

  @Test
  void who_comes_back_to_the_end_follows_again() {
    numbered(0, 10);
    press(UP + "k" + DOWN);
    press("j");
    numbered(10, 11);

    expect("""
        line 6
        line 7
        line 8
        line 9
        line 10
        < app live | 0/s | ? keys
        """);
  }

  @Test
  void pages_keep_a_row_of_the_one_before() {
    numbered(0, 20);
    press(PAGE_UP);
    expect("""
        line 11
        line 12
        line 13
        line 14
        line 15
        < 0 new below | app live | 0/s | ? keys
        """);

    press(PAGE_UP + PAGE_DOWN + PAGE_DOWN);
    assertFalse(screenAfterWork().contains("new below"));
  }

  @Test
  void wheel_scrolls_by_three_also_while_a_filter_is_typed() {
    numbered(0, 20);
    press("/line");
    screenAfterWork();
    press(WHEEL_UP + WHEEL_UP + WHEEL_DOWN);

    expect("""
        <line> 12
        <line> 13
        <line> 14
        <line> 15
        <line> 16
        </line_
        """);
  }

  @Test
  void begin_and_end_are_a_key_away() {
    numbered(0, 20);
    press("g");
    assertTrue(screenAfterWork().startsWith("line 0\n"));
    press("G");
    assertTrue(screenAfterWork().startsWith("line 15\n"));
  }

  @Test
  void filter_holds_for_all_that_is_kept_and_what_comes() {
    numbered(0, 1000);
    press("/99\r");
    show(APP, "no", "more 99");

    expect("""
        line <99>6
        line <99>7
        line <99>8
        line <99>9
        more <99>
        < app live | /99 | 0/s | ? keys
        """);
    press("g");
    expect("""
        line <99>
        line 1<99>
        line 2<99>
        line 3<99>
        line 4<99>
        < 0 new below | app live | /99 | 0/s | ? keys
        """);
  }

  @Test
  void place_is_kept_while_a_filter_comes_and_goes() {
    numbered(0, 1000);
    press("g" + PAGE_DOWN.repeat(100));
    String before = screenAfterWork();
    assertTrue(before.startsWith("line 400\n"), before);
    press("/00");
    assertTrue(screenAfterWork().startsWith("line 4<00>\nline 5<00>\n"), screen::toString);
    press("\u001b");

    assertEquals(before, screenAfterWork());
  }

  @Test
  void match_is_shown_with_what_is_around_it_until_escape() {
    numbered(0, 100);
    press("/5\r");
    screenAfterWork();
    press("N");
    expect("""
        line 94
        line 9<<5>>
        line 96
        line 97
        line 98
        < 0 new below | around a match | app live | /5 | 0/s
        """);
    pressOneByOne("NN");
    expect("""
        line 74
        line 7<<5>>
        line 76
        line 77
        line 78
        < 0 new below | around a match | app live | /5 | 0/s
        """);
    pressOneByOne("n\u001b");
    expect("""
        line <5>9
        line 6<5>
        line 7<5>
        line 8<<5>>
        line 9<5>
        < app live | /5 | 0/s | ? keys
        """);
  }

  @Test
  void search_that_finds_nothing_says_so_until_the_next_key() {
    numbered(0, 3);
    press("n");
    assertTrue(screenAfterWork().contains("< no filter to look for: type / first | app"), screen::toString);
    pressOneByOne("/2\rnn");
    assertTrue(screenAfterWork().contains("< no later match | "), screen::toString);
    press("x");
    assertFalse(screenAfterWork().contains("no later match"), screen::toString);
  }

  @Test
  void minimum_level_and_sources_hold_for_all_that_is_kept() {
    view = of(APP, WEB);
    show(APP, "INFO one", "ERROR two");
    show(WEB, "ERROR three", "INFO four", "five");
    press("lll");
    expect("""
        app: ERROR two
        web: ERROR three
        web: five


        < app live | error and above | 0/s | ? keys
        """);

    press("s1");
    expect("""
        web: ERROR three
        web: five



        <hide/show  1 -app  2 +web  (enter: done)
        """);
    press("1\rl");
    assertTrue(screenAfterWork().startsWith("app: INFO one\napp: ERROR two\n"), screen::toString);
  }

  @Test
  void long_lines_are_wrapped_and_scrolled_row_by_row() {
    show(APP, "a".repeat(60) + "b".repeat(60) + "c", "1", "2", "3", "4");
    expect("c\n1\n2\n3\n4\n< app live | 0/s | ? keys\n");

    press(UP);
    expect("b".repeat(60) + "\nc\n1\n2\n3\n< 0 new below | app live | 0/s | ? keys\n");
    press("w");
    expect("a".repeat(59) + "(0;7)>\n1\n2\n3\n4\n< app live | 0/s | ? keys\n");
  }

  @Test
  void resized_it_wraps_anew_and_stays_where_it_was() {
    numbered(0, 10);
    show(APP, "a".repeat(60) + "b".repeat(60));
    numbered(11, 30);
    press("g");
    press(DOWN.repeat(11));
    assertTrue(screenAfterWork().startsWith("b"), screen::toString);

    view.resize(new Dimensions(30, 6));
    assertTrue(screenAfterWork().startsWith("b".repeat(30) + "\n" + "b".repeat(30) + "\nline 11\n"), screen::toString);
    view.resize(new Dimensions(120, 6));
    assertTrue(screenAfterWork().startsWith("a".repeat(60) + "b".repeat(60) + "\nline 11\n"), screen::toString);
  }

  @Test
  void what_falls_out_of_the_scrollback_is_told() {
    for (int i = 0; i < 20; i++) {
      show(APP, i + " " + "x".repeat(65_000));
    }
    press("gw");

    String rows = screenAfterWork();
    assertTrue(rows.startsWith("4 xxx"), rows);
    assertTrue(rows.contains(" | 0/s | 4 oldest dropped"), rows);
  }

  @Test
  void who_reads_what_falls_out_is_taken_along() {
    show(APP, "first");
    for (int i = 0; i < 16; i++) {
      show(APP, i + " " + "x".repeat(65_000));
    }
    press("gw");
    screenAfterWork();
    for (int i = 16; i < 20; i++) {
      show(APP, i + " " + "x".repeat(65_000));
    }

    assertTrue(screenAfterWork().startsWith("4 xxx"), screen::toString);
  }

  @Test
  void clearing_forgets_what_was_kept() {
    numbered(0, 20);
    press("gc");
    numbered(20, 21);

    expect("line 20\n\n\n\n\n< app live | 0/s | ? keys\n");
  }

  @Test
  void clearing_leaves_the_match_that_was_shown() {
    numbered(0, 20);
    press("/5\rN");
    press("c");
    show(APP, "no", "5");

    expect("<5>\n\n\n\n\n< app live | /5 | 0/s | ? keys\n");
  }

  @Test
  void keys_are_listed_until_one_is_pressed() {
    view.resize(new Dimensions(60, 24));
    Screen large = new Screen(24);
    press("?");
    large.write(view.frame(STATUS));
    String help = large.toString();
    assertTrue(help.startsWith("space  pause and go on\n"), help);
    assertTrue(help.contains("\nShift with the mouse  select and copy"), help);

    press("q");
    large.write(view.frame(STATUS));
    assertFalse(large.toString().contains("space"), large::toString);
    assertFalse(view.isQuit());
  }

  @Test
  void only_rows_that_are_other_now_are_written() {
    numbered(0, 3);
    int first = screen.write(view.frame(STATUS));
    assertEquals(0, screen.write(view.frame(STATUS)));
    numbered(3, 4);
    int next = screen.write(view.frame(STATUS));

    assertTrue(next < 20 && next < first, () -> first + " and then " + next + " bytes");
    press("\f");
    assertTrue(screen.write(view.frame(STATUS)) > 60);
  }

  @Test
  void leaving_gives_back_all_that_was_taken_and_the_next_frame_takes_it_again() {
    assertEquals(0, view.leave().length);
    numbered(0, 3);
    expect("line 0\nline 1\nline 2\n\n\n< app live | 0/s | ? keys\n");
    assertEquals(Set.of("?1049", "?1000", "?1006"), screen.modes());

    screen.write(view.leave());
    // The cursor and wrapping, which are there else.
    assertEquals(Set.of("?25", "?7"), screen.modes());
    assertEquals("\n".repeat(6), screen.toString());
    expect("line 0\nline 1\nline 2\n\n\n< app live | 0/s | ? keys\n");
    assertEquals(Set.of("?1049", "?1000", "?1006"), screen.modes());
  }

  @Test
  void drawing_anew_takes_again_what_others_have_given_back() {
    numbered(0, 3);
    screen.write(view.frame(STATUS));
    // As a shell may do after who was stopped without a chance to do it.
    FullView other = of(APP);
    other.frame(STATUS);
    screen.write(other.leave());
    view.resize(new Dimensions(60, 6));

    expect("line 0\nline 1\nline 2\n\n\n< app live | 0/s | ? keys\n");
    assertEquals(Set.of("?1049", "?1000", "?1006"), screen.modes());
  }

  @Test
  void before_the_terminal_is_open_nothing_is_written() {
    FullView closed = new FullView(List.of(APP), false, false, null, 1 << 20);

    assertEquals(0, closed.frame(STATUS).length);
    assertEquals(0, closed.leave().length);
  }

  @Test
  void one_row_is_enough_for_the_status_line() {
    numbered(0, 3);
    view.resize(new Dimensions(10, 1));
    Screen small = new Screen(1);
    press(UP + PAGE_UP + DOWN + "g");
    small.write(view.frame(STATUS));

    assertTrue(small.toString().startsWith("< "), small::toString);
  }

  @Test
  void it_stays_when_all_has_ended_only_for_what_a_log_said() {
    view.show(Line.ofOurs(Instant.EPOCH, "app: no such log"));
    assertFalse(view.isKeptOpen());
    show(APP, "one");
    assertTrue(view.isKeptOpen());
  }

  @Test
  void space_pauses_and_enter_marks() {
    press(" \r");
    assertTrue(view.isPaused());
    assertTrue(screenAfterWork().matches("(?s)-- \\d\\d:\\d\\d:\\d\\d\n.*"), screen::toString);
  }

  @Test
  void marker_has_its_time_once_whenever_it_was_made() {
    press("mtm");
    assertTrue(screenAfterWork().matches("(?s)(\\d\\d:\\d\\d:\\d\\d -- mark\n){2}\n.*"), screen::toString);

    press("t");
    assertTrue(screenAfterWork().matches("(?s)(-- \\d\\d:\\d\\d:\\d\\d\n){2}\n.*"), screen::toString);
  }
}

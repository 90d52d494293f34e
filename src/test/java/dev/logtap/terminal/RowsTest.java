package dev.logtap.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowsTest {
  /** The rows in short: (31: is a look up to ), <..> a match, and $ the sign of a row that is cut. */
  private static List<String> rows(Rows rows) {
    return rows.all().stream()
        .map(
            row ->
                row.replace("\u001b[0;7m>\u001b[0m", "$")
                    .replace("\u001b[0m", ")")
                    .replace("\u001b[7m", "<")
                    .replace("\u001b[27m", ">")
                    .replaceAll("\u001b\\[([0-9;]+)m", "($1:"))
        .toList();
  }

  private static Rows of(boolean colour, boolean cut, int columns) {
    return new Rows(colour, cut, columns, Rows.Marking.USUAL);
  }

  private static Filter filter(String text) {
    return Filter.of(text);
  }

  @Test
  void what_does_not_fit_goes_on_in_the_next_row() {
    Rows rows = of(true, false, 5);
    rows.put("app:", "36", null);
    rows.put(" ", null, null);
    rows.put("abcdefghij", "31", null);

    assertEquals(List.of("(36:app:) ", "(31:abcde)", "(31:fghij)"), rows(rows));
  }

  @Test
  void match_goes_on_as_well() {
    Rows rows = of(true, false, 4);
    rows.put("abcdefgh", "31", filter("cdef"));

    assertEquals(List.of("(31:ab<cd>)", "(31:<ef>gh)"), rows(rows));
  }

  @Test
  void match_is_found_where_it_is_cut() {
    Rows rows = of(false, true, 4);
    rows.put("abcdefgh", null, filter("cdef"));
    rows.put("more", null, null);

    assertEquals(List.of("ab<c$"), rows(rows));
  }

  @Test
  void sign_does_not_stand_where_only_what_takes_no_room_is_left() {
    Rows rows = of(false, true, 5);
    rows.put("nm: b\u0301", null, filter("b"));

    assertEquals(List.of("nm: <b>"), rows(rows));
  }

  @Test
  void sign_tells_of_a_row_that_is_cut_and_takes_its_last_column() {
    Map<String, String> expected =
        Map.of("abcd", "abcd", "abcde", "abc$", "a\u65e5\u672c", "a\u65e5$", "\u65e5\u672c\u8a9e", "\u65e5 $");
    expected.forEach(
        (text, row) -> {
          Rows rows = of(false, true, 4);
          rows.put(text, null, null);
          rows.put("", null, null);

          assertEquals(List.of(row), rows(rows));
        });
    Rows several = of(true, true, 4);
    several.put("app:", "36", null);
    several.put(" ", null, null);
    several.put("abc", "31", null);
    assertEquals(List.of("(36:app$"), rows(several));
    Rows narrow = of(false, true, 1);
    narrow.put("ab", null, null);
    assertEquals(List.of("$"), rows(narrow));
  }

  @Test
  void one_row_of_any_length_is_whole() {
    Rows rows = of(false, false, Integer.MAX_VALUE);
    rows.put("x".repeat(1000), null, filter("y"));

    assertEquals(List.of("x".repeat(1000)), rows(rows));
  }

  @Test
  void wide_character_moves_to_the_next_row_as_a_whole() {
    Rows rows = of(false, false, 3);
    rows.put("a\u65e5\u672ce\u0301b", null, null);

    assertEquals(List.of("a\u65e5", "\u672ce\u0301", "b"), rows(rows));
  }

  @Test
  void row_ends_also_where_nothing_in_it_takes_room() {
    String accents = "\u0301".repeat(40);
    Rows wrapped = of(false, false, 2);
    wrapped.put("a" + accents, null, null);
    Rows cut = of(false, true, 2);
    cut.put("a" + accents, null, null);
    // Each of them is two chars, which stay together.
    Rows odd = of(false, false, 2);
    odd.put("a" + "\udb40\udd00".repeat(20), null, null);

    assertEquals(List.of(32, 9), rows(wrapped).stream().map(String::length).toList());
    assertEquals(List.of("a" + "\u0301".repeat(31) + "$"), rows(cut));
    assertEquals(List.of(31, 10), rows(odd).stream().map(String::length).toList());
  }

  @Test
  void what_is_wider_than_the_terminal_ends_all_the_same() {
    Rows rows = of(false, false, 1);
    rows.put("\u65e5\u672c", null, null);

    assertEquals(List.of("\u65e5", "\u672c"), rows(rows));
  }

  @Test
  void nothing_is_one_row() {
    Rows rows = of(true, false, 5);
    rows.put("", "31", null);

    assertEquals(List.of(""), rows(rows));
  }

  @Test
  void empty_matches_mark_nothing() {
    Rows rows = of(false, false, 5);
    rows.put("abc", null, filter("/x*/"));

    assertEquals(List.of("abc"), rows(rows));
  }
}

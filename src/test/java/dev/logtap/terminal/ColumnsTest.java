package dev.logtap.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ColumnsTest {
  @Test
  void wide_characters_take_two_and_combining_ones_none() {
    assertEquals(3, Columns.of("abc"));
    assertEquals(4, Columns.of("\u65e5\u672c"));
    assertEquals(2, Columns.of("\ud83d\ude00"));
    assertEquals(1, Columns.of("e\u0301"));
  }

  @Test
  void tab_goes_to_the_next_stop() {
    assertEquals(9, Columns.of("a\tb"));
    assertEquals(16, Columns.behind("\t", 8));
  }

  @Test
  void wide_character_that_fits_by_half_does_not_fit() {
    assertEquals(1, Columns.fitting("\u65e5\u672c", 0, 0, 3));
    assertEquals(2, Columns.fitting("\u65e5\u672c", 0, 0, 4));
    assertEquals(2, Columns.fitting("e\u0301x", 0, 0, 1));
    assertEquals(0, Columns.fitting("x", 0, 5, 5));
  }
}

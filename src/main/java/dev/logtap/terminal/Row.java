package dev.logtap.terminal;

import java.util.regex.Matcher;

/**
 * Writes one line with its colours, whole or cut to the terminal's width. The match of a filter is shown in reverse, which
 * is no colour.
 */
final class Row {
  private static final String REVERSE = "\u001b[7m";
  private static final String NOT_REVERSE = "\u001b[27m";
  static final String DIM = "2";

  private final StringBuilder out;
  private final boolean colour;

  /** The first column that is not to be written. */
  private final int end;

  private int column;

  /** @param columns of the terminal to cut to; 0 for none */
  Row(StringBuilder out, boolean colour, int columns) {
    this.out = out;
    this.colour = colour;
    this.end = columns == 0 ? Integer.MAX_VALUE : columns;
  }

  /**
   * @param look as ECMA-48 8.3.117 numbers it; null for the usual
   * @param filter whose matches are marked; null for none
   */
  void put(String text, String look, Filter filter) {
    String shown = end == Integer.MAX_VALUE ? text : text.substring(0, Columns.fitting(text, column, end));
    if (end != Integer.MAX_VALUE) {
      column = shown.length() < text.length() ? end : Columns.behind(shown, column);
    }
    boolean looks = colour && look != null && !shown.isEmpty();
    if (looks) {
      out.append("\u001b[").append(look).append('m');
    }
    if (filter == null) {
      out.append(shown);
    } else {
      marked(shown, filter.matcher(text));
    }
    if (looks) {
      out.append("\u001b[0m");
    }
  }

  /** Matches are found in the whole text, also where they are cut. */
  private void marked(String shown, Matcher matches) {
    int from = 0;
    while (from < shown.length() && Filter.next(matches)) {
      int begin = Math.min(matches.start(), shown.length());
      int behind = Math.min(matches.end(), shown.length());
      if (begin < behind) {
        out.append(shown, from, begin).append(REVERSE).append(shown, begin, behind).append(NOT_REVERSE);
        from = behind;
      }
    }
    out.append(shown, from, shown.length());
  }
}

package dev.logtap.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/**
 * Lays out one line with its colours: what does not fit into a row goes on in the next one, or is cut, which a sign in the
 * row's last column tells. Each row has all that it needs to be written by itself. The matches of a filter are shown in
 * reverse, which is no colour.
 */
final class Rows {
  static final String DIM = "2";
  private static final String PLAIN = "\u001b[0m";
  private static final String SIGN = "\u001b[0;7m>" + PLAIN;
  private static final int NOWHERE = -1;

  /** How matches look. */
  enum Marking {
    USUAL("\u001b[7m", "\u001b[27m"),
    /** Those of the line that was looked for. */
    CURRENT("\u001b[7;4m", "\u001b[27;24m");

    private final String on;
    private final String off;

    Marking(String on, String off) {
      this.on = on;
      this.off = off;
    }
  }

  private final boolean colour;
  private final boolean cut;

  /** No row is longer, however many of its characters take no room: who writes them decides how much is drawn else. */
  private static final int MOST_CHARS_A_COLUMN = 16;

  /** The first column that is not to be written. */
  private final int end;

  private final Marking marking;
  private final List<String> done = new ArrayList<>();
  private final StringBuilder row = new StringBuilder();
  private int column;

  /** How many chars of text the row has. */
  private int length;

  /** As ECMA-48 8.3.117 numbers it; null for the usual. */
  private String look;

  private boolean marked;

  /** How long the row is before its last column, where a sign stands if it is cut; {@link #NOWHERE} before that is known. */
  private int beforeLast = NOWHERE;

  /** The column there: one before the last, where a wide character does not fit. */
  private int columnBeforeLast;

  private boolean wasCut;

  /** @param columns of a row; {@link Integer#MAX_VALUE} for one row, however long */
  Rows(boolean colour, boolean cut, int columns, Marking marking) {
    this.colour = colour;
    this.cut = cut;
    this.end = columns;
    this.marking = marking;
  }

  /**
   * @param newLook as ECMA-48 8.3.117 numbers it; null for the usual
   * @param filter whose matches are marked; null for none
   */
  void put(String text, String newLook, Filter filter) {
    if (column >= end && !cut && !text.isEmpty()) {
      look = null;
      overflow();
    }
    look = colour && !text.isEmpty() ? newLook : null;
    begin();
    int from = 0;
    if (filter != null) {
      Matcher matches = filter.matcher(text);
      while (from < text.length() && !isFull() && Filter.next(matches)) {
        if (matches.start() < matches.end()) {
          write(text.substring(from, matches.start()));
          mark(text.substring(matches.start(), matches.end()));
          from = matches.end();
        }
      }
    }
    write(from == 0 ? text : text.substring(from));
    end();
  }

  private void mark(String text) {
    if (isFull()) {
      wasCut = true;
      return;
    }
    marked = true;
    row.append(marking.on);
    write(text);
    row.append(marking.off);
    marked = false;
  }

  private boolean isFull() {
    return cut && column >= end;
  }

  private void write(String text) {
    if (end == Integer.MAX_VALUE) {
      row.append(text);
      return;
    }
    wasCut |= isFull() && Columns.of(text) > 0;
    int before = cut && beforeLast == NOWHERE ? Columns.fitting(text, 0, column, end - 1) : text.length();
    fill(text.substring(0, before));
    if (before < text.length()) {
      beforeLast = row.length();
      columnBeforeLast = Math.min(column, end - 1);
      fill(text.substring(before));
    }
  }

  private void fill(String text) {
    int from = 0;
    while (from < text.length() && !isFull()) {
      int to = Math.min(Columns.fitting(text, from, column, end), from + MOST_CHARS_A_COLUMN * end - length);
      if (to > from && Character.isHighSurrogate(text.charAt(to - 1))) {
        to--;
      }
      if (to == from && column == 0) {
        // Wider than the whole terminal.
        to += Character.charCount(text.codePointAt(from));
      }
      String fitting = text.substring(from, to);
      row.append(fitting);
      column = Columns.behind(fitting, column);
      length += fitting.length();
      from = to;
      if (from < text.length()) {
        overflow();
      }
    }
  }

  private void overflow() {
    if (cut) {
      column = end;
      wasCut = true;
      return;
    }
    if (marked) {
      row.append(marking.off);
    }
    end();
    done.add(row.toString());
    row.setLength(0);
    column = 0;
    length = 0;
    begin();
    if (marked) {
      row.append(marking.on);
    }
  }

  private void begin() {
    if (look != null) {
      row.append("\u001b[").append(look).append('m');
    }
  }

  private void end() {
    if (look != null) {
      row.append(PLAIN);
    }
  }

  /** One at least. */
  List<String> all() {
    if (wasCut) {
      sign();
    }
    done.add(row.toString());
    return done;
  }

  private void sign() {
    if (beforeLast != NOWHERE) {
      row.setLength(beforeLast);
      row.repeat(' ', end - 1 - columnBeforeLast);
    }
    row.append(SIGN);
  }
}

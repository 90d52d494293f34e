package dev.logtap.terminal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which rows of the selected lines are seen: the last ones, as they come, or those from a place on that was scrolled to.
 * Used by one thread.
 */
final class Pager {
  private final Kept kept;
  private final Selection selection;

  // How lines are laid out.
  private Style style;
  private Filter marked;
  private int columns = 1;
  private int height;

  /** The rows of lines that are seen, or were a moment ago: a filter may take long to find what is to be marked. */
  private final Map<Long, List<String>> laid = new HashMap<>();

  /** The line that was looked for; {@link Selection#NONE} for none. */
  private long current = Selection.NONE;

  /** The first row that is seen; null while the last ones are, whatever comes. */
  private Place top;

  /** Behind the number of the newest line when the end was left. */
  private long seen;

  /** The lines that are seen, as of the last time that rows were asked for. */
  private long firstSeen = Selection.NONE;

  private long lastSeen = Selection.NONE;

  /** A row of a line. */
  private record Place(long line, int row) {
    boolean isBefore(Place other) {
      return line < other.line || line == other.line && row < other.row;
    }
  }

  Pager(Kept kept, Selection selection, Style style) {
    this.kept = kept;
    this.selection = selection;
    this.style = style;
  }

  /** @param newMarked whose matches are marked; null for none */
  void show(Style newStyle, Filter newMarked, long newCurrent) {
    style = newStyle;
    marked = newMarked;
    current = newCurrent;
    laid.clear();
  }

  void resize(int newColumns, int newHeight) {
    if (top != null) {
      // About where it was in a line that is wrapped otherwise now.
      top = new Place(top.line(), (int) ((long) top.row() * columns / newColumns));
    }
    columns = newColumns;
    height = newHeight;
    laid.clear();
  }

  boolean isAtEnd() {
    return top == null;
  }

  /** How many lines have come below since the end was left. */
  long below() {
    return top == null ? 0 : selection.count(seen, kept.to());
  }

  /** The line that is to stay in sight when others are selected. */
  long anchor() {
    return top == null ? kept.to() : top.line();
  }

  long firstSeen() {
    return firstSeen;
  }

  long lastSeen() {
    return lastSeen;
  }

  // ---- scrolling

  /** By rows; up if there are less than none. */
  void scroll(int rows) {
    Place from = place();
    if (from == null) {
      return;
    }
    if (rows < 0) {
      leaveEnd(up(from, -rows));
    } else if (top != null) {
      top = down(from, rows);
      // Who comes to the end by this follows from now on, also what comes before the next frame.
      place();
    }
  }

  void toBegin() {
    leaveEnd(new Place(kept.from(), 0));
  }

  void toEnd() {
    top = null;
  }

  /** Brings a line into sight, with what is around it. */
  void to(long line) {
    leaveEnd(up(new Place(line, 0), height / 3));
  }

  /** The end is left for a place, which may turn out to be the end itself. */
  private void leaveEnd(Place place) {
    if (top == null) {
      seen = kept.to();
    }
    top = place;
  }

  private Place up(Place from, int rows) {
    long line = from.line();
    int row = from.row() - rows;
    while (row < 0) {
      long before = selection.previous(line - 1);
      if (before == Selection.NONE) {
        return new Place(line, 0);
      }
      line = before;
      row += lay(line).size();
    }
    return new Place(line, row);
  }

  private Place down(Place from, int rows) {
    long line = from.line();
    int row = from.row() + rows;
    for (int length = lay(line).size(); row >= length; length = lay(line).size()) {
      long next = selection.next(line + 1);
      if (next == Selection.NONE) {
        return new Place(line, length - 1);
      }
      row -= length;
      line = next;
    }
    return new Place(line, row);
  }

  // ---- rows

  /** What is seen, from the top; less than the screen has room for where there is no more. */
  List<String> rows() {
    List<String> rows = new ArrayList<>();
    Place from = place();
    firstSeen = from == null ? Selection.NONE : from.line();
    lastSeen = firstSeen;
    for (long line = firstSeen; line != Selection.NONE && rows.size() < height; line = selection.next(line + 1)) {
      List<String> laid = lay(line);
      int begin = line == from.line() ? from.row() : 0;
      rows.addAll(laid.subList(begin, Math.min(laid.size(), begin + height - rows.size())));
      lastSeen = line;
    }
    laid.keySet().removeIf(line -> line < firstSeen || line > lastSeen);
    return rows;
  }

  /** The first row that is seen; null where nothing is. Who has come to the end stays there. */
  private Place place() {
    Place end = end();
    if (top == null || end == null) {
      return end;
    }
    Place settled = settled();
    if (settled.isBefore(end)) {
      return settled;
    }
    if (selection.isDone()) {
      top = null;
    }
    return end;
  }

  /** The place itself; another one where its line is not selected, was dropped, or has less rows now. Some line is. */
  private Place settled() {
    long line = selection.next(top.line());
    if (line == Selection.NONE) {
      line = selection.previous(top.line());
    }
    return line == top.line() ? new Place(line, Math.min(top.row(), lay(line).size() - 1)) : new Place(line, 0);
  }

  /** Where the last rows begin that fit; null where no line is selected. */
  private Place end() {
    long line = selection.previous(kept.to());
    if (line == Selection.NONE) {
      return null;
    }
    Place last = new Place(line, lay(line).size());
    return up(last, height);
  }

  private List<String> lay(long line) {
    Rows.Marking marking = line == current ? Rows.Marking.CURRENT : Rows.Marking.USUAL;
    return laid.computeIfAbsent(line, _ -> style.lay(kept.get(line), marked, marking, columns));
  }
}

package dev.logtap.terminal;

import dev.logtap.render.TerminalText;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

/**
 * How lines are written.
 *
 * @param named whether they begin with their source's name
 * @param times whether they begin with their time
 * @param cut whether they end at the terminal's width, instead of going on below
 * @param searched whose matches are marked where no other filter is set; null for none
 */
record Style(boolean named, boolean colour, boolean times, boolean cut, Filter searched) {
  Style withTimes(boolean newTimes) {
    return new Style(named, colour, newTimes, cut, searched);
  }

  Style withCut(boolean newCut) {
    return new Style(named, colour, times, newCut, searched);
  }

  /**
   * The rows of a line.
   *
   * @param filter whose matches are marked; null for none
   * @param columns of the terminal; {@link Integer#MAX_VALUE} for one row, however long
   */
  List<String> lay(Line line, Filter filter, Rows.Marking marking, int columns) {
    Rows rows = new Rows(colour, cut, columns, marking);
    if (times) {
      rows.put(clock(line.time()) + " ", Rows.DIM, null);
    }
    if (line.source() == null) {
      rows.put("-- " + said(line), Rows.DIM, null);
      return rows.all();
    }
    if (named) {
      rows.put(TerminalText.harmless(line.source().label()) + ":", Integer.toString(line.source().colour()), null);
      rows.put(" ", null, null);
    }
    rows.put(line.text(), look(line.level()), filter == null ? searched : filter);
    return rows.all();
  }

  /** A marker is there for its time, which may stand before it already. */
  private String said(Line ours) {
    return !ours.isMarker() ? ours.text() : times ? "mark" : clock(ours.time());
  }

  private static String look(Level level) {
    return level == null
        ? null
        : switch (level) {
          case ERROR -> "31";
          case WARN -> "33";
          case INFO -> null;
          case DEBUG -> Rows.DIM;
        };
  }

  static String clock(Instant time) {
    LocalTime clock = time.atZone(ZoneId.systemDefault()).toLocalTime();
    StringBuilder text = new StringBuilder();
    for (int part : new int[] {clock.getHour(), clock.getMinute(), clock.getSecond()}) {
      text.append(text.isEmpty() ? "" : ":").append(part < 10 ? "0" : "").append(part);
    }
    return text.toString();
  }
}

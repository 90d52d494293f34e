package dev.logtap.terminal;

import dev.logtap.render.TerminalText;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * How lines are written.
 *
 * @param named whether they begin with their source's name
 * @param times whether they begin with their time
 * @param cut whether they end at the terminal's width, instead of going on below
 */
record Style(boolean named, boolean colour, boolean times, boolean cut) {
  Style withTimes(boolean newTimes) {
    return new Style(named, colour, newTimes, cut);
  }

  Style withCut(boolean newCut) {
    return new Style(named, colour, times, newCut);
  }

  /** @param filter whose matches are marked; null for none */
  void write(Line line, Filter filter, Row row) {
    if (times) {
      row.put(clock(line.time()) + " ", Row.DIM, null);
    }
    if (line.source() == null) {
      row.put("-- " + line.text(), Row.DIM, null);
      return;
    }
    if (named) {
      row.put(TerminalText.harmless(line.source().label()) + ":", Integer.toString(line.source().colour()), null);
      row.put(" ", null, null);
    }
    row.put(line.text(), look(line.level()), filter);
  }

  /** How many rows a terminal of some columns needs for a line. */
  int rows(Line line, int columns) {
    if (cut) {
      return 1;
    }
    int before = (times ? 9 : 0) + (line.source() == null ? 3 : named ? Columns.of(line.source().label()) + 2 : 0);
    return Math.max(1, (Columns.behind(line.text(), before) + columns - 1) / columns);
  }

  private static String look(Level level) {
    return level == null
        ? null
        : switch (level) {
          case ERROR -> "31";
          case WARN -> "33";
          case INFO -> null;
          case DEBUG -> Row.DIM;
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

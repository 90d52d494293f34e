package dev.logtap.terminal;

import dev.logtap.render.TerminalText;
import java.util.ArrayList;
import java.util.List;

/** The line below the lines: one row, however narrow the terminal is. In ASCII, but for what was named or typed. */
final class StatusLine {
  private static final String BETWEEN = " | ";
  private static final String KEYS = "? keys";

  private StatusLine() {}

  /**
   * What the keys have set.
   *
   * @param places where among the lines this is
   * @param filter as it was typed; null for none
   * @param level null for all
   * @param hidden how many sources
   * @param dropped how many of the oldest lines
   */
  record Settings(boolean paused, List<String> places, String filter, Level level, int hidden, long dropped) {}

  /** The text for a terminal of some columns, of which it leaves the last one free, so that no terminal wraps it. */
  static String of(Status status, Settings settings, int columns) {
    List<String> parts = parts(status, settings, true);
    if (Columns.of(joined(parts)) >= columns) {
      parts = parts(status, settings, false);
    }
    // The most important come first.
    while (parts.size() > 1 && Columns.of(joined(parts)) >= columns) {
      parts.removeLast();
    }
    return cut(joined(parts), columns);
  }

  static String cut(String text, int columns) {
    return text.substring(0, Columns.fitting(text, 0, 0, Math.max(0, columns - 1)));
  }

  private static String joined(List<String> parts) {
    return " " + String.join(BETWEEN, parts) + " ";
  }

  private static List<String> parts(Status status, Settings settings, boolean each) {
    List<String> parts = new ArrayList<>();
    if (settings.paused()) {
      parts.add("paused, " + status.waiting() + " waiting" + (status.full() ? ", more at the server" : ""));
    }
    parts.addAll(settings.places());
    addStreams(parts, status.streams(), each);
    if (settings.filter() != null) {
      parts.add("/" + settings.filter());
    }
    if (settings.level() != null) {
      parts.add(settings.level() + " and above");
    }
    if (status.gaps() > 0) {
      parts.add(status.gaps() + (status.gaps() == 1 ? " gap" : " gaps"));
    }
    status.filters().forEach(filter -> parts.add(TerminalText.harmless(filter)));
    if (settings.hidden() > 0) {
      parts.add(settings.hidden() + " hidden");
    }
    parts.add(status.rate() + "/s");
    if (settings.dropped() > 0) {
      parts.add(settings.dropped() + " oldest dropped");
    }
    parts.add(KEYS);
    return parts;
  }

  private static void addStreams(List<String> parts, List<Status.Stream> streams, boolean each) {
    List<String> troubled = new ArrayList<>();
    List<String> all = new ArrayList<>();
    for (Status.Stream stream : streams) {
      String shown = TerminalText.harmless(stream.shown());
      all.add(shown);
      if (stream.condition() != null) {
        troubled.add(shown);
      }
    }
    if (each || streams.size() == 1) {
      parts.add(String.join(", ", all));
      return;
    }
    parts.addAll(troubled);
    parts.add(streams.size() - troubled.size() + " of " + streams.size() + " live");
  }
}

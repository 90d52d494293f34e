package dev.logtap.terminal;

import dev.logtap.render.Source;
import dev.logtap.render.TerminalText;
import java.time.Instant;

/**
 * A line as the view shows it.
 *
 * @param source null for a sentence of ours, which is shown whatever is hidden
 * @param level null where it is not known
 * @param time of the entry; of its coming where it has none
 * @param text harmless on a terminal
 */
public record Line(Source source, Level level, Instant time, String text) {
  /** What no text has that is harmless: a stranger's sentence is no marker. */
  private static final String MARKER = "\u0000";

  /** A line of a log, which is {@code bytes[from, to)} without its end. */
  public static Line ofLog(Source source, Instant came, byte[] bytes, int from, int to) {
    // Without the return of a line that ends with both.
    int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    String text = TerminalText.harmless(bytes, from, end);
    return new Line(source, Level.in(text), came, text);
  }

  /**
   * A line of an entry.
   *
   * @param severity null for none
   * @param service null for none
   */
  public static Line ofEntry(Source source, Instant time, String severity, String service, String message) {
    String head = (severity == null ? "" : severity + " ") + (service == null ? "" : service + ": ");
    Level level = severity == null ? null : Level.of(severity);
    return new Line(source, level, time, TerminalText.harmless(head + message));
  }

  /** Something that we say ourselves. */
  public static Line ofOurs(Instant time, String sentence) {
    return new Line(null, null, time, TerminalText.harmless(sentence));
  }

  /** One to find again: where one looked last. It says its time, which style decides where. */
  static Line marker(Instant time) {
    return new Line(null, null, time, MARKER);
  }

  boolean isMarker() {
    return source == null && text.equals(MARKER);
  }
}

package dev.logtap.protocol;

import dev.logtap.log.Excerpt;
import dev.logtap.log.LogName;
import dev.logtap.log.Reading.Lines;
import dev.logtap.output.ByteOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/**
 * Writes the answer of the last lines of a log: {@code {"lines":[...],"log_type":"nginx-access","timestamp":1763860000}},
 * with {@code "truncated":true} where something is left out.
 */
public final class LinesAnswer {
  private LinesAnswer() {}

  /**
   * Writes what the excerpt has; of a line over a part only the first part.
   *
   * @param excerpt null where the log can't be read, which is an answer without lines
   */
  public static void write(OutputStream sink, LogName log, Excerpt excerpt, Instant read) throws IOException {
    ByteOutput out = new ByteOutput(sink);
    LineArray lines = new LineArray(out);
    out.write("{\"lines\":");
    lines.begin();
    boolean truncated = false;
    if (excerpt != null) {
      truncated = excerpt.truncated();
      boolean inLine = false;
      for (Lines some = excerpt.next(); some != null; some = excerpt.next()) {
        Lines kept = inLine ? behindFirst(some) : some;
        inLine = some.partial();
        truncated |= inLine;
        if (kept != null) {
          lines.add(kept);
        }
      }
    }
    lines.end();
    out.write(",\"log_type\":\"" + log + "\",\"timestamp\":" + read.getEpochSecond() + (truncated ? ",\"truncated\":true}" : "}"));
    out.flush();
  }

  /** What comes after the end of a line of which enough was written; null where that is nothing. */
  private static Lines behindFirst(Lines lines) {
    int from = lines.from();
    while (from < lines.to() && lines.bytes()[from] != '\n') {
      from++;
    }
    return from + 1 < lines.to() ? new Lines(lines.bytes(), from + 1, lines.to(), lines.partial()) : null;
  }
}

package dev.logtap.protocol;

import dev.logtap.log.Reading.Lines;
import dev.logtap.output.ByteOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Writes messages of a log's stream: {@code {"lines":[...],"cursor":"..."}}, with {@code "partial":true} where
 * the last line goes on in the next message, and {@code "gap":"why"} where something may be missing before the
 * lines. Used by one thread at a time; one message after the other.
 */
public final class LinesMessage {
  private final ByteOutput out;
  private final LineArray lines;

  /** @param sink takes the messages; it is memory, and so does not fail */
  public LinesMessage(OutputStream sink) {
    this.out = new ByteOutput(sink);
    this.lines = new LineArray(out);
  }

  /** Begins a message; one that was begun before and not ended is forgotten. */
  public void begin() {
    out.discard();
    try {
      out.write("{\"lines\":");
      lines.begin();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void add(Lines more) {
    try {
      lines.add(more);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Ends the message, all of which is in the sink then.
   *
   * @param gap null where nothing is missing
   */
  public void end(boolean partial, String gap, String cursor) {
    try {
      lines.end();
      if (partial) {
        out.write(",\"partial\":true");
      }
      if (gap != null) {
        out.write(",\"gap\":");
        lines.string(gap);
      }
      // base64url, of which JSON escapes nothing.
      out.write(",\"cursor\":\"" + cursor + "\"}");
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

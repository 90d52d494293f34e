package dev.logtap.render;

import dev.logtap.log.Reading.Lines;
import dev.logtap.protocol.RelayEntry;
import java.io.IOException;

/** Writes what was read from logs and environments to one output. Used by one thread. */
public sealed interface Renderer permits JsonLines, TextLines {

  void lines(Source source, Lines lines) throws IOException;

  void entry(Source source, RelayEntry entry) throws IOException;

  /**
   * Shows that something was, or may have been, lost; false where the output has no place for it.
   *
   * @param dropped how much; 0 where that is not known
   */
  boolean gap(Source source, String why, long dropped) throws IOException;

  /** Hands all that was written on to the reader. */
  void flush() throws IOException;
}

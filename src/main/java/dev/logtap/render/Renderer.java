package dev.logtap.render;

import dev.logtap.log.LogName;
import dev.logtap.log.Reading.Lines;
import java.io.IOException;

/** Writes what was read from logs to one output. Used by one thread. */
public sealed interface Renderer permits JsonLines, TextLines {

  void lines(LogName log, Lines lines) throws IOException;

  /** Shows that something was, or may have been, lost; false where the output has no place for it. */
  boolean gap(LogName log, String why) throws IOException;

  /** Hands all that was written on to the reader. */
  void flush() throws IOException;
}

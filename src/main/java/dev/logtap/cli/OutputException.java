package dev.logtap.cli;

import java.io.IOException;

/** What was to go to stdout could not be written. */
sealed class OutputException extends IOException permits ReaderGoneException {
  private static final long serialVersionUID = 1;

  OutputException(String sentence, IOException cause) {
    super(sentence, cause);
  }

  /**
   * What a failed write to stdout means. Java passes on the system's words and not its number; the
   * launcher sees to it that they are English.
   */
  static OutputException of(IOException e) {
    boolean gone = "Broken pipe".equals(e.getMessage()) || "Connection reset by peer".equals(e.getMessage());
    return gone
        ? new ReaderGoneException(e)
        : new OutputException("standard output: can't be written: " + e.getMessage() + "; make room, or write to another place", e);
  }
}

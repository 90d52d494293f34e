package dev.logtap.cli;

import java.io.IOException;

/** Whoever read our output has closed it: {@code logtap tail app | head}. That is no failure. */
final class ReaderGoneException extends IOException {
  private static final long serialVersionUID = 1;

  private ReaderGoneException(IOException cause) {
    super(cause);
  }

  /**
   * What a failed write to stdout means. Java passes on the system's words and not its number; the
   * launcher sees to it that they are English.
   */
  static IOException orOther(IOException e) {
    boolean gone = "Broken pipe".equals(e.getMessage()) || "Connection reset by peer".equals(e.getMessage());
    return gone
        ? new ReaderGoneException(e)
        : new IOException("the output could not be written: " + e.getMessage(), e);
  }
}

package dev.logtap.log;

import java.io.IOException;

/** A log that is not there or may not be read; the message is a sentence that says why and what to do. */
public final class UnreadableLogException extends IOException {
  private static final long serialVersionUID = 1;

  /** Why a path could not be opened. */
  public enum Reason {
    MISSING,
    DENIED,
    /** A FIFO, a device, a directory, a socket, or a link that its entry does not allow. */
    REFUSED,
    FAILED
  }

  private final Reason reason;

  UnreadableLogException(Reason reason, String sentence, IOException cause) {
    super(sentence, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}

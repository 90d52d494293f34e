package dev.logtap.relay;

/** The relay has ended, and the client's stream with it; the message is a sentence for the client. */
public final class EndedException extends Exception {
  private static final long serialVersionUID = 1;
  private final boolean failed;

  EndedException(String sentence, boolean failed) {
    super(sentence, null, false, false);
    this.failed = failed;
  }

  /** Whether coming back does not help before somebody has mended it. */
  public boolean hasFailed() {
    return failed;
  }
}

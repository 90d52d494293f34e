package dev.logtap.railway;

import java.time.Duration;

/** Railway could not be asked, or has refused; the message is a sentence for the client that asked. */
public final class RailwayException extends Exception {
  private static final long serialVersionUID = 1;
  private final boolean lasting;

  /** Asking sooner is in vain; zero where that is not known. */
  private final Duration pause;

  public RailwayException(String sentence, boolean lasting) {
    this(sentence, lasting, Duration.ZERO);
  }

  RailwayException(String sentence, boolean lasting, Duration pause) {
    super(sentence, null, false, false);
    this.lasting = lasting;
    this.pause = pause;
  }

  /** Whether asking again does not help: the token does not open the environment. */
  public boolean isLasting() {
    return lasting;
  }

  Duration pause() {
    return pause;
  }
}

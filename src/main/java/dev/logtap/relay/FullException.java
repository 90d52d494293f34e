package dev.logtap.relay;

/** The environment has as many clients as it may; the message is a sentence for the client. */
public final class FullException extends Exception {
  private static final long serialVersionUID = 1;

  FullException(int most) {
    super("the environment has its " + most + " clients already; try again later", null, false, false);
  }
}

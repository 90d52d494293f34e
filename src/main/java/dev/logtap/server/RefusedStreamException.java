package dev.logtap.server;

import dev.logtap.websocket.CloseCode;

/** The client can't have its stream; that is said on the open stream, which ends then. */
final class RefusedStreamException extends Exception {
  private static final long serialVersionUID = 1;
  private final CloseCode code;

  /** Whether it is said in a message of its own, too. */
  private final boolean message;

  RefusedStreamException(CloseCode code, String sentence, boolean message) {
    super(sentence, null, false, false);
    this.code = code;
    this.message = message;
  }

  CloseCode code() {
    return code;
  }

  boolean hasMessage() {
    return message;
  }
}

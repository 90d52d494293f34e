package dev.logtap.websocket;

/**
 * A peer broke a rule of the protocol or one of our limits. The message is a sentence short enough for the close
 * frame that answers it, and holds nothing of what the peer sent.
 */
public final class ProtocolException extends Exception {
  private static final long serialVersionUID = 1;

  private final CloseCode code;

  public ProtocolException(CloseCode code, String sentence) {
    super(sentence);
    this.code = code;
  }

  public CloseCode code() {
    return code;
  }
}

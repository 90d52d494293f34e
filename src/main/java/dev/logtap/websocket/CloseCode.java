package dev.logtap.websocket;

/** Why a stream ends, as its close frame says it: RFC 6455 7.4.1, and our own from 4000 on. */
public enum CloseCode {
  NORMAL(1000),
  /** The server stops. */
  GOING_AWAY(1001),
  PROTOCOL_ERROR(1002),
  /** A kind of message that is not understood here, binary ones for example. */
  UNSUPPORTED(1003),
  NOT_UTF8(1007),
  POLICY(1008),
  TOO_BIG(1009),
  /** Our fault, or one that waiting does not mend. */
  INTERNAL(1011),
  TRY_LATER(1013),
  UNKNOWN_NAME(4000),
  UNAUTHORIZED(4001),
  FORBIDDEN(4003);

  /** Stands for a close frame that gives no code; it is never sent itself. */
  public static final int NONE = 1005;

  /** Stands for the end of a connection without a close frame; it is never sent itself. */
  public static final int CUT = 1006;

  private final int value;

  CloseCode(int value) {
    this.value = value;
  }

  public int value() {
    return value;
  }

  /**
   * Whether a close frame may hold this code: RFC 6455 7.4, and the codes that IANA has registered since. 1005, 1006
   * and 1015 stand for what happened without a frame, 1004 and those up to 2999 have no meaning yet.
   */
  static boolean mayBeSent(int code) {
    boolean registered = code >= 1000 && code <= 1014 && code != 1004 && code != NONE && code != CUT;
    return registered || code >= 3000 && code <= 4999;
  }
}

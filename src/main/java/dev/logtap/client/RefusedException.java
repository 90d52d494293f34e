package dev.logtap.client;

import java.time.Duration;

/**
 * The server has answered the handshake by something else than a stream.
 */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;
  private final transient Duration retryAfter;

  /**
   * Says what was answered.
   *
   * @param sentence the server's own; null where it gives none
   * @param retryAfter its wish; zero where it has none
   */
  RefusedException(int status, String sentence, Duration retryAfter) {
    super("the server answers " + status + (sentence == null ? "" : " (" + sentence + ")"));
    this.status = status;
    this.retryAfter = retryAfter;
  }

  int status() {
    return status;
  }

  Duration retryAfter() {
    return retryAfter;
  }
}

package dev.logtap.auth;

/**
 * A token is not good. The message is a sentence for whoever brought it: why, and what to do. It never
 * holds the token or a piece of it.
 */
public final class RefusedTokenException extends Exception {
  private static final long serialVersionUID = 1;

  public RefusedTokenException(String sentence) {
    // No cause: the library's messages quote what the token holds. No trace: strangers would have us make them.
    super(sentence, null, false, false);
  }
}

package dev.logtap.auth;

/**
 * A secret or a key can't be used. The message goes on behind the name of where it stands: what is wrong
 * with it, and what to do. It never holds the secret or a piece of it.
 */
public final class UnusableKeyException extends Exception {
  private static final long serialVersionUID = 1;

  UnusableKeyException(String sentence) {
    super(sentence);
  }
}

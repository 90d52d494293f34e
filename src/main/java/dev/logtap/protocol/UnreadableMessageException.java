package dev.logtap.protocol;

/** What a server sent is no message of ours. The sentence holds nothing of it. */
public final class UnreadableMessageException extends Exception {
  private static final long serialVersionUID = 1;

  UnreadableMessageException(String sentence) {
    super(sentence);
  }
}

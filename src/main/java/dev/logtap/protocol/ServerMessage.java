package dev.logtap.protocol;

/** What a server says on an open stream, of a log or of an environment. */
public sealed interface ServerMessage {
  /** About how many bytes of memory it holds. */
  default int size() {
    return 0;
  }

  /**
   * Lines of a log.
   *
   * @param bytes UTF-8 in {@code [0, length)}, each line with its {@code \n}, but for a last one that goes on
   * @param partial whether the last line goes on in the next message
   * @param gap why something may be missing before them; null where nothing is
   * @param cursor behind them
   */
  record Lines(byte[] bytes, int length, boolean partial, String gap, String cursor) implements ServerMessage {
    @Override
    public int size() {
      return length;
    }
  }

  /** @param cursor null where the server gives none */
  record Entry(RelayEntry entry, String cursor) implements ServerMessage {
    @Override
    public int size() {
      // As JSON, and the parts of it that a text shows.
      return 2 * entry.members().length;
    }
  }

  /**
   * Entries were, or may have been, lost here.
   *
   * @param dropped how many; 0 where that is not known
   */
  record Gap(long dropped, String why) implements ServerMessage {}

  /** How the relay is connected to its source, in one word. */
  record Status(String word) implements ServerMessage {
    public static final String CONNECTED = "connected";
  }

  /** @param timestamp the server's time, RFC 3339; null where it gives none */
  record Heartbeat(String timestamp) implements ServerMessage {}

  /** Something went wrong; the stream may go on all the same. */
  record Trouble(String sentence) implements ServerMessage {}

  /** What later servers may say. */
  record Other() implements ServerMessage {}

  /**
   * Reads a message.
   *
   * @throws UnreadableMessageException where it is none
   */
  static ServerMessage parse(String text) throws UnreadableMessageException {
    return MessageParser.parse(text);
  }
}

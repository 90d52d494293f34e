package dev.logtap.websocket;

/** What a peer sent: a whole message, or a control frame. */
public sealed interface Incoming {

  record Text(String text) implements Incoming {
    /** Without the text: it may hold a token. */
    @Override
    public String toString() {
      return "Text[" + text.length() + " characters]";
    }
  }

  /** A binary message, of which nothing is kept but its length: no stream of ours takes one. */
  record Binary(int length) implements Incoming {}

  /** To be answered by {@link Frames#pong} with the same payload. */
  record Ping(byte[] payload) implements Incoming {}

  record Pong() implements Incoming {}

  /** The last of what counts; {@link CloseCode#NONE} and an empty reason where the frame is empty. */
  record Close(int code, String reason) implements Incoming {}
}

package dev.logtap.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The frames a server sends (RFC 6455 5.2): unmasked, whole messages, ready to be written. Called on any thread.
 *
 * <p>A server's head is 2 to 10 bytes, so it is put where the payload already is. The library's {@code
 * createBinaryFrame} takes the payload in one array and gives the frame in another, from which it would have to be
 * copied again into the direct buffer that all connections of a stream write: two copies for each byte of a log.
 */
public final class Frames {
  private static final int FINAL = 0x80;
  private static final int TEXT = 0x1;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xa;

  private static final int MOST_IN_CONTROL_FRAME = 125;
  private static final int CODE = 2;

  private Frames() {}

  /** How many bytes stand before a payload of this length: 2, 4 or 10. */
  public static int headerLength(long payload) {
    return payload <= 125 ? 2 : payload <= 0xffff ? 4 : 10;
  }

  /** Puts what stands before a text message of this many bytes. */
  public static void putTextHeader(ByteBuffer out, int payloadLength) {
    putHeader(out, TEXT, payloadLength);
  }

  /** A text message. */
  public static ByteBuffer text(byte[] utf8) {
    return frame(TEXT, utf8);
  }

  public static ByteBuffer ping() {
    return control(PING, new byte[0]);
  }

  /** The answer to a ping, which holds what the ping did. */
  public static ByteBuffer pong(byte[] payload) {
    return control(PONG, payload);
  }

  /** @param reason cut where it is longer than the 123 bytes that fit: behind a word, or in one between characters */
  public static ByteBuffer close(CloseCode code, String reason) {
    byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(utf8.length, MOST_IN_CONTROL_FRAME - CODE);
    while (length < utf8.length && (utf8[length] & 0xc0) == 0x80) {
      length--;
    }
    int word = length;
    while (length < utf8.length && word > 0 && utf8[word] != ' ') {
      word--;
    }
    length = word > 0 ? word : length;
    ByteBuffer payload = ByteBuffer.allocate(CODE + length).putShort((short) code.value()).put(utf8, 0, length);
    return control(CLOSE, payload.array());
  }

  /** The answer to a peer's close frame, with its code; {@link CloseCode#NONE} is answered by an empty frame too. */
  public static ByteBuffer close(int code) {
    if (code == CloseCode.NONE) {
      return control(CLOSE, new byte[0]);
    }
    if (!CloseCode.mayBeSent(code)) {
      throw new IllegalArgumentException("close code " + code + " must not be sent");
    }
    return control(CLOSE, ByteBuffer.allocate(CODE).putShort((short) code).array());
  }

  private static ByteBuffer control(int opcode, byte[] payload) {
    if (payload.length > MOST_IN_CONTROL_FRAME) {
      throw new IllegalArgumentException("a control frame holds at most " + MOST_IN_CONTROL_FRAME + " bytes");
    }
    return frame(opcode, payload);
  }

  private static ByteBuffer frame(int opcode, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(headerLength(payload.length) + payload.length);
    putHeader(frame, opcode, payload.length);
    return frame.put(payload).flip();
  }

  private static void putHeader(ByteBuffer out, int opcode, int length) {
    out.put((byte) (FINAL | opcode));
    switch (headerLength(length)) {
      case 2 -> out.put((byte) length);
      case 4 -> out.put((byte) 126).putShort((short) length);
      default -> out.put((byte) 127).putLong(length);
    }
  }
}

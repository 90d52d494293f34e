package dev.logtap.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.java_websocket.enums.Opcode;

/**
 * The head of a frame (RFC 6455 5.2), checked as far as a frame alone can be. The draft looks neither at the
 * mask bit nor at whether a length is written as short as can be, and allocates a length before any of it has come.
 *
 * @param last whether the message ends with this frame
 * @param payload how many bytes follow the head
 * @param bytes the head as it came, 2 to 14 bytes; of a client's the last four are the mask
 */
record FrameHead(boolean last, Opcode opcode, int payload, byte[] bytes) {
  private static final int MASK = 4;

  /** RFC 6455 5.5. */
  private static final int MOST_IN_CONTROL_FRAME = 125;

  /**
   * Reads one, and judges each byte before it waits for the next.
   *
   * @param most how many bytes of payload are taken
   * @param sender whose frame it is
   * @return null when the stream ends before the head does
   */
  static FrameHead read(InputStream in, int most, Side sender) throws IOException, ProtocolException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    if ((first & 0x70) != 0) {
      throw broken("a reserved bit is set, and no extension was agreed on");
    }
    boolean last = (first & 0x80) != 0;
    Opcode opcode = opcode(first & 0x0f);
    boolean control = (first & 0x08) != 0;
    if (control && !last) {
      throw broken("a control frame is fragmented");
    }

    int second = in.read();
    if (second < 0) {
      return null;
    }
    boolean masked = (second & 0x80) != 0;
    if (masked != (sender == Side.CLIENT)) {
      throw broken(masked ? "a server's frame is masked" : "a client's frame is not masked");
    }
    int length = second & 0x7f;
    if (control && length > MOST_IN_CONTROL_FRAME) {
      throw broken("a control frame is longer than " + MOST_IN_CONTROL_FRAME + " bytes");
    }

    int extended = length == 127 ? 8 : length == 126 ? 2 : 0;
    int mask = masked ? MASK : 0;
    byte[] bytes = new byte[2 + extended + mask];
    bytes[0] = (byte) first;
    bytes[1] = (byte) second;
    if (in.readNBytes(bytes, 2, extended) < extended) {
      return null;
    }
    long payload =
        switch (extended) {
          case 8 -> minimal(ByteBuffer.wrap(bytes).getLong(2), 1 << 16);
          case 2 -> minimal(ByteBuffer.wrap(bytes).getShort(2) & 0xffff, MOST_IN_CONTROL_FRAME + 1);
          default -> length;
        };
    if (payload > most) {
      throw new ProtocolException(CloseCode.TOO_BIG, "a frame is longer than " + most + " bytes; send less at once");
    }
    if (in.readNBytes(bytes, 2 + extended, mask) < mask) {
      return null;
    }
    return new FrameHead(last, opcode, (int) payload, bytes);
  }

  private static Opcode opcode(int value) throws ProtocolException {
    return switch (value) {
      case 0x0 -> Opcode.CONTINUOUS;
      case 0x1 -> Opcode.TEXT;
      case 0x2 -> Opcode.BINARY;
      case 0x8 -> Opcode.CLOSING;
      case 0x9 -> Opcode.PING;
      case 0xa -> Opcode.PONG;
      default -> throw broken("a frame has an opcode that is not defined");
    };
  }

  /** Also refuses what has the highest of its 64 bits set. */
  private static long minimal(long length, int least) throws ProtocolException {
    if (length < least) {
      throw broken("a frame's length is not written as short as can be");
    }
    return length;
  }

  static ProtocolException broken(String sentence) {
    return new ProtocolException(CloseCode.PROTOCOL_ERROR, sentence);
  }
}

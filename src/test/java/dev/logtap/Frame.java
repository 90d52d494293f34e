package dev.logtap;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One frame of RFC 6455, section 5.2, with nothing that keeps it from being wrong. */
record Frame(boolean fin, int opcode, byte[] payload) {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

  static Frame text(String text) {
    return new Frame(true, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  static Frame close(int code) {
    return new Frame(true, CLOSE, ByteBuffer.allocate(2).putShort((short) code).array());
  }

  /** As a client has to send it. */
  byte[] masked() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head(payload.length, 0x80));
    out.writeBytes(MASK);
    for (int i = 0; i < payload.length; i++) {
      out.write(payload[i] ^ MASK[i % 4]);
    }
    return out.toByteArray();
  }

  /** As only a server may send it. */
  byte[] unmasked() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head(payload.length, 0));
    out.writeBytes(payload);
    return out.toByteArray();
  }

  /** A head that announces a length which the payload need not have, in the eight bytes for large ones. */
  static byte[] announcing(int opcode, long length) {
    return ByteBuffer.allocate(14).put((byte) (0x80 | opcode)).put((byte) 0xff).putLong(length).put(MASK).array();
  }

  private byte[] head(int length, int maskBit) {
    byte first = (byte) ((fin ? 0x80 : 0) | opcode);
    if (length < 126) {
      return new byte[] {first, (byte) (maskBit | length)};
    }
    return length < 1 << 16
        ? ByteBuffer.allocate(4).put(first).put((byte) (maskBit | 126)).putShort((short) length).array()
        : ByteBuffer.allocate(10).put(first).put((byte) (maskBit | 127)).putLong(length).array();
  }

  /** Of a close frame; 1005 where it holds none. */
  int closeCode() {
    return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
  }

  String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }
}

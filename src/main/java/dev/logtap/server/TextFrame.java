package dev.logtap.server;

import dev.logtap.output.GrowingBytes;
import dev.logtap.websocket.Frames;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A text frame in the making: the payload first, then the header in the room before it. Used by one thread at a time. */
final class TextFrame {
  private static final int LONGEST_HEADER = Frames.headerLength(Integer.MAX_VALUE);

  private final GrowingBytes bytes = new GrowingBytes(LONGEST_HEADER);

  /** Takes the payload. */
  OutputStream payload() {
    return bytes;
  }

  /** Begins another one, in the memory of the last. */
  void clear() {
    bytes.clear();
  }

  /** The whole frame, in memory that the next one takes. */
  ByteBuffer written() {
    ByteBuffer frame = bytes.written();
    int payload = frame.remaining();
    int start = frame.position() - Frames.headerLength(payload);
    frame.position(start);
    Frames.putTextHeader(frame, payload);
    return frame.position(start);
  }
}

package dev.logtap.server;

import dev.logtap.hub.Encoding;
import dev.logtap.log.Cursor;
import dev.logtap.log.Reading.Lines;
import dev.logtap.output.GrowingBytes;
import dev.logtap.protocol.LinesMessage;
import dev.logtap.websocket.Frames;
import java.nio.ByteBuffer;

/** Makes of lines the WebSocket frame that carries them: the JSON first, then the header in the room before it. */
final class StreamEncoding implements Encoding {
  private static final int LONGEST_HEADER = Frames.headerLength(Integer.MAX_VALUE);

  private final GrowingBytes bytes = new GrowingBytes(LONGEST_HEADER);
  private final LinesMessage message = new LinesMessage(bytes);

  @Override
  public void begin() {
    bytes.clear();
    message.begin();
  }

  @Override
  public void add(Lines lines) {
    message.add(lines);
  }

  @Override
  public ByteBuffer end(boolean partial, String gap, Cursor cursor) {
    message.end(partial, gap, cursor.toString());
    ByteBuffer frame = bytes.written();
    int payload = frame.remaining();
    int start = frame.position() - Frames.headerLength(payload);
    frame.position(start);
    Frames.putTextHeader(frame, payload);
    return frame.position(start);
  }
}

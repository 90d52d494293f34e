package dev.logtap.server;

import dev.logtap.hub.Encoding;
import dev.logtap.log.Cursor;
import dev.logtap.log.Reading.Lines;
import dev.logtap.protocol.LinesMessage;
import java.nio.ByteBuffer;

/** Makes of lines the WebSocket frame that carries them. */
final class StreamEncoding implements Encoding {
  private final TextFrame frame = new TextFrame();
  private final LinesMessage message = new LinesMessage(frame.payload());

  @Override
  public void begin() {
    frame.clear();
    message.begin();
  }

  @Override
  public void add(Lines lines) {
    message.add(lines);
  }

  @Override
  public ByteBuffer end(boolean partial, String gap, Cursor cursor) {
    message.end(partial, gap, cursor.toString());
    return frame.written();
  }
}

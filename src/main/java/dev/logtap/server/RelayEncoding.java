package dev.logtap.server;

import dev.logtap.protocol.Json;
import dev.logtap.protocol.RelayMessage;
import dev.logtap.railway.Entry;
import dev.logtap.relay.Encoding;
import dev.logtap.websocket.Frames;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Makes of what a relay tells the WebSocket frames that carry it. */
final class RelayEncoding implements Encoding {
  private final TextFrame frame = new TextFrame();

  /** Null until there is an entry: it has a large buffer, and most clients' encodings never see one. */
  private RelayMessage message;

  @Override
  public ByteBuffer entry(Entry entry, boolean cut, String cursor) {
    if (message == null) {
      message = new RelayMessage(frame.payload());
    }
    frame.clear();
    message.log(entry, cut, cursor);
    ByteBuffer written = frame.written();
    return ByteBuffer.allocate(written.remaining()).put(written).flip();
  }

  @Override
  public ByteBuffer gap(OptionalLong dropped, String why) {
    return Frames.text(Json.gap(dropped, why));
  }

  @Override
  public ByteBuffer status(String status) {
    return Frames.text(Json.status(status));
  }

  @Override
  public ByteBuffer error(String sentence) {
    return Frames.text(Json.error(sentence));
  }
}

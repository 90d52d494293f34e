package dev.logtap.server;

import dev.logtap.protocol.Json;
import dev.logtap.protocol.RelayMessage;
import dev.logtap.railway.Entry;
import dev.logtap.relay.Encoding;
import dev.logtap.websocket.Frames;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.OptionalLong;

/** Makes of what a relay tells the WebSocket frames that carry it. */
final class RelayEncoding implements Encoding {
  private final TextFrame frame = new TextFrame();
  private final RelayMessage message = new RelayMessage(frame.payload());

  @Override
  public ByteBuffer entry(Entry entry, boolean cut, String cursor) {
    frame.clear();
    message.log(entry, cut, cursor);
    return copied();
  }

  @Override
  public ByteBuffer gap(OptionalLong dropped, String why) {
    frame.clear();
    message.gap(dropped, why);
    return copied();
  }

  @Override
  public ByteBuffer status(String status) {
    frame.clear();
    message.status(status);
    return copied();
  }

  @Override
  public ByteBuffer error(String sentence) {
    return Frames.text(Json.error(sentence));
  }

  ByteBuffer heartbeat(Instant now) {
    frame.clear();
    message.heartbeat(now);
    return copied();
  }

  private ByteBuffer copied() {
    ByteBuffer written = frame.written();
    return ByteBuffer.allocate(written.remaining()).put(written).flip();
  }
}

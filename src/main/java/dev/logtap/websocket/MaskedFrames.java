package dev.logtap.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Role;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.FramedataImpl1;
import org.java_websocket.framing.PingFrame;
import org.java_websocket.framing.PongFrame;
import org.java_websocket.framing.TextFrame;

/**
 * The frames a client sends (RFC 6455 5.1): whole messages, masked by the draft. They are few and small, so what it
 * copies costs nothing. Used by one thread at a time.
 */
public final class MaskedFrames {
  private final Draft_6455 draft = new Draft_6455();

  public MaskedFrames() {
    draft.setParseMode(Role.CLIENT);
  }

  public byte[] text(String text) {
    return frame(new TextFrame(), text.getBytes(StandardCharsets.UTF_8));
  }

  public byte[] ping() {
    return frame(new PingFrame(), new byte[0]);
  }

  /** The answer to a ping, which holds what the ping did. */
  public byte[] pong(byte[] payload) {
    return frame(new PongFrame(), payload);
  }

  public byte[] close(CloseCode code) {
    CloseFrame close = new CloseFrame();
    close.setCode(code.value());
    return bytes(draft.createBinaryFrame(close));
  }

  private byte[] frame(FramedataImpl1 frame, byte[] payload) {
    frame.setPayload(ByteBuffer.wrap(payload));
    return bytes(draft.createBinaryFrame(frame));
  }

  private static byte[] bytes(ByteBuffer frame) {
    return MessageReader.bytes(frame);
  }
}

package dev.logtap.websocket;

import dev.logtap.websocket.MessageReader.Limits;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.java_websocket.enums.Opcode;

/** A message whose last frame has not come yet (RFC 6455 5.4). Belongs to its reader, and is gone with the message. */
final class PartialMessage {
  private final boolean isText;
  private final Limits limits;
  private int fragments;
  private int length;

  /** What has come of a text; of a binary message nothing is kept. */
  private final ByteArrayOutputStream text = new ByteArrayOutputStream(0);

  PartialMessage(Opcode opcode, Limits limits) {
    this.isText = opcode == Opcode.TEXT;
    this.limits = limits;
  }

  /** Counts a frame of it before its payload is read. */
  void announce(int payload) throws ProtocolException {
    fragments++;
    if (fragments > limits.fragments()) {
      throw tooBig("more than " + limits.fragments() + " fragments");
    }
    if (payload > limits.messageBytes() - length) {
      throw tooBig("more than " + limits.messageBytes() + " bytes");
    }
    length += payload;
  }

  private static ProtocolException tooBig(String what) {
    return new ProtocolException(CloseCode.TOO_BIG, "a message has " + what + "; send shorter ones");
  }

  void add(ByteBuffer payload) {
    if (isText) {
      text.writeBytes(MessageReader.bytes(payload));
    }
  }

  Incoming whole() throws ProtocolException {
    return isText
        ? new Incoming.Text(MessageReader.decoded(ByteBuffer.wrap(text.toByteArray()), "a text message"))
        : new Incoming.Binary(length);
  }
}

package dev.logtap.websocket;

import static dev.logtap.websocket.FrameHead.broken;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.Framedata;

/**
 * Reads what one peer sends, message by message, and takes nothing that RFC 6455 or our limits forbid.
 *
 * <p>Used by the thread that reads the connection, and no other. An exception is the end: the stream may stand
 * anywhere in a frame then.
 */
public final class MessageReader {
  /** What is allocated for a frame before any of it has come: most messages fit, and strangers can claim no more. */
  private static final int FIRST_ALLOCATION = 2 << 10;

  /**
   * How much a peer may send before the end of a message is known.
   *
   * @param frameBytes the most payload of one frame
   * @param fragments the most frames of one message
   * @param messageBytes the most payload of one message
   */
  public record Limits(int frameBytes, int fragments, int messageBytes) {
    /** Filters and tokens are what clients send: 64 KiB is plenty, and a thousand clients fill 64 MiB with it. */
    public static final Limits DEFAULT = new Limits(64 << 10, 16, 64 << 10);

    public Limits {
      if (frameBytes < 125 || fragments < 1 || messageBytes < 1) {
        throw new IllegalArgumentException("limits have to let a control frame and a message of one byte through");
      }
    }
  }

  private final InputStream in;
  private final Limits limits;
  private final Side sender;

  /**
   * Given one whole frame at a time, in an array that begins with it. It would keep the pieces of a frame that comes
   * in several, but allocates what the head claims; and of a buffer whose array begins elsewhere it decodes the wrong
   * bytes. It joins no fragments here: that it does only together with the library's own connection, and counts none.
   */
  private final Draft_6455 draft = new Draft_6455();

  /** The message whose end has not come yet; null between messages. */
  private PartialMessage open;

  /** Reads what a client sends. */
  public MessageReader(InputStream in, Limits limits) {
    this(in, limits, Side.CLIENT);
  }

  /**
   * Reads what {@code sender} sends.
   *
   * @param in buffered: it is read byte by byte where a frame begins
   */
  public MessageReader(InputStream in, Limits limits, Side sender) {
    this.in = in;
    this.limits = limits;
    this.sender = sender;
  }

  /**
   * Waits for the next message or control frame. Control frames between the fragments of a message come before it.
   *
   * @return null when the stream has ended, wherever
   */
  public Incoming next() throws IOException, ProtocolException {
    while (true) {
      FrameHead head = FrameHead.read(in, limits.frameBytes(), sender);
      if (head == null) {
        return null;
      }
      boolean control = isControl(head.opcode());
      if (!control) {
        begin(head);
      }
      byte[] frame = whole(head);
      if (frame == null) {
        return null;
      }
      if (control) {
        return control(head, frame);
      }
      open.add(payload(frame));
      if (head.last()) {
        Incoming message = open.whole();
        open = null;
        return message;
      }
    }
  }

  private static boolean isControl(Opcode opcode) {
    return opcode == Opcode.CLOSING || opcode == Opcode.PING || opcode == Opcode.PONG;
  }

  /** Whether a data frame may come now, and how long its message gets with it (RFC 6455 5.4). */
  private void begin(FrameHead head) throws ProtocolException {
    boolean continues = head.opcode() == Opcode.CONTINUOUS;
    if (continues && open == null) {
      throw broken("a frame continues a message that has not begun");
    }
    if (!continues && open != null) {
      throw broken("a message begins before the one before has ended");
    }
    if (!continues) {
      open = new PartialMessage(head.opcode(), limits);
    }
    open.announce(head.payload());
  }

  /** The frame with its head; null when the stream ends before it does. Grows as bytes come. */
  private byte[] whole(FrameHead head) throws IOException {
    int filled = head.bytes().length;
    int size = filled + head.payload();
    byte[] frame = Arrays.copyOf(head.bytes(), Math.min(size, FIRST_ALLOCATION));
    while (filled < size) {
      if (filled == frame.length) {
        frame = Arrays.copyOf(frame, Math.min(size, 2 * filled));
      }
      int read = in.read(frame, filled, frame.length - filled);
      if (read < 0) {
        return null;
      }
      filled += read;
    }
    return frame;
  }

  private ByteBuffer payload(byte[] frame) throws ProtocolException {
    try {
      Framedata decoded = draft.translateFrame(ByteBuffer.wrap(frame)).getFirst();
      return decoded.getPayloadData();
    } catch (InvalidDataException e) {
      // What it finds that we did not: in a text's first frame bytes that are no beginning of UTF-8.
      boolean utf8 = e.getCloseCode() != CloseCode.NOT_UTF8.value();
      throw utf8 ? broken("a frame can't be read") : notUtf8("a text message");
    }
  }

  private Incoming control(FrameHead head, byte[] frame) throws ProtocolException {
    return switch (head.opcode()) {
      case PING -> new Incoming.Ping(bytes(payload(frame)));
      case PONG -> new Incoming.Pong();
      default -> close(unmasked(head, frame, sender));
    };
  }

  static byte[] bytes(ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    return bytes;
  }

  /**
   * A close frame's payload. These frames go past the draft, which throws a NullPointerException over a reason that
   * is not UTF-8, takes a single byte for code 1002, an empty frame for 1000, and refuses 1007 without a reason,
   * which is valid.
   */
  private static ByteBuffer unmasked(FrameHead head, byte[] frame, Side sender) {
    int begin = head.bytes().length;
    for (int i = begin; i < frame.length && sender == Side.CLIENT; i++) {
      frame[i] ^= frame[begin - 4 + (i - begin) % 4];
    }
    return ByteBuffer.wrap(frame, begin, head.payload());
  }

  private static Incoming close(ByteBuffer payload) throws ProtocolException {
    if (!payload.hasRemaining()) {
      return new Incoming.Close(CloseCode.NONE, "");
    }
    if (payload.remaining() == 1) {
      throw broken("a close frame holds one byte, which is half a code");
    }
    int code = payload.getShort() & 0xffff;
    if (!CloseCode.mayBeSent(code)) {
      throw broken("a close frame has a code that must not be sent");
    }
    return new Incoming.Close(code, decoded(payload, "the reason of a close frame"));
  }

  /** Strictly: the draft takes a text that ends in the middle of a character, and looks at no later fragment. */
  static String decoded(ByteBuffer utf8, String what) throws ProtocolException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException _) {
      throw notUtf8(what);
    }
  }

  private static ProtocolException notUtf8(String what) {
    return new ProtocolException(CloseCode.NOT_UTF8, what + " is not UTF-8");
  }
}

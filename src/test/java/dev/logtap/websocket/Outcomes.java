package dev.logtap.websocket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.websocket.MessageReader.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What a reader makes of bytes, to the end or the first error, as texts that compare well. */
final class Outcomes {
  static final String END = "end";

  private Outcomes() {}

  static List<String> of(byte[] bytes, Limits limits) {
    List<String> outcomes = new ArrayList<>();
    Arrival in = new Arrival(bytes, limits);
    MessageReader reader = new MessageReader(in, limits);
    try {
      for (Incoming next = reader.next(); next != null; next = reader.next()) {
        outcomes.add(text(next));
      }
      outcomes.add(END);
    } catch (ProtocolException e) {
      assertTrue(e.getMessage().length() <= 123, e::getMessage);
      outcomes.add(error(e.code().value()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return outcomes;
  }

  static String text(Incoming incoming) {
    return switch (incoming) {
      case Incoming.Text text -> message(text.text());
      case Incoming.Binary binary -> "binary:" + binary.length();
      case Incoming.Ping ping -> "ping:" + HexFormat.of().formatHex(ping.payload());
      case Incoming.Pong _ -> "pong";
      case Incoming.Close close -> close(close.code(), close.reason());
    };
  }

  static String message(String text) {
    return "text:" + text;
  }

  static String close(int code, String reason) {
    return "close:" + code + ":" + reason;
  }

  static String error(int code) {
    return "error:" + code;
  }

  /** Bytes that come a few at a time, and that see into which arrays they are read. */
  private static final class Arrival extends ByteArrayInputStream {
    private static final int UNEARNED = 4 << 10;

    private final Limits limits;

    Arrival(byte[] bytes, Limits limits) {
      super(bytes);
      this.limits = limits;
    }

    @Override
    public synchronized int read(byte[] into, int from, int length) {
      assertTrue(into.length <= limits.frameBytes() + 14, () -> into.length + " bytes for a frame");
      assertTrue(into.length <= UNEARNED + 2 * pos, () -> into.length + " bytes after only " + pos + " have come");
      return super.read(into, from, Math.min(length, 1000));
    }

    /** As slowly as the others: the JDK's would take all at once. */
    @Override
    public int readNBytes(byte[] into, int from, int length) {
      int filled = 0;
      while (filled < length) {
        int read = read(into, from + filled, 1);
        if (read < 0) {
          break;
        }
        filled += read;
      }
      return filled;
    }
  }
}

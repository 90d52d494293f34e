package dev.logtap.output;

import dev.logtap.log.Utf8;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes bytes as the inside of a JSON string (RFC 8259). Bytes that are not UTF-8 become U+FFFD.
 *
 * <p>It is the hot path of JSON lines: eight bytes at a time are copied before it is known whether they
 * may be, and what stands behind the first one that needs more is overwritten. That takes half the time of
 * a look at each byte, although most log lines have a quote or a newline every twenty bytes, and unlike
 * that it does not depend on how the compiler lays out the branches.
 *
 * <p>Used by one thread.
 */
public final class JsonText {
  private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);
  private static final byte[] RETURN = "\\r".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NEWLINE_ESCAPED = "\\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private static final byte COPIED = 0;
  private static final byte NEWLINE = 1;
  private static final byte NOT_ASCII = 2;

  /** What to do with a byte: one of the above, or the letter behind the backslash, 'u' for a number. */
  private static final byte[] ACTIONS = actions();

  /** A backslash and a quote, the backslash lowest. */
  private static final short QUOTE = '"' << Byte.SIZE | '\\';

  private static final long EACH_BYTE = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x80 * EACH_BYTE;

  /** More than one step writes. */
  private static final int ROOM = 4 * Long.BYTES;

  private final ByteOutput out;

  /** What is being read, eight bytes at a time. */
  private ByteBuffer words = ByteBuffer.allocate(0);

  public JsonText(ByteOutput out) {
    this.out = out;
  }

  private static byte[] actions() {
    byte[] actions = new byte[256];
    Arrays.fill(actions, 0, ' ', (byte) 'u');
    Arrays.fill(actions, 0x80, 0x100, NOT_ASCII);
    actions['\b'] = 'b';
    actions['\t'] = 't';
    actions['\n'] = NEWLINE;
    actions['\f'] = 'f';
    actions['\r'] = 'r';
    actions['"'] = '"';
    actions['\\'] = '\\';
    return actions;
  }

  /** Writes a text that is not a line of a log. */
  public void write(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int from = 0;
    for (int i = writeLine(bytes, from, bytes.length); i < bytes.length; i = writeLine(bytes, from, bytes.length)) {
      if (i > from && bytes[i - 1] == '\r') {
        out.write(RETURN);
      }
      out.write(NEWLINE_ESCAPED);
      from = i + 1;
    }
  }

  /**
   * Writes up to the first newline of {@code bytes[from, to)}; a carriage return before it is left out.
   *
   * @return where the newline is, or {@code to}
   */
  public int writeLine(byte[] bytes, int from, int to) throws IOException {
    ByteBuffer source = wordsOf(bytes);
    ByteBuffer target = out.buffer();
    int most = target.capacity() - ROOM;
    int length = out.length();
    int i = from;
    while (i < to) {
      if (length > most) {
        out.taken(length, ROOM);
        target = out.buffer();
        length = out.length();
      }
      if (to - i >= Long.BYTES) {
        long word = source.getLong(i);
        target.putLong(length, word);
        long special = specialBytes(word);
        if (special == 0) {
          i += Long.BYTES;
          length += Long.BYTES;
          continue;
        }
        int plain = Long.numberOfTrailingZeros(special) / Byte.SIZE;
        i += plain;
        length += plain;
      }
      byte b = bytes[i];
      if (b == '"') {
        target.putShort(length, QUOTE);
        length += Short.BYTES;
        i++;
        continue;
      }
      byte action = ACTIONS[b & 0xff];
      if (action == COPIED) {
        target.put(length++, b);
        i++;
      } else if (action == NEWLINE) {
        break;
      } else if (action == NOT_ASCII) {
        int character = Utf8.characterAt(bytes, i, to);
        byte[] written = character > 0 ? bytes : REPLACEMENT;
        int count = character > 0 ? character : REPLACEMENT.length;
        target.put(length, written, character > 0 ? i : 0, count);
        length += count;
        i += Math.abs(character);
      } else {
        boolean left = action == 'r' && i + 1 < to && bytes[i + 1] == '\n';
        length = left ? length : escape(target, length, b, action);
        i++;
      }
    }
    out.taken(length, 0);
    return i;
  }

  /**
   * The high bit of each of the eight bytes that does not stand for itself: what is below 0x20, a quote, a
   * backslash, no ASCII. Exact up to the lowest of them; higher ones may be marked by mistake.
   */
  private static long specialBytes(long word) {
    long quote = word ^ '"' * EACH_BYTE;
    long backslash = word ^ '\\' * EACH_BYTE;
    return (word - 0x20 * EACH_BYTE | quote - EACH_BYTE | backslash - EACH_BYTE | word) & HIGH_BITS;
  }

  private ByteBuffer wordsOf(byte[] bytes) {
    if (words.array() != bytes) {
      words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    return words;
  }

  private static int escape(ByteBuffer target, int at, byte b, byte letter) {
    target.put(at, (byte) '\\').put(at + 1, letter);
    if (letter != 'u') {
      return at + 2;
    }
    target.put(at + 2, (byte) '0').put(at + 3, (byte) '0').put(at + 4, HEX[b >> 4]).put(at + 5, HEX[b & 15]);
    return at + 6;
  }
}

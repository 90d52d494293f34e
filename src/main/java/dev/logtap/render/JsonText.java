package dev.logtap.render;

import dev.logtap.log.Utf8;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes bytes as the inside of a JSON string (RFC 8259). It is the hot path of JSON lines: one look at
 * each byte, and runs that need no escape are copied as they are (twice as fast here as eight bytes
 * at a time, because most log lines have a quote or a newline every twenty bytes). Bytes that are not UTF-8 become U+FFFD. Used by one thread.
 */
final class JsonText {
  private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private static final byte COPIED = 0;
  private static final byte NEWLINE = 1;
  private static final byte NOT_ASCII = 2;

  /** What to do with a byte: one of the above, or the letter behind the backslash, 'u' for a number. */
  private static final byte[] ACTIONS = actions();

  private final ByteOutput out;

  JsonText(ByteOutput out) {
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
  void write(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int from = 0;
    for (int i = writeLine(bytes, from, bytes.length); i < bytes.length; i = writeLine(bytes, from, bytes.length)) {
      if (i > from && bytes[i - 1] == '\r') {
        escape('\r', (byte) 'r');
      }
      escape('\n', (byte) 'n');
      from = i + 1;
    }
  }

  /**
   * Writes up to the first newline of {@code bytes[from, to)}; a carriage return before it is left out.
   *
   * @return where the newline is, or {@code to}
   */
  int writeLine(byte[] bytes, int from, int to) throws IOException {
    int run = from;
    for (int i = from; i < to; i++) {
      byte action = ACTIONS[bytes[i] & 0xff];
      if (action == COPIED) {
        continue;
      }
      if (action == NOT_ASCII) {
        int length = Utf8.characterAt(bytes, i, to);
        if (length > 0) {
          i += length - 1;
        } else {
          out.write(bytes, run, i);
          out.write(REPLACEMENT);
          run = i - length;
          i = run - 1;
        }
        continue;
      }
      out.write(bytes, run, i);
      if (action == NEWLINE) {
        return i;
      }
      if (action != 'r' || i + 1 == to || bytes[i + 1] != '\n') {
        escape(bytes[i], action);
      }
      run = i + 1;
    }
    out.write(bytes, run, to);
    return to;
  }

  private void escape(int c, byte letter) throws IOException {
    out.write((byte) '\\');
    out.write(letter);
    if (letter == 'u') {
      out.write((byte) '0');
      out.write((byte) '0');
      out.write(HEX[c >> 4]);
      out.write(HEX[c & 15]);
    }
  }
}

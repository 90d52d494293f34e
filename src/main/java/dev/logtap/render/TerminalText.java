package dev.logtap.render;

import dev.logtap.log.Utf8;
import dev.logtap.output.ByteOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes a log's bytes so that a terminal shows them and obeys none of them: log lines hold what
 * strangers sent. C0 but tab, and DEL, become {@code ^[}; C1 and the bidirectional controls (U+202A to
 * E, U+2066 to 9) {@code \\u{9b}}; bytes that are not UTF-8 U+FFFD. Where the locale is one without UTF-8, its terminal
 * may take any byte above 0x7f for a control character: there all that is not ASCII is shown as {@code \\u{e9}}.
 */
public final class TerminalText {
  /** Found out by the launcher, because Java itself is to have UTF-8 everywhere. */
  private static final boolean ASCII_ONLY = Boolean.getBoolean("logtap.ascii");

  private static final byte[] REPLACEMENT = (ASCII_ONLY ? "\\u{fffd}" : "\uFFFD").getBytes(StandardCharsets.UTF_8);
  private static final int DEL = 0x7f;

  private TerminalText() {}

  /** The same for a text: a path or an argument can hold anything, too. */
  public static String harmless(String text) {
    if (isPrintableAscii(text)) {
      return text;
    }
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      ByteOutput out = new ByteOutput(shown);
      write(out, bytes, 0, bytes.length);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return shown.toString(StandardCharsets.UTF_8);
  }

  /** The same for a line of a log, which is {@code bytes[from, to)} and holds no line end. */
  public static String harmless(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    return isPrintableAscii(text) ? text : harmless(text);
  }

  /** As nearly all are, and a server says thousands of them a second: they are not worth a buffer each. */
  private static boolean isPrintableAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) >= DEL) {
        return false;
      }
    }
    return true;
  }

  /** Writes {@code bytes[from, to)}, which holds no line end. */
  static void write(ByteOutput out, byte[] bytes, int from, int to) throws IOException {
    int run = from;
    int i = from;
    while (i < to) {
      int b = bytes[i];
      int length = b >= 0 ? 1 : Utf8.characterAt(bytes, i, to);
      boolean shown = length == 1 ? b >= ' ' && b != DEL || b == '\t' : length > 0 && !ASCII_ONLY && !isControl(bytes, i, length);
      if (shown) {
        i += length;
        continue;
      }
      out.write(bytes, run, i);
      if (length < 0) {
        out.write(REPLACEMENT);
      } else if (length == 1) {
        out.write((byte) '^');
        out.write((byte) (b == DEL ? '?' : b + '@'));
      } else {
        out.write("\\u{" + Integer.toHexString(codePoint(bytes, i, length)) + "}");
      }
      i += Math.abs(length);
      run = i;
    }
    out.write(bytes, run, to);
  }

  private static boolean isControl(byte[] bytes, int at, int length) {
    if (length > 3 || bytes[at] != (byte) 0xc2 && bytes[at] != (byte) 0xe2) {
      return false;
    }
    return isControl(codePoint(bytes, at, length));
  }

  /** Of those that are no ASCII. */
  private static boolean isControl(int c) {
    return c >= 0x80 && c <= 0x9f || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
  }

  /** Whether a terminal does something else with it than to show it. */
  static boolean isHarmful(char c) {
    return c >= DEL && (c == DEL || ASCII_ONLY || isControl(c));
  }

  private static int codePoint(byte[] bytes, int at, int length) {
    return new String(bytes, at, length, StandardCharsets.UTF_8).codePointAt(0);
  }
}

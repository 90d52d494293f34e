package dev.logtap.log;

import java.nio.charset.StandardCharsets;

/**
 * A text that is looked for in lines, case ignored: that of ASCII letters where the text is ASCII, as most
 * are, so that a line's bytes can be compared as they are; else that of all letters, as Java compares them.
 *
 * <p>Immutable; any thread may use it.
 */
public final class Needle {
  /** A longer one takes too long to be looked for in lines that nearly hold it. */
  private static final int LONGEST = 1024;

  private static final byte[] FOLDED = new byte[256];

  static {
    for (int i = 0; i < FOLDED.length; i++) {
      FOLDED[i] = (byte) (i >= 'A' && i <= 'Z' ? i + 'a' - 'A' : i);
    }
  }

  private final String text;

  /** Null where the text is not ASCII. */
  private final byte[] folded;

  /**
   * A text that a stranger may have brought.
   *
   * @throws IllegalArgumentException with a sentence, where it is too long
   */
  public Needle(String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException("the text to look for is longer than " + LONGEST + " characters; give a shorter one");
    }
    this.text = text;
    this.folded = text.chars().allMatch(c -> c < 0x80) ? fold(text) : null;
  }

  private static byte[] fold(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = FOLDED[bytes[i]];
    }
    return bytes;
  }

  /** What is looked for. */
  public String text() {
    return text;
  }

  /** Whether the line {@code bytes[from, to)}, without its line end, holds the text. */
  public boolean isIn(byte[] bytes, int from, int to) {
    if (folded == null) {
      return isIn(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }
    if (folded.length == 0) {
      return true;
    }
    byte first = folded[0];
    for (int i = from; i <= to - folded.length; i++) {
      if (FOLDED[bytes[i] & 0xff] == first && isAt(bytes, i)) {
        return true;
      }
    }
    return false;
  }

  private boolean isAt(byte[] bytes, int at) {
    for (int i = 1; i < folded.length; i++) {
      if (FOLDED[bytes[at + i] & 0xff] != folded[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether a text holds it. */
  public boolean isIn(String line) {
    for (int i = 0; i <= line.length() - text.length(); i++) {
      if (line.regionMatches(true, i, text, 0, text.length())) {
        return true;
      }
    }
    return false;
  }
}

package dev.logtap.log;

/** Where characters begin and end in bytes that should be UTF-8 (RFC 3629), and may be anything. */
public final class Utf8 {
  private static final int LONGEST = 4;

  private Utf8() {}

  /**
   * How many of the bytes {@code [from, to)} to take so that no character is cut in two by what
   * follows at {@code bytes[to]}: all, or up to three fewer.
   */
  static int wholeCharacters(byte[] bytes, int from, int to) {
    for (int back = 1; back < LONGEST && to - back > from; back++) {
      int b = bytes[to - back] & 0xff;
      if (b < 0x80) {
        break;
      }
      if (b >= 0xc0) {
        int length = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
        return length > back ? to - back - from : to - from;
      }
    }
    return to - from;
  }

  /**
   * The length of the character at {@code bytes[at]}, which is not ASCII: 2 to 4. For bytes that are
   * no UTF-8 the negated length of what one U+FFFD stands for: the longest beginning of a character
   * that is there, or one byte (Unicode 3.9, "maximal subpart"). A surrogate's bytes count as such a
   * beginning, so that the result is what Java's decoder gives, wherever a line is decoded.
   */
  public static int characterAt(byte[] bytes, int at, int to) {
    int lead = bytes[at] & 0xff;
    if (lead < 0xc2 || lead > 0xf4) {
      return -1;
    }
    int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    // The second byte's range excludes overlong forms and what lies above U+10FFFF.
    int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int most = lead == 0xf4 ? 0x8f : 0xbf;
    for (int i = 1; i < length; i++) {
      int next = at + i < to ? bytes[at + i] & 0xff : -1;
      if (next < least || next > most) {
        return -i;
      }
      least = 0x80;
      most = 0xbf;
    }
    boolean surrogate = lead == 0xed && (bytes[at + 1] & 0xff) >= 0xa0;
    return surrogate ? -length : length;
  }
}

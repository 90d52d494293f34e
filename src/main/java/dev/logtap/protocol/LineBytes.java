package dev.logtap.protocol;

import java.util.Arrays;

/** Lines as UTF-8 in one array, each with its newline. Used by one thread. */
final class LineBytes {
  private static final int FIRST = 1 << 10;

  /** A char has at most three bytes, a pair of surrogates four. */
  private static final int MOST_PER_CHAR = 3;

  private byte[] bytes = new byte[FIRST];
  private int length;

  /** Adds a line. A surrogate without its other half becomes U+FFFD. */
  void add(char[] text, int from, int count) {
    long room = (long) length + (long) count * MOST_PER_CHAR + 1;
    if (room > bytes.length) {
      // No message is so long that this overflows.
      bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(room, Math.min(2L * bytes.length, Integer.MAX_VALUE >> 1))));
    }
    int at = length;
    int end = from + count;
    for (int i = from; i < end; i++) {
      char c = text[i];
      if (c < 0x80) {
        bytes[at++] = (byte) c;
      } else if (c < 0x800) {
        bytes[at++] = (byte) (0xc0 | c >> 6);
        bytes[at++] = (byte) (0x80 | c & 0x3f);
      } else if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text[i + 1])) {
        int point = Character.toCodePoint(c, text[++i]);
        bytes[at++] = (byte) (0xf0 | point >> 18);
        bytes[at++] = (byte) (0x80 | point >> 12 & 0x3f);
        bytes[at++] = (byte) (0x80 | point >> 6 & 0x3f);
        bytes[at++] = (byte) (0x80 | point & 0x3f);
      } else {
        char shown = Character.isSurrogate(c) ? '\ufffd' : c;
        bytes[at++] = (byte) (0xe0 | shown >> 12);
        bytes[at++] = (byte) (0x80 | shown >> 6 & 0x3f);
        bytes[at++] = (byte) (0x80 | shown & 0x3f);
      }
    }
    bytes[at++] = '\n';
    length = at;
  }

  /** How many bytes there are; without the last newline where that line goes on. */
  int end(boolean partial) {
    return partial && length > 0 ? length - 1 : length;
  }

  byte[] bytes() {
    return bytes;
  }
}

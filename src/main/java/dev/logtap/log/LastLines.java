package dev.logtap.log;

import java.io.IOException;

/** Finds where the last lines of a file begin, by reading blocks backwards: memory is one block. */
public final class LastLines {
  /** As many lines as there are. */
  public static final long ALL = Long.MAX_VALUE;

  private static final int BLOCK = 64 << 10;

  private final Source source;
  private final byte[] block = new byte[BLOCK];

  LastLines(Source source) {
    this.source = source;
  }

  /**
   * Where the last {@code count} lines of the first {@code end} bytes begin. A last line without a
   * newline is one of them.
   */
  long startOf(long count, long end) throws IOException {
    return startOf(count, end, 0);
  }

  /**
   * The same, looking back no further than to {@code least}, which is the result where the lines begin before
   * it.
   */
  long startOf(long count, long end, long least) throws IOException {
    if (count == ALL || end == least) {
      return least;
    }
    if (count == 0) {
      return end;
    }
    long newlines = 0;
    // The newline at the very end closes the last line and separates nothing.
    for (long to = end - 1; to > least; ) {
      long from = Math.max(least, blockBefore(to));
      int length = read(from, to);
      for (int i = length - 1; i >= 0; i--) {
        if (block[i] == '\n' && ++newlines == count) {
          return from + i + 1;
        }
      }
      to = from;
    }
    return least;
  }

  /**
   * Where the last {@code count} lines of the first {@code end} bytes begin that hold {@code needle}, looking
   * back no further than to {@code least}. Of a line over a part only its last part is looked at.
   */
  long startOfMatching(Needle needle, long count, long end, long least) throws IOException {
    byte[] window = new byte[BLOCK];
    long matches = 0;
    long start = end;
    // [from, to) is looked at next; what follows on it up to the next newline is the end of a line that begins before.
    for (long to = end; to > least && matches < count; ) {
      long from = Math.max(least, to - window.length);
      int length = (int) (to - from);
      if (source.readFully(window, 0, length, from) < length) {
        throw new IOException("the file became shorter while it was read");
      }
      int lineEnd = length;
      while (lineEnd > 0 && matches < count) {
        int lineStart = startOfLine(window, lineEnd);
        if (lineStart == 0 && from > least && window.length <= LineReader.PART) {
          break;
        }
        if (needle.isIn(window, lineStart, lineEnd)) {
          matches++;
          start = from + lineStart;
        }
        lineEnd = lineStart;
      }
      // A line that fills the window needs a larger one.
      window = lineEnd == length && matches < count ? new byte[2 * window.length] : window;
      to = from + lineEnd;
    }
    return start;
  }

  /** Where the line begins that ends with the byte before {@code end}, which may be its newline. */
  private static int startOfLine(byte[] bytes, int end) {
    for (int i = end - 2; i >= 0; i--) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return 0;
  }

  /**
   * Where the unfinished last line of the first {@code end} bytes begins, {@code end} when the last
   * line is finished. A line that is longer than a part is already more than held back: it counts as
   * finished, so that looking for its start costs no more than a part.
   */
  long startOfUnfinished(long end) throws IOException {
    long least = Math.max(0, end - LineReader.PART);
    for (long to = end; to > least; ) {
      long from = Math.max(least, blockBefore(to));
      int length = read(from, to);
      for (int i = length - 1; i >= 0; i--) {
        if (block[i] == '\n') {
          return from + i + 1;
        }
      }
      to = from;
    }
    return least == 0 ? 0 : end;
  }

  /** Where the line begins that follows on the one that {@code from} lies in; {@code end} where there is none. */
  long startOfNextLine(long from, long end) throws IOException {
    for (long at = from; at < end; ) {
      long to = Math.min(end, at + BLOCK);
      int length = read(at, to);
      for (int i = 0; i < length; i++) {
        if (block[i] == '\n') {
          return at + i + 1;
        }
      }
      at = to;
    }
    return end;
  }

  /** Blocks lie on multiples of their size, as the page cache has them. */
  private static long blockBefore(long to) {
    return (to - 1) / BLOCK * BLOCK;
  }

  private int read(long from, long to) throws IOException {
    int length = (int) (to - from);
    int n = source.readFully(block, 0, length, from);
    if (n < length) {
      throw new IOException("the file became shorter while it was read");
    }
    return n;
  }
}

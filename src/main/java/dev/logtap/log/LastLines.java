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
    if (count == ALL || end == 0) {
      return 0;
    }
    if (count == 0) {
      return end;
    }
    long newlines = 0;
    // The newline at the very end closes the last line and separates nothing.
    for (long to = end - 1; to > 0; ) {
      long from = blockBefore(to);
      int length = read(from, to);
      for (int i = length - 1; i >= 0; i--) {
        if (block[i] == '\n' && ++newlines == count) {
          return from + i + 1;
        }
      }
      to = from;
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

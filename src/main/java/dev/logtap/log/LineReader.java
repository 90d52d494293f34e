package dev.logtap.log;

import dev.logtap.log.Reading.Lines;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads one file forward from an offset and cuts it into whole lines, a buffer at a time. It keeps the
 * last {@value Position#TAIL} bytes before the place it has reached and reads them again with every
 * read: when they differ, the file was truncated and written anew, even if it is as long as before.
 *
 * <p>Not thread-safe: one follower, or one command, calls it from one thread. Memory is bounded by
 * {@link #PART} and a read, whatever the length of a line.
 */
final class LineReader implements Closeable {
  /** The longest line that is given out whole, in bytes without its line end. */
  static final int PART = 1 << 20;

  /** What a reader begins with: many logs are followed at once, and most say little. */
  private static final int SMALL_READ = 32 << 10;

  /** What it grows to while reads fill it. */
  private static final int READ = 256 << 10;

  private static final int LEAST_ROOM = SMALL_READ / 2;
  private static final int LONGEST_BUFFER = Position.TAIL + PART + READ;

  private final Source source;
  private final long limit;

  private byte[] buffer = new byte[Position.TAIL + SMALL_READ];

  /** The file's offset of {@code buffer[0]}. */
  private long base;

  /** The first byte that was not given out; before it lie at least TAIL bytes, if the file has them. */
  private int start;

  /** There is no newline in {@code [start, searched)}. */
  private int searched;

  private int end;

  /** The first bytes of the file up to {@code start}, HEAD of them at most. */
  private final byte[] head = new byte[Position.HEAD];

  private int headLength;

  private final byte[] before = new byte[Position.TAIL];

  /** Whether NULs at the very beginning are the hole of a truncated file and not content. */
  private boolean inHole;

  private boolean replaced;

  /** How much the caller takes at once: a buffer for more would be of no use. */
  private int wanted = Integer.MAX_VALUE;

  /** Whether the last read brought as much as there was room for. */
  private boolean filled;

  /** Reads {@code source} from {@code offset} on, for ever. */
  LineReader(Source source, long offset) throws IOException {
    this(source, offset, Long.MAX_VALUE);
  }

  /**
   * Reads {@code source} from {@code offset} up to {@code limit}.
   *
   * @throws IOException also when the file ends before {@code offset}
   */
  LineReader(Source source, long offset, long limit) throws IOException {
    this.source = source;
    this.limit = limit;
    if (offset > 0) {
      headLength = (int) Math.min(Position.HEAD, offset);
      base = Math.max(0, offset - Position.TAIL);
      end = (int) (offset - base);
      if (source.readFully(head, 0, headLength, 0) < headLength || source.readFully(buffer, 0, end, base) < end) {
        throw new IOException("the file became shorter while it was being opened");
      }
      start = end;
      searched = end;
    }
  }

  /**
   * Takes NULs at the beginning of the file as a hole, not as content: a writer without O_APPEND goes
   * on at its old offset in a file that copytruncate has emptied.
   */
  LineReader skippingHole() {
    inHole = base + end == 0;
    return this;
  }

  /**
   * The next lines, reading on if need be.
   *
   * @return null when the file has nothing more now, or is {@link #replaced()}
   */
  Lines next() throws IOException {
    return next(Long.MAX_VALUE, Integer.MAX_VALUE);
  }

  /**
   * The same, reading no further than to {@code upTo}.
   *
   * @param most how many bytes to give out at once, unless a single line has more
   */
  Lines next(long upTo, int most) throws IOException {
    wanted = most;
    while (!replaced) {
      if (inHole) {
        leaveHole();
      }
      Lines lines = cut(most);
      if (lines != null) {
        return lines;
      }
      if (!fill(upTo)) {
        return null;
      }
    }
    return null;
  }

  /** Reads up to {@code upTo} without giving anything out yet; whether anything was read by now. */
  boolean peek(long upTo) throws IOException {
    return offsetRead() > 0 || fill(upTo);
  }

  /**
   * What was read and not given out, for when no more will come: whole lines, and last an unfinished one.
   * Call until null.
   */
  Lines rest() {
    return rest(Integer.MAX_VALUE);
  }

  /** The same, so much at once. */
  Lines rest(int most) {
    if (end == start) {
      return null;
    }
    Lines whole = cut(most);
    if (whole != null) {
      return whole;
    }
    return end - start > PART ? part() : give(end, false);
  }

  /** Whether the file still holds what was read from it last; where it doesn't, it is {@link #replaced()}. */
  boolean isIntact() throws IOException {
    int length = source.settled() || replaced ? 0 : Math.min(Position.TAIL, end);
    if (length > 0) {
      byte[] now = new byte[length];
      replaced = source.readFully(now, 0, length, base + end - length) < length
          || !Arrays.equals(now, 0, length, buffer, end - length, end);
    }
    return !replaced;
  }

  /** Whether another file begins as this one did, and holds what this one did where this was read last. */
  boolean agreesWith(Source other) throws IOException {
    byte[] theirs = new byte[Math.max(end, Position.HEAD)];
    int length = base == 0 ? Math.min(end, Position.HEAD) : headLength;
    int common = other.readFully(theirs, 0, length, 0);
    if (!Arrays.equals(theirs, 0, common, base == 0 ? buffer : head, 0, common)) {
      return false;
    }
    common = other.readFully(theirs, 0, end, base);
    return Arrays.equals(theirs, 0, common, buffer, 0, common);
  }

  /** Whether bytes of an unfinished line are held back. */
  boolean holdsUnfinishedLine() {
    return end > start;
  }

  /** Whether the last read came to the end of the file, and all whole lines of it were given out. */
  boolean isDrained() {
    return !filled && searched == end;
  }

  /** Whether the file no longer holds what was read from it. Nothing more can be read then. */
  boolean replaced() {
    return replaced;
  }

  /** The file's offset up to which bytes were read, given out or not. */
  long offsetRead() {
    return base + end;
  }

  /** How many bytes were given out or skipped. */
  long offset() {
    return base + start;
  }

  /** The place behind the last byte that was given out. */
  Position position() {
    long offset = offset();
    int tail = (int) Math.min(Position.TAIL, offset);
    FileIdentity file = source.identity();
    return new Position(
        offset,
        Fingerprint.of(head, 0, headLength),
        Fingerprint.of(buffer, start - tail, start),
        file.inode(),
        file.birth());
  }

  FileIdentity identity() {
    return source.identity();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  private Lines cut(int most) {
    int within = (int) Math.min(end, (long) start + most);
    int last = lastNewline(within);
    if (last < 0) {
      searched = end;
      // One byte more than a part may be its '\r', whose '\n' has not been read yet.
      return end - start > PART + 1 ? part() : null;
    }
    int to = last + 1;
    if (to - start > PART + 1) {
      to = endOfShortLines(to);
      Lines lines = to == start ? part() : give(to, false);
      searched = start;
      return lines;
    }
    Lines lines = give(to, false);
    searched = within == end ? end : start;
    return lines;
  }

  /** The last newline before {@code within}; where there is none, the first one behind it; else -1. */
  private int lastNewline(int within) {
    for (int i = within - 1; i >= searched; i--) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    for (int i = Math.max(within, searched); i < end; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Where the lines that are not longer than a part end, before the first one that is. */
  private int endOfShortLines(int to) {
    int lineStart = start;
    while (lineStart < to) {
      int newline = lineStart;
      while (buffer[newline] != '\n') {
        newline++;
      }
      boolean carriageReturn = newline > lineStart && buffer[newline - 1] == '\r';
      if (newline - lineStart - (carriageReturn ? 1 : 0) > PART) {
        break;
      }
      lineStart = newline + 1;
    }
    return lineStart;
  }

  private Lines part() {
    return give(start + Utf8.wholeCharacters(buffer, start, start + PART), true);
  }

  private Lines give(int to, boolean partial) {
    int from = start;
    if (headLength < Position.HEAD) {
      int more = Math.min(Position.HEAD - headLength, to - from);
      System.arraycopy(buffer, from, head, headLength, more);
      headLength += more;
    }
    start = to;
    searched = Math.max(searched, to);
    return new Lines(buffer, from, to, partial);
  }

  private void leaveHole() {
    int from = start;
    while (from < end && buffer[from] == 0) {
      from++;
    }
    inHole = from == end;
    if (from > start) {
      give(from, false);
    }
  }

  /** Reads on; false when nothing came. */
  private boolean fill(long upTo) throws IOException {
    makeRoom();
    int overlap = source.settled() ? 0 : Math.min(Position.TAIL, end);
    int at = end - overlap;
    long offset = base + at;
    if (offset + overlap >= limit) {
      return false;
    }
    // What was read is compared also where there is nothing more to read: that is how a truncation shows.
    long most = Math.max(overlap, Math.min(limit, upTo) - offset);
    int room = (int) Math.min(buffer.length - at, most);
    System.arraycopy(buffer, at, before, 0, overlap);
    int n = source.read(buffer, at, room, offset);
    if (n < overlap) {
      n = source.readFully(buffer, at, room, offset);
    }
    filled = n == buffer.length - at;
    if (n < overlap || differs(at, overlap)) {
      System.arraycopy(before, 0, buffer, at, overlap);
      replaced = true;
      return false;
    }
    end = at + n;
    return n > overlap;
  }

  private boolean differs(int at, int overlap) {
    return Arrays.mismatch(before, 0, overlap, buffer, at, at + overlap) >= 0;
  }

  private void makeRoom() {
    int room = buffer.length - end;
    boolean grow = filled && buffer.length < Position.TAIL + Math.min(READ, wanted);
    if (room >= LEAST_ROOM && !grow) {
      return;
    }
    int held = end - Math.max(0, start - Position.TAIL);
    int length = grow ? Math.min(2 * buffer.length, Position.TAIL + READ) : buffer.length;
    while (length - held < LEAST_ROOM) {
      length = Math.min(2 * length, LONGEST_BUFFER);
    }
    moveTo(length == buffer.length ? buffer : new byte[length]);
  }

  /** Gives back what a burst or a long line has made the buffer grow to. For when nothing comes. */
  void shrink() {
    int small = Position.TAIL + SMALL_READ;
    if (buffer.length > small && end - Math.max(0, start - Position.TAIL) <= small - LEAST_ROOM) {
      moveTo(new byte[small]);
      filled = false;
    }
  }

  /** Moves what is still needed, which includes TAIL bytes before the start, to the beginning of a buffer. */
  private void moveTo(byte[] target) {
    int keep = Math.max(0, start - Position.TAIL);
    System.arraycopy(buffer, keep, target, 0, end - keep);
    buffer = target;
    base += keep;
    start -= keep;
    searched -= keep;
    end -= keep;
  }
}

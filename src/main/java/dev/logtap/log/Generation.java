package dev.logtap.log;

import dev.logtap.log.Reading.Lines;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * One file of the log while a follower has it open. Times are {@link System#nanoTime}.
 *
 * <p>Used by its follower alone, on the follower's thread.
 */
final class Generation implements Closeable {
  private final Source source;

  /** Whether nobody writes to it any more: a copy, or a compressed file. It is closed at its end. */
  final boolean finished;

  final long discovered;

  /** Replaced by a new one when the file was truncated. */
  LineReader reader;

  /** Whether its lines are being given out: a new file waits until the old one is quiet. */
  boolean begun;

  private boolean live;

  /** When the path ceased to name it; means nothing while it is live. */
  private long retired;

  /** When bytes last came from it. */
  long grew;

  /** Whether reading it failed since the last look. */
  boolean failing;

  /** How far it has to be read before a newer file may have its turn: what comes behind that came late. */
  private long backlog;

  /** What the file that this is a copy of was seen to hold. */
  long expected;

  /** A size that it had while it still held all that was read of it. */
  long seenSize;

  /** Whether its first bytes are still to be read, or to be given out: copies may come before those. */
  boolean first;

  long lastCheckedForRemoval;

  private Generation(Source source, LineReader reader, boolean finished, long now) {
    this.source = source;
    this.reader = reader;
    this.finished = finished;
    this.discovered = now;
    this.grew = now;
    this.retired = now;
    this.lastCheckedForRemoval = now;
    this.first = !finished && reader.offset() == 0;
    this.backlog = Long.MAX_VALUE;
  }

  /**
   * Begins to read {@code source} at {@code offset}; closes it when that fails.
   *
   * @param finished whether nobody writes to it any more
   */
  static Generation of(Source source, long offset, boolean finished) throws IOException {
    try {
      LineReader reader = new LineReader(source, offset);
      return new Generation(source, reader, finished || source.settled(), System.nanoTime());
    } catch (IOException e) {
      source.close();
      throw e;
    }
  }

  /** Opens the file of {@code place}, if that is still the one that was seen there. */
  static Generation open(Locator.Place place, boolean finished) throws IOException {
    Generation generation = of(place.file().openSame(), place.offset(), finished);
    generation.reader.skippingHole();
    return generation;
  }

  static void closeAll(List<Generation> generations) {
    for (Generation generation : generations) {
      try {
        generation.close();
      } catch (IOException _) {
        // It was only read: closing it can lose nothing.
      }
    }
  }

  boolean is(FileIdentity other) {
    return source.identity().isSameFileAs(other);
  }

  FileIdentity identity() {
    return source.identity();
  }

  /** Whether the log's path names it. */
  boolean isLive() {
    return live;
  }

  void setLive() {
    live = true;
  }

  void retire(long now) {
    if (live) {
      live = false;
      retired = now;
      // What could not be read is tried once more, and is a gap then.
      failing = false;
    }
  }

  /** What it holds now is read before newer files have their turn. */
  void noteBacklog() {
    try {
      backlog = finished ? Long.MAX_VALUE : Math.min(backlog, size());
    } catch (IOException _) {
      // Reading it will say so.
      backlog = 0;
    }
  }

  /** Whether all is read that it held when a newer file was there. */
  boolean isCaughtUp() {
    return reader.offsetRead() >= backlog;
  }

  /** For how long nothing has come from it since the path ceased to name it. */
  long quietSinceRetired(long now) {
    return now - Math.max(grew, retired);
  }

  boolean hasBytes() throws IOException {
    return !(source instanceof PlainFile file) || file.size() > 0;
  }

  /** Whether a compressed file holds what was read of this one, or the beginning of that. */
  boolean isPackedIn(Sibling packed, Locator locator) throws IOException {
    long offset = reader.offset();
    try (Source text = packed.openSame()) {
      byte[] first = new byte[1];
      if (!beginLike(text, source) || !hasBytes() || text.readFully(first, 0, 1, 0) == 0) {
        return false;
      }
      if (offset == 0 || locator.holds(packed, reader.position())) {
        return true;
      }
      // Whoever wrote to it when it was packed already wrote what is not in there.
      long length = text instanceof GzipFile gzip ? gzip.length(offset) : offset;
      return length < offset && hasSame(text, source, Math.max(0, length - Position.TAIL), length);
    }
  }

  /** Whether both have the same bytes in that range. */
  static boolean hasSame(Source one, Source other, long from, long to) throws IOException {
    int length = (int) (to - from);
    byte[] left = new byte[length];
    byte[] right = new byte[length];
    return one.readFully(left, 0, length, from) == length
        && other.readFully(right, 0, length, from) == length
        && Arrays.equals(left, right);
  }

  private static boolean beginLike(Source one, Source other) throws IOException {
    byte[] left = new byte[Position.HEAD];
    byte[] right = new byte[Position.HEAD];
    int common = Math.min(one.readFully(left, 0, left.length, 0), other.readFully(right, 0, right.length, 0));
    return Arrays.equals(left, 0, common, right, 0, common);
  }

  /** How much it holds now; of a compressed file as much as there may ever be. */
  long size() throws IOException {
    return source instanceof PlainFile file ? file.size() : Long.MAX_VALUE;
  }

  /** Whether none of what it holds has been given out. */
  boolean isUnread() {
    return reader.offset() == 0;
  }

  /** Whether the log's path names it. */
  boolean isNamed(Sibling live) {
    return live != null && is(live.identity());
  }

  /** Whether this is a copy of what {@code original} held when it was read last. */
  boolean isCopyOf(Generation original) throws IOException {
    return original.reader.agreesWith(source);
  }

  /** Whether it holds what lies before the position. */
  boolean holds(Position position) throws IOException {
    return Locator.matches(source, position);
  }

  /**
   * The next lines, of what lies before {@code upTo}, so many bytes at most unless a single line has more.
   *
   * @return null when there are none, or when it was emptied
   */
  Lines next(long upTo, int most) throws IOException {
    long size = size();
    Lines lines = reader.next(upTo, most);
    if (!reader.replaced()) {
      seenSize = size;
    }
    return lines;
  }

  /** A reader that goes on at {@code offset}: 0 where the file was emptied. */
  LineReader readerAt(long offset) throws IOException {
    return new LineReader(source, offset).skippingHole();
  }

  /** Goes on with another reader. */
  void restart(LineReader fresh) {
    reader = fresh;
    first = fresh.offset() == 0;
    seenSize = 0;
    backlog = Long.MAX_VALUE;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}

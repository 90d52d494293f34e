package dev.logtap.log;

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

  /** The largest size it was seen to have since it was last emptied. */
  long seenSize;

  long lastCheckedForRemoval;

  private Generation(Source source, LineReader reader, boolean finished, long now) {
    this.source = source;
    this.reader = reader;
    this.finished = finished;
    this.discovered = now;
    this.grew = now;
    this.retired = now;
    this.lastCheckedForRemoval = now;
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
    }
  }

  /** For how long nothing has come from it since the path ceased to name it. */
  long quietSinceRetired(long now) {
    return now - Math.max(grew, retired);
  }

  boolean hasBytes() throws IOException {
    return !(source instanceof PlainFile file) || file.size() > 0;
  }

  /** Whether this file's content, as far as it was read, is what a compressed file holds. */
  boolean isPackedIn(Sibling packed, Locator locator) throws IOException {
    Position position = reader.position();
    if (position.offset() > 0) {
      return locator.holds(packed, position);
    }
    try (Source text = packed.open()) {
      byte[] first = new byte[1];
      return hasBytes() && text.readFully(first, 0, 1, 0) > 0 && beginLike(text, source);
    }
  }

  /** Whether both files begin with the same bytes, as far as both go. */
  boolean beginsLike(Generation other) throws IOException {
    return beginLike(source, other.source);
  }

  private static boolean beginLike(Source one, Source other) throws IOException {
    byte[] left = new byte[Position.HEAD];
    byte[] right = new byte[Position.HEAD];
    int common = Math.min(one.readFully(left, 0, left.length, 0), other.readFully(right, 0, right.length, 0));
    return Arrays.equals(left, 0, common, right, 0, common);
  }

  /** Bytes that are there now are known of, should they be gone before they are read. */
  void noteSize() throws IOException {
    if (source instanceof PlainFile file) {
      seenSize = Math.max(seenSize, file.size());
    }
  }

  /** Reads on from {@code offset}, 0 where the file was emptied. */
  void restartAt(long offset) throws IOException {
    reader = new LineReader(source, offset).skippingHole();
    seenSize = 0;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}

package dev.logtap.hub;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory for frames, outside of the heap: making it means zeroing it, and giving it back to the system a full
 * collection, so it is used again. Any thread may call it.
 */
final class FramePool {
  /** Memory comes in powers of two from this on. */
  private static final int SMALLEST = 1 << 10;

  /** Larger pieces are for long lines, which are rare, and are not kept. */
  private static final int LARGEST_KEPT = Budget.SMALL;

  /** How much may wait to be used again: what a thousand clients take that are all behind, each a message at a time. */
  private static final int MOST_KEPT = 64 << 20;

  private static final long BETWEEN_TRIMS = Duration.ofSeconds(1).toNanos();

  /** By size. */
  private final Shelf[] shelves = new Shelf[classOf(LARGEST_KEPT) + 1];

  /** How many bytes are on all shelves, or about to be. */
  private final AtomicInteger kept = new AtomicInteger();

  private final AtomicLong trimmed = new AtomicLong(System.nanoTime());

  /** Memory of one size that waits to be used again. Guards itself. */
  private static final class Shelf {
    private final Deque<ByteBuffer> free = new ArrayDeque<>();

    /** The fewest that there were since the last trim: nobody has needed these. */
    private int idle;

    synchronized ByteBuffer take() {
      ByteBuffer memory = free.pollLast();
      idle = Math.min(idle, free.size());
      return memory;
    }

    synchronized void put(ByteBuffer memory) {
      free.addLast(memory);
    }

    /** Drops half of what nobody has needed; how many bytes that was. */
    synchronized int trim() {
      int bytes = drop((idle + 1) / 2);
      idle = free.size();
      return bytes;
    }

    synchronized int clear() {
      idle = 0;
      return drop(free.size());
    }

    private int drop(int count) {
      int bytes = 0;
      for (int left = count; left > 0; left--) {
        bytes += free.removeFirst().capacity();
      }
      return bytes;
    }
  }

  FramePool() {
    for (int i = 0; i < shelves.length; i++) {
      shelves[i] = new Shelf();
    }
  }

  private static int classOf(int length) {
    return Integer.SIZE - Integer.numberOfLeadingZeros((length - 1) / SMALLEST);
  }

  /** A frame with a copy of these bytes, held by the caller; null where they are more than a small message. */
  Frame frameOf(ByteBuffer bytes) {
    return bytes.remaining() > LARGEST_KEPT ? null : frameOf(bytes, null);
  }

  /** The same of any length, for who has claimed it. */
  Frame frameOf(ByteBuffer bytes, Budget.Claim claim) {
    int length = bytes.remaining();
    ByteBuffer memory = memory(length);
    memory.put(0, bytes, bytes.position(), length);
    return new Frame(this, memory, length, claim);
  }

  private ByteBuffer memory(int length) {
    if (length > LARGEST_KEPT) {
      return ByteBuffer.allocateDirect(length);
    }
    int sizeClass = classOf(length);
    ByteBuffer used = shelves[sizeClass].take();
    if (used == null) {
      return ByteBuffer.allocateDirect(SMALLEST << sizeClass);
    }
    kept.addAndGet(-used.capacity());
    return used;
  }

  void giveBack(ByteBuffer memory) {
    int size = memory.capacity();
    if (size > LARGEST_KEPT) {
      return;
    }
    if (kept.addAndGet(size) > MOST_KEPT) {
      kept.addAndGet(-size);
    } else {
      shelves[classOf(size)].put(memory);
    }
  }

  /**
   * Leaves to the collector half of what nobody has needed for a second or more. Called when there is little to do.
   *
   * @param now as {@link System#nanoTime}
   */
  void trim(long now) {
    long last = trimmed.get();
    if (now - last >= BETWEEN_TRIMS && trimmed.compareAndSet(last, now)) {
      for (Shelf shelf : shelves) {
        kept.addAndGet(-shelf.trim());
      }
    }
  }

  /** Leaves all of it to the collector. */
  void clear() {
    for (Shelf shelf : shelves) {
      kept.addAndGet(-shelf.clear());
    }
  }
}

package dev.logtap.hub;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Memory for frames, outside of the heap: making it means zeroing it, and giving it back to the system a full
 * collection, so it is used again. Any thread may call it.
 */
final class FramePool {
  /** Memory comes in powers of two from this on. */
  private static final int SMALLEST = 1 << 10;

  /** Larger pieces are for long lines, which are rare, and are not kept. */
  private static final int LARGEST_KEPT = Budget.SMALL;

  /** How much of each size may wait to be used again: what a ring turns over in a few milliseconds. */
  private static final int MOST_KEPT = 4 << 20;

  /** By size; each guards itself. */
  private final Deque<ByteBuffer>[] free = newLists();

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Deque<ByteBuffer>[] newLists() {
    Deque<ByteBuffer>[] lists = new Deque[classOf(LARGEST_KEPT) + 1];
    for (int i = 0; i < lists.length; i++) {
      lists[i] = new ArrayDeque<>();
    }
    return lists;
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
    ByteBuffer used;
    synchronized (free[sizeClass]) {
      used = free[sizeClass].pollLast();
    }
    return used != null ? used : ByteBuffer.allocateDirect(SMALLEST << sizeClass);
  }

  void giveBack(ByteBuffer memory) {
    int size = memory.capacity();
    if (size > LARGEST_KEPT) {
      return;
    }
    Deque<ByteBuffer> list = free[classOf(size)];
    synchronized (list) {
      if ((list.size() + 1) * size <= MOST_KEPT) {
        list.addLast(memory);
      }
    }
  }
}

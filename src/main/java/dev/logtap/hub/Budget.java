package dev.logtap.hub;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;

/**
 * The memory that large messages and answers may take together until their peers have taken them. Whoever makes
 * one claims its bytes first, and waits behind those who did before. Small ones are free: what they can take is
 * bounded by the number of connections, and nobody who sends them meets this lock.
 *
 * <p>Any thread may call it.
 */
public final class Budget {
  /** Up to so many bytes a message or an answer is small: a thousand of them are half of the usual heap. */
  public static final int SMALL = 128 << 10;

  private final int most;

  /** Guarded by this. */
  private int left;

  /** In the order in which they came; guarded by this. */
  private final Queue<Claim> waiting = new ArrayDeque<>();

  /** @param most how many bytes there are; whoever claims more gets all of them */
  public Budget(int most) {
    this.most = most;
    this.left = most;
  }

  /** Some bytes of the budget, or a place in the queue for them. Has to be closed, by any thread. */
  public final class Claim implements AutoCloseable {
    private final int bytes;

    /** Who waits for it. */
    private final Thread thread;

    private volatile boolean granted;

    /** Guarded by the budget. */
    private boolean closed;

    private Claim(int bytes, Thread thread) {
      this.bytes = bytes;
      this.thread = thread;
    }

    boolean covers(int length) {
      return bytes >= Math.min(length, most);
    }

    /** Whether the bytes are there. The thread that waits for them is unparked when they come. */
    boolean isGranted() {
      return granted;
    }

    /** Waits for the bytes; false when they have not come in time. For the thread of the claim. */
    public boolean await(Duration longest) throws InterruptedException {
      long end = System.nanoTime() + longest.toNanos();
      for (long rest = longest.toNanos(); !granted && rest > 0; rest = end - System.nanoTime()) {
        LockSupport.parkNanos(this, rest);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      return granted;
    }

    /** Gives the bytes back, or the place in the queue. */
    @Override
    public void close() {
      synchronized (Budget.this) {
        if (closed) {
          return;
        }
        closed = true;
        if (granted) {
          left += bytes;
        } else {
          waiting.remove(this);
        }
        // Also where it has only waited: those behind it may have wanted less.
        grant();
      }
    }
  }

  /** Claims so many bytes for the calling thread. */
  public Claim claim(int bytes) {
    return claim(bytes, Thread.currentThread());
  }

  synchronized Claim claim(int bytes, Thread thread) {
    Claim claim = new Claim(Math.min(bytes, most), thread);
    waiting.add(claim);
    grant();
    return claim;
  }

  private void grant() {
    for (Claim next = waiting.peek(); next != null && next.bytes <= left; next = waiting.peek()) {
      waiting.remove();
      left -= next.bytes;
      next.granted = true;
      LockSupport.unpark(next.thread);
    }
  }

  /** Whether somebody waits. */
  public synchronized boolean isShort() {
    return !waiting.isEmpty();
  }
}

package dev.logtap.railway;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What comes in for a stream: put by the socket's reading thread and by sweeps, who never wait, and taken by the
 * stream's own thread. Bounded in bytes.
 */
final class Inbox {
  /** Some batches of 5,000 rows. */
  static final int MOST = 32 << 20;

  /** What a stream has to look at. */
  sealed interface Event {
    /** @param subscription its id, as a stream has one after the other */
    record Delivered(String subscription, Frame frame) implements Event {}

    /** The subscription is no more. */
    record Ended(String subscription, End end) implements Event {}

    /**
     * A look for late rows is over.
     *
     * @param pages oldest first; empty where it failed
     * @param whole whether they reach back to where it began
     * @param until the newest time that was known when it began
     * @param failure null where it has not
     */
    record Swept(List<Queries.Rows> pages, boolean whole, Instant until, RailwayException failure) implements Event {}
  }

  private final int most;

  /** No monitor: a virtual thread that is notified there is handed on by another thread, which takes a wake-up more. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition filled = lock.newCondition();

  // Guarded by the lock.
  private final Queue<Event> events = new ArrayDeque<>();
  private long bytes;

  Inbox() {
    this(MOST);
  }

  Inbox(int most) {
    this.most = most;
  }

  /** False, and nothing is kept, when it is full. One alone is taken however large it is. */
  boolean offer(Event.Delivered delivered) {
    int length = delivered.frame().text().length();
    lock.lock();
    try {
      if (bytes > 0 && bytes + length > most) {
        return false;
      }
      bytes += length;
      put(delivered);
      return true;
    } finally {
      lock.unlock();
    }
  }

  void put(Event event) {
    lock.lock();
    try {
      events.add(event);
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The next; null when none came in time. */
  Event take(Duration longest) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      for (long left = longest.toNanos(); events.isEmpty() && left > 0; ) {
        left = filled.awaitNanos(left);
      }
      Event next = events.poll();
      if (next instanceof Event.Delivered delivered) {
        bytes -= delivered.frame().text().length();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }
}

package dev.logtap.log;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes one thread. Any thread may ring, at any time: a ring while nobody waits ends the next wait at
 * once, and many rings are one.
 */
public final class Bell {
  private volatile boolean rung;

  /** Whether the wait is to end without a ring. */
  private volatile boolean nudged;

  /** Who waits for this bell alone; null for nobody. */
  private volatile Thread waiting;

  /** How to end another wait of who waits for this; null while there is none. Guarded by this. */
  private Runnable listening;

  /** Waits for something, until that is there or it is woken or interrupted. */
  interface Wait<T, E extends Exception> {
    T await() throws InterruptedException, E;
  }

  public void ring() {
    rung = true;
    LockSupport.unpark(waiting);
    synchronized (this) {
      if (listening != null) {
        listening.run();
      }
    }
  }

  /** Ends a wait that is going on, or the next one, as if its time were over. */
  void nudge() {
    nudged = true;
    LockSupport.unpark(waiting);
  }

  boolean isRung() {
    return rung;
  }

  /** Waits for a ring; false when none came in time. Called by the thread that the bell is for. */
  public boolean await(Duration longest) {
    awaitAny(longest.toNanos());
    return silence();
  }

  /** Waits for a ring or a nudge. */
  void awaitAny(long longest) {
    long end = System.nanoTime() + longest;
    waiting = Thread.currentThread();
    for (long left = longest; !rung && !nudged && left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
      ringIfInterrupted();
    }
    waiting = null;
    nudged = false;
  }

  /**
   * What a wait for something else comes to; null when the bell rang before, or it was interrupted.
   *
   * @param wake ends that wait. May interrupt it
   */
  <T, E extends Exception> T awaitOr(Wait<T, E> other, Runnable wake) throws E {
    synchronized (this) {
      if (rung) {
        return null;
      }
      listening = wake;
    }
    try {
      return other.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      synchronized (this) {
        listening = null;
        if (rung) {
          // That was the ring's, and must not end what comes next.
          Thread.interrupted();
        }
        ringIfInterrupted();
      }
    }
  }

  /** Nobody else interrupts this thread but to end it: its loop finds out why it was woken. */
  private void ringIfInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      rung = true;
    }
  }

  /** Whether it has rung; from now on it has not. */
  boolean silence() {
    boolean was = rung;
    if (was) {
      rung = false;
    }
    return was;
  }
}

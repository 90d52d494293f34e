package dev.logtap.log;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes one thread. Any thread may ring, at any time: a ring while nobody waits ends the next wait at
 * once, and many rings are one.
 */
public final class Bell {
  private final Semaphore rings = new Semaphore(0);

  public void ring() {
    if (rings.availablePermits() == 0) {
      rings.release();
    }
  }

  /** Waits for a ring; false when none came in time. Called by the thread that the bell is for. */
  public boolean await(Duration longest) {
    try {
      boolean rung = rings.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
      rings.drainPermits();
      return rung;
    } catch (InterruptedException _) {
      // Nobody interrupts this thread but to end it: its loop finds out why it was woken.
      Thread.currentThread().interrupt();
      return true;
    }
  }
}

package dev.logtap.railway;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/** Lets a few through at once, and then one each interval, in the order in which they came. Any thread may wait. */
final class Pace {
  private final int burst;
  private final long interval;

  /** Held by who is next; who gives up leaves no gap behind. */
  private final ReentrantLock turn = new ReentrantLock(true);

  /** When the last one let through would have been let through without the burst. Guarded by {@code turn}. */
  private long last;

  Pace(int burst, Duration interval) {
    this.burst = burst;
    this.interval = interval.toNanos();
    this.last = System.nanoTime() - burst * this.interval;
  }

  void await() throws InterruptedException {
    turn.lockInterruptibly();
    try {
      long wait = last + interval - System.nanoTime();
      if (wait > 0) {
        Thread.sleep(Duration.ofNanos(wait));
      }
      // Who was not there does not save up more than a burst.
      last = Math.max(last, System.nanoTime() - burst * interval) + interval;
    } finally {
      turn.unlock();
    }
  }
}

package dev.logtap.railway;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before something is tried again: each time twice as long, up to a limit, with jitter so that many who
 * were cut off at one moment don't come back at one moment. Any thread may call it.
 */
final class Backoff {
  private final Duration shortest;
  private final Duration longest;
  private final RandomGenerator random;

  /** Without jitter. Guarded by this. */
  private Duration next;

  Backoff(Duration shortest, Duration longest, RandomGenerator random) {
    this.shortest = shortest;
    this.longest = longest;
    this.random = random;
    this.next = shortest;
  }

  /** The next wait: from half of its full length to all of it. */
  synchronized Duration next() {
    Duration full = next;
    Duration twice = full.multipliedBy(2);
    next = twice.compareTo(longest) < 0 ? twice : longest;
    return full.multipliedBy(500 + random.nextInt(501)).dividedBy(1000);
  }

  /** It works again. */
  synchronized void reset() {
    next = shortest;
  }

  /** The other side is in trouble: only the longest waits until it works again. */
  synchronized void slowDown() {
    next = longest;
  }
}

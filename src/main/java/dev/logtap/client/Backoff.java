package dev.logtap.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: from a second on, up to twice as long each time, thirty seconds at most. Each
 * wait is taken by lot, so that the clients of a server that comes back do not come all at once. Used by one thread.
 */
final class Backoff {
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofSeconds(30);

  /** Of what a server that is full may ask for. */
  private static final Duration LONGEST_ASKED = Duration.ofMinutes(5);

  private final RandomGenerator random;
  private Duration bound = LEAST;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** @param asked the server's own wish, which is kept within reason */
  Duration next(Duration asked) {
    bound = shorter(bound.plus(bound), MOST);
    Duration own = Duration.ofMillis(random.nextLong(LEAST.toMillis(), bound.toMillis() + 1));
    Duration wish = shorter(asked, LONGEST_ASKED);
    return own.compareTo(wish) > 0 ? own : wish.plusMillis(own.toMillis() / 4);
  }

  /** A connection was good for a while. */
  void reset() {
    bound = LEAST;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}

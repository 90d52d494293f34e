package dev.logtap.server;

import java.io.Closeable;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Ends what takes too long, and reminds streams of pings and of tokens that run out. A read's or write's own
 * time-out would not do: a peer that sends a byte now and then never meets it.
 *
 * <p>Runs one platform thread, {@code sweeper}, from its making to {@link #close}.
 */
final class Sweeper implements Closeable {
  private static final Duration LONGEST_TICK = Duration.ofMillis(250);

  private final House house;
  private final Supplier<Limits> limits;
  private final Thread thread;
  private volatile boolean closed;

  Sweeper(House house, Supplier<Limits> limits) {
    this.house = house;
    this.limits = limits;
    this.thread = Thread.ofPlatform().daemon().name("sweeper").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private static Duration tick(Limits limits) {
    Duration shortest = limits.headTime();
    for (Duration other : new Duration[] {limits.idle(), limits.stall(), limits.ping()}) {
      shortest = other.compareTo(shortest) < 0 ? other : shortest;
    }
    Duration quarter = shortest.dividedBy(4).plusMillis(1);
    return quarter.compareTo(LONGEST_TICK) < 0 ? quarter : LONGEST_TICK;
  }

  private void run() {
    while (!closed) {
      try {
        Thread.sleep(tick(limits.get()));
      } catch (InterruptedException _) {
        return;
      }
      long now = System.nanoTime();
      SendQueues queues = null;
      for (Connection connection : house.all()) {
        if (connection.seemsStalled(now)) {
          queues = queues == null ? SendQueues.now() : queues;
          connection.note(queues);
        }
        connection.sweep(now);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.logtap.server;

import dev.logtap.hub.Budget;
import java.io.Closeable;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Ends what takes too long, and reminds streams of pings and of tokens that run out. A read's or write's own
 * time-out would not do: a peer that sends a byte now and then never meets it.
 *
 * <p>Runs one platform thread, {@code sweeper}, from its making to {@link #close}.
 */
final class Sweeper implements Closeable {
  private static final Duration LONGEST_TICK = Duration.ofMillis(250);

  /**
   * The kernel's table has a row for each socket of the machine: it is read so often in the time that a stalled peer has.
   * And one whose large message takes memory that others wait for has no more than this part of that time.
   */
  private static final int PARTS_OF_A_STALL = 8;

  private final House house;
  private final Supplier<Limits> limits;
  private final Budget budget;

  /** What a bug is told to. */
  private final Consumer<Throwable> bugs;

  private final Thread thread;
  private volatile boolean closed;

  /** When the kernel was asked last; for the thread only. */
  private long looked = System.nanoTime();

  Sweeper(House house, Supplier<Limits> limits, Budget budget, Consumer<Throwable> bugs) {
    this.house = house;
    this.limits = limits;
    this.budget = budget;
    this.bugs = bugs;
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
      try {
        sweep(System.nanoTime());
      } catch (RuntimeException | Error e) {
        // Without it nothing would ever be ended again.
        bugs.accept(e);
      }
    }
  }

  private void sweep(long now) {
    List<Connection> all = house.all();
    long part = limits.get().stall().dividedBy(PARTS_OF_A_STALL).toNanos();
    if (now - looked > part) {
      looked = now;
      List<Connection> quiet = all.stream().filter(connection -> connection.seemsStalled(now)).toList();
      if (!quiet.isEmpty()) {
        SendQueues queues = SendQueues.now();
        quiet.forEach(connection -> connection.note(queues));
      }
    }
    all.forEach(connection -> connection.sweep(now));
    if (budget.isShort()) {
      all.stream()
          .filter(connection -> connection.hasHeld(now) > part)
          .max(Comparator.comparingLong(connection -> connection.hasHeld(now)))
          .ifPresent(Connection::closeSocket);
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

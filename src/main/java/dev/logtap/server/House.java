package dev.logtap.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Who is connected, and how many may be. Any thread may call it.
 *
 * <p>Connections that have not shown a token have a smaller house of their own, of which the oldest gives way, as it
 * does where the house is full: strangers can't fill it for those who have one.
 */
final class House {
  /** Past the limit so many more are let in to be told so. */
  private static final int TO_BE_TOLD = 64;

  /**
   * A burst of those who have a token shall not push each other out before they could show it: accepting waits so long
   * for one that has said nothing.
   */
  private static final long TIME_TO_SPEAK = Duration.ofMillis(250).toNanos();

  /** And so long where it has, and it is we who are slow, or the machine. */
  private static final long TIME_TO_LISTEN = Duration.ofSeconds(10).toNanos();

  /** Nobody says when a connection has done its part: so often they are looked at while one has to give way, in ms. */
  private static final long LOOK = 10;

  private final Supplier<Limits> limits;

  /** Guarded by this. */
  private final Set<Connection> all = new LinkedHashSet<>();

  /** Since when, in order; guarded by this. */
  private final Map<Connection, Long> anonymous = new LinkedHashMap<>();

  House(Supplier<Limits> limits) {
    this.limits = limits;
  }

  /** How a connection is received. */
  enum Reception {
    WELCOME,
    /** The house is full: it is told so. */
    FULL,
    /** There are too many already who are told so. */
    TURNED_AWAY
  }

  /** Lets one in, of which {@link #leave} has to be called unless it was turned away. Called by the accepting thread. */
  synchronized Reception enter(Connection connection) throws InterruptedException {
    while (anonymous.size() >= limits.get().anonymous()) {
      if (!oneGivesWay()) {
        wait(LOOK);
      }
    }
    int most = limits.get().connections();
    while (all.size() >= most && oneGivesWay()) {
      // Also where the house is full, those without a token keep nobody out.
    }
    if (all.size() >= most + TO_BE_TOLD) {
      return Reception.TURNED_AWAY;
    }
    Reception reception = all.size() >= most ? Reception.FULL : Reception.WELCOME;
    all.add(connection);
    anonymous.put(connection, System.nanoTime());
    return reception;
  }

  /** Whether there was one that had had its time. Its place is free at once: what is left of it is to see the end. */
  private boolean oneGivesWay() {
    Connection leaving = whoGivesWay();
    if (leaving == null) {
      return false;
    }
    anonymous.remove(leaving);
    all.remove(leaving);
    leaving.giveWay();
    return true;
  }

  /** The oldest that has had its time; null where none has. Guarded by this. */
  private Connection whoGivesWay() {
    long now = System.nanoTime();
    for (Map.Entry<Connection, Long> one : anonymous.entrySet()) {
      long age = now - one.getValue();
      if (age < TIME_TO_SPEAK) {
        return null;
      }
      if (age >= TIME_TO_LISTEN || !one.getKey().waitsForUs()) {
        return one.getKey();
      }
    }
    return null;
  }

  /** It has shown a good token. */
  synchronized void shown(Connection connection) {
    anonymous.remove(connection);
    notifyAll();
  }

  synchronized void leave(Connection connection) {
    all.remove(connection);
    anonymous.remove(connection);
    notifyAll();
  }

  synchronized List<Connection> all() {
    return List.copyOf(all);
  }

  /** Waits until all have left; false when some have not in time. */
  synchronized boolean awaitEmpty(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    while (!all.isEmpty()) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      wait(left / 1_000_000 + 1);
    }
    return true;
  }
}

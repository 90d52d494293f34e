package dev.logtap.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;

/** What is going to happen, by time, as far as it has been planned: one second after the other. For one thread. */
final class Timeline<T> {
  /** A machine that has slept for longer, or whose clock was set, goes on with the present. */
  private static final Duration FURTHEST = Duration.ofMinutes(10);

  /** Invents what happens. */
  interface Plan<T> {
    /** Adds what begins in this second; it may go on behind it. */
    void plan(Instant second, Timeline<T> timeline);
  }

  /** @param number tells those of the same time apart: first come, first served */
  private record Moment<T>(Instant time, long number, T what) {}

  private final Plan<T> plan;
  private final Function<T, Instant> time;
  private final PriorityQueue<Moment<T>> coming =
      new PriorityQueue<>(Comparator.<Moment<T>, Instant>comparing(Moment::time).thenComparing(Moment::number));
  private long added;

  /** All that begins before this has been planned. */
  private Instant planned;

  /** @param time when something happens */
  Timeline(Plan<T> plan, Function<T, Instant> time, Instant from) {
    this.plan = plan;
    this.time = time;
    this.planned = from.truncatedTo(ChronoUnit.SECONDS);
  }

  void add(T what) {
    coming.add(new Moment<>(time.apply(what), added++, what));
  }

  /** Takes out all that happens up to this, in the order of time. */
  List<T> until(Instant now) {
    if (Duration.between(planned, now).abs().compareTo(FURTHEST) > 0) {
      coming.clear();
      planned = now.truncatedTo(ChronoUnit.SECONDS);
    }
    while (!planned.isAfter(now)) {
      plan.plan(planned, this);
      planned = planned.plusSeconds(1);
    }
    List<T> happened = new ArrayList<>();
    while (!coming.isEmpty() && !coming.peek().time().isAfter(now)) {
      happened.add(coming.remove().what());
    }
    return happened;
  }

  /** When to look again. */
  Instant next() {
    return coming.isEmpty() || coming.peek().time().isAfter(planned) ? planned : coming.peek().time();
  }
}

package dev.logtap.railway;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A subscription to an environment's log, which polls what is stored with a cursor of time and pushes what is later
 * than that, as one array. What is stored behind the cursor it never sees.
 *
 * <p>All is pushed by a thread of its own, step by step in the order in which tests ask for it. That thread waits
 * where the client does not read, so demand is not counted.
 */
final class StandInStream implements Publisher<List<Map<String, Object>>>, Subscription {
  private final StandInEnvironment environment;
  private final Predicate<StandInRow> filter;
  private final int limit;
  private final Supplier<Duration> interval;
  private final LinkedBlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();

  /** Guarded by this. */
  private Instant cursor;

  private Subscriber<? super List<Map<String, Object>>> subscriber;
  private volatile boolean ended;

  /**
   * @param cursor rows later than this are pushed; null for none at all
   * @param interval between two polls; zero where each store is followed by one
   */
  StandInStream(
      StandInEnvironment environment,
      Predicate<StandInRow> filter,
      Instant cursor,
      int limit,
      Supplier<Duration> interval) {
    this.environment = environment;
    this.filter = filter;
    this.cursor = cursor;
    this.limit = limit;
    this.interval = interval;
  }

  @Override
  public void subscribe(Subscriber<? super List<Map<String, Object>>> subscriber) {
    this.subscriber = subscriber;
    subscriber.onSubscribe(this);
    environment.streams().add(this);
    poll();
    Thread.ofVirtual().name("stand-in-stream-" + environment.id()).start(this::run);
  }

  @Override
  public void request(long count) {}

  @Override
  public void cancel() {
    steps.add(this::end);
    environment.streams().remove(this);
  }

  /** Looks for rows at once and pushes them in turn, so that each store gets a batch of its own. */
  synchronized void poll() {
    // One that begins nowhere has been seen to push nothing.
    List<StandInRow> later = cursor == null ? List.of() : environment.find(cursor, null, filter);
    if (!later.isEmpty()) {
      cursor = later.getLast().time();
      // The newest are kept, and nobody is told of the others.
      push(StandInEnvironment.newest(later, limit));
    }
  }

  /** Lets the thread look at the interval anew. */
  void wake() {
    steps.add(this::poll);
  }

  void push(List<StandInRow> rows) {
    steps.add(() -> subscriber.onNext(logs(rows)));
  }

  void complete() {
    steps.add(
        () -> {
          end();
          subscriber.onComplete();
        });
  }

  void fail(String message) {
    steps.add(
        () -> {
          end();
          subscriber.onError(new StandInRefusal(message));
        });
  }

  private void run() {
    try {
      while (!ended) {
        Duration wait = interval.get();
        Runnable step = wait.isZero() ? steps.take() : steps.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        if (step == null) {
          poll();
        } else {
          step.run();
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts it", e);
    } finally {
      end();
    }
  }

  private void end() {
    ended = true;
    environment.streams().remove(this);
  }

  private List<Map<String, Object>> logs(List<StandInRow> rows) {
    return rows.stream().map(row -> row.toLog(environment.id())).toList();
  }
}

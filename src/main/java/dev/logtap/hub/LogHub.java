package dev.logtap.hub;

import dev.logtap.log.AllowedLog;
import dev.logtap.log.Bell;
import dev.logtap.log.Cursor;
import dev.logtap.log.Follower;
import dev.logtap.log.Needle;
import dev.logtap.log.Reading;
import dev.logtap.log.Reading.Gap;
import dev.logtap.log.Reading.Lines;
import dev.logtap.log.Reading.Notice;
import dev.logtap.log.Reading.Trouble;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads one log and publishes what comes, once, to all subscriptions.
 *
 * <p>Reading and publishing happen on its own platform thread, {@code hub-NAME}, from {@link #start} until
 * {@link #close}. It is paced by its subscriptions: the next batch is published when half of those that keep up
 * wait for it, or after {@link #LONGEST_PAUSE}. Were it not, all of them would fall out of the ring whenever the
 * log grows quicker than they are, and each would read and encode for itself, at four times the cost.
 */
final class LogHub {
  /** Text of a batch: its message fits into 64 KiB, and a stalled client holds no more than that. */
  private static final int PIECE = 56 << 10;

  private static final long LONGEST_PAUSE = Duration.ofMillis(50).toNanos();

  /** Who has taken nothing for so long does not keep up: it reads the files when it comes back. */
  private static final long KEEPS_UP = Duration.ofMillis(100).toNanos();

  /** How often to look where events can't be relied on. */
  private static final Duration POLL = Duration.ofMillis(250);

  /** So many losses are remembered for those who are behind; older ones were long ago. */
  private static final int MOST_LOSSES = 64;

  private final AllowedLog log;
  private final Hubs hubs;
  private final Bell bell = new Bell();
  private final Encoding encoding;
  private final Thread thread;
  private final CountDownLatch begun = new CountDownLatch(1);

  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

  /** By the text that is looked for; guarded by itself. */
  private final Map<String, Filter> filters = new HashMap<>();

  /** Whether batches have to keep their text, because there may be a filter that needs it. */
  private volatile boolean filtered;

  /** Guarded by itself. */
  private final Deque<Loss> losses = new ArrayDeque<>();

  /** How many subscriptions wait for the next batch, and how many have to before it comes. */
  private final AtomicInteger waiting = new AtomicInteger();

  private volatile int enough;

  private volatile Ring ring;
  private volatile boolean closed;

  /** Why it has ended by itself; null where it has not. */
  private volatile Throwable failure;

  private long lastPublished;

  /** Whether lines have come that no event had told of. */
  private boolean distrust;

  /** How many use it; guarded by {@link Hubs}. */
  int users;

  /** What may have been lost, published as the batch of that sequence. */
  private record Loss(long sequence, Instant when, String why) {}

  LogHub(AllowedLog log, Hubs hubs) {
    this.log = log;
    this.hubs = hubs;
    this.encoding = hubs.newEncoding();
    this.thread = Thread.ofPlatform().daemon().name("hub-" + log.name()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  AllowedLog log() {
    return log;
  }

  /**
   * The ring, when the hub knows where it begins.
   *
   * @throws AbandonedReadException when that takes too long
   */
  Ring awaitRing() throws InterruptedException, AbandonedReadException {
    if (!begun.await(FileReads.LONGEST.toSeconds(), TimeUnit.SECONDS)) {
      throw AbandonedReadException.ofStalledDisk(FileReads.LONGEST);
    }
    return ring;
  }

  /** Why nothing more will come; null while it may. */
  Throwable failure() {
    return failure;
  }

  // ---- the hub's own thread

  private void run() {
    try (Follower follower = Follower.fromLastLines(log, 0).inPieces(PIECE)) {
      ring = new Ring(new Batch(0, null, follower.cursor(), false, null, false));
      begun.countDown();
      hubs.watch(log, bell);
      try {
        follow(follower);
      } finally {
        hubs.forget(bell);
        ring.clear();
        hubs.ended();
      }
    } catch (RuntimeException | Error e) {
      failure = e;
      hubs.reports().failed(log, e);
    } finally {
      begun.countDown();
      subscriptions.forEach(Subscription::wake);
    }
  }

  private void follow(Follower follower) {
    boolean expected = true;
    boolean first = true;
    while (!closed) {
      Reading reading = follower.next();
      if (first && !(reading instanceof Trouble)) {
        hubs.reports().readable(log);
      }
      first = false;
      switch (reading) {
        case null -> expected = await(follower);
        case Lines lines -> {
          distrust = !expected;
          expected = true;
          awaitPace();
          publish(lines, follower.cursor());
          if (follower.isDrained()) {
            expected = await(follower);
          }
        }
        case Gap(String why) -> publishGap(why);
        case Notice(String sentence) -> hubs.reports().notice(log, sentence);
        case Trouble(String why) -> hubs.reports().unreadable(log, why);
      }
    }
  }

  /** Waits until the log may have changed; whether it was told, or would not have been. */
  private boolean await(Follower follower) {
    Duration longest = follower.untilNextLook();
    boolean waitsForQuiet = longest.compareTo(POLL) < 0 && !follower.isDrained();
    if (distrust && !waitsForQuiet) {
      longest = POLL;
    }
    return hubs.await(bell, longest) || waitsForQuiet || !hubs.isWatching();
  }

  private void awaitPace() {
    long end = lastPublished + LONGEST_PAUSE;
    int keepingUp = 0;
    long now = System.nanoTime();
    for (Subscription subscription : subscriptions) {
      keepingUp += subscription.isWaiting() || now - subscription.lastTook() < KEEPS_UP ? 1 : 0;
    }
    enough = (keepingUp + 1) / 2;
    while (waiting.get() < enough && !closed) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        break;
      }
      LockSupport.parkNanos(this, left);
    }
    enough = Integer.MAX_VALUE;
  }

  private void publish(Lines lines, Cursor cursor) {
    Frame frame = lines.length() > PIECE ? null : frameOf(lines, cursor);
    byte[] text = filtered && frame != null ? Arrays.copyOfRange(lines.bytes(), lines.from(), lines.to()) : null;
    publish(new Batch(ring.newest().sequence() + 1, frame, cursor, lines.partial(), text, false));
  }

  /**
   * The message of lines; null where it is large. A long line is not shared: who holds it has to have claimed its
   * memory, for which a hub can't wait. Each subscription reads it from the file when it has.
   */
  private Frame frameOf(Lines lines, Cursor cursor) {
    encoding.begin();
    encoding.add(lines);
    return hubs.frameOf(encoding.end(lines.partial(), null, cursor));
  }

  /** Says it at the place that was reached before, so that a cursor never leaves out what is still to come. */
  private void publishGap(String why) {
    Batch before = ring.newest();
    long sequence = before.sequence() + 1;
    synchronized (losses) {
      losses.addLast(new Loss(sequence, Instant.now(), why));
      if (losses.size() > MOST_LOSSES) {
        losses.removeFirst();
      }
    }
    encoding.begin();
    ByteBuffer message = encoding.end(false, why, before.cursor());
    publish(new Batch(sequence, hubs.frameOf(message), before.cursor(), false, null, true));
  }

  private void publish(Batch batch) {
    ring.add(batch, hubs.ringBytes());
    lastPublished = System.nanoTime();
    for (Subscription subscription : subscriptions) {
      if (subscription.isWaiting()) {
        subscription.unpark();
      }
    }
  }

  // ---- called by subscriptions and by Hubs, on any thread

  void add(Subscription subscription) {
    subscriptions.add(subscription);
  }

  void remove(Subscription subscription) {
    subscriptions.remove(subscription);
    // The pace may have waited for this one.
    LockSupport.unpark(thread);
  }

  /** A subscription begins to wait for the next batch. */
  void waits() {
    if (waiting.incrementAndGet() >= enough) {
      LockSupport.unpark(thread);
    }
  }

  void waitsNoLonger() {
    waiting.decrementAndGet();
  }

  /** What may have been lost behind the batch {@code after} up to another one, for those who read that from the files. */
  List<String> lossesBetween(long after, long upTo) {
    synchronized (losses) {
      return losses.stream()
          .filter(loss -> loss.sequence() > after && loss.sequence() <= upTo)
          .map(Loss::why)
          .toList();
    }
  }

  /** What may have been lost since then, up to a batch. */
  List<String> lossesSince(Instant then, long upTo) {
    synchronized (losses) {
      return losses.stream()
          .filter(loss -> !loss.when().isBefore(then) && loss.sequence() <= upTo)
          .map(Loss::why)
          .toList();
    }
  }

  /**
   * The filter for a text, shared with all who look for the same, for who lets go of another one; null for none.
   *
   * @throws TooManyFiltersException past the limit; all is as it was then
   */
  Filter exchange(Filter before, Needle needle) throws TooManyFiltersException {
    synchronized (filters) {
      int free = before != null && before.users == 1 ? 1 : 0;
      Filter after = needle == null ? null : filterFor(needle, free);
      if (before != null) {
        release(before);
      }
      return after;
    }
  }

  /** The caller holds the filters. */
  private Filter filterFor(Needle needle, int free) throws TooManyFiltersException {
    Filter filter = filters.get(needle.text());
    if (filter == null) {
      int most = hubs.mostFilters();
      if (filters.size() - free >= most) {
        throw new TooManyFiltersException(most);
      }
      filter = hubs.newFilter(needle);
      filters.put(needle.text(), filter);
      filtered = true;
    }
    filter.users++;
    return filter;
  }

  void release(Filter filter) {
    synchronized (filters) {
      if (--filter.users == 0) {
        filters.remove(filter.needle().text());
        filter.close();
        filtered = !filters.isEmpty();
      }
    }
  }

  /** Ends its thread, soon. */
  void close() {
    closed = true;
    bell.ring();
    LockSupport.unpark(thread);
  }

  void awaitEnd(Duration longest) throws InterruptedException {
    thread.join(longest);
  }
}

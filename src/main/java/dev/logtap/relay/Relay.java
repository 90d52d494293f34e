package dev.logtap.relay;

import dev.logtap.railway.Entry;
import dev.logtap.railway.EnvironmentLogs;
import dev.logtap.railway.Happening;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * One environment that somebody listens to: takes what its stream tells, numbers and encodes it, and keeps the newest.
 *
 * <p>{@link #happened} is called by the stream's thread; everything else by clients' writing threads and by {@link Relays}.
 */
final class Relay {
  /** What is added at once is such a part of the ring, so that clients can follow while a large batch goes in. */
  private static final int PARTS = 8;

  private final String environmentId;
  private final EnvironmentLogs logs;
  private final Encoding encoding;

  /** How many bytes the ring may have at present. */
  private final LongSupplier ringBytes;

  /** So long at most the stream waits for clients that take what comes, for each part. */
  private final long longestPause;

  private final Relays.Reports reports;

  private final long epoch = ThreadLocalRandom.current().nextLong();

  /** Changed under the lock of this. */
  private final List<RelaySubscription> subscriptions = new CopyOnWriteArrayList<>();

  // Of the stream's thread alone.
  private Recent recent = new Recent(Long.MIN_VALUE);
  private Item.Count count = Item.Count.NONE;

  // All that follows is guarded by this.
  private final Ring ring = new Ring();
  private Ledger ledger = new Ledger(epoch, Long.MIN_VALUE);

  /** What has been added to the ring, and the place behind that. */
  private Item.Count added = count;

  private RelayCursor behindAll = cursor();

  /** Whether what is stored has been told. */
  private boolean begun;

  /** The ring has all that is later than this; null where it has all there is. */
  private Instant since;

  /** Null until it is known. */
  private Status status;

  /** What goes wrong at present; null where nothing does. */
  private String trouble;

  /** Null while it lives. */
  private EndedException ended;

  private long endedAt;

  Relay(
      String environmentId,
      EnvironmentLogs logs,
      Encoding encoding,
      LongSupplier ringBytes,
      Duration longestPause,
      Relays.Reports reports) {
    this.environmentId = environmentId;
    this.logs = logs;
    this.encoding = encoding;
    this.ringBytes = ringBytes;
    this.longestPause = longestPause.toNanos();
    this.reports = reports;
  }

  String environmentId() {
    return environmentId;
  }

  EnvironmentLogs logs() {
    return logs;
  }

  long epoch() {
    return epoch;
  }

  synchronized Ledger ledger() {
    return ledger;
  }

  // ---- what the stream tells

  void happened(Happening happening) {
    switch (happening) {
      case Happening.Past(List<Entry> past, boolean whole) -> {
        begin(past.isEmpty() || whole ? null : past.getFirst().time());
        arrived(past);
      }
      case Happening.Arrived(List<Entry> arrived) -> {
        arrived(arrived);
        itWorks();
      }
      case Happening.Lost(OptionalLong dropped, String why) -> {
        reports.lost(environmentId, dropped, why);
        count = count.andGap();
        add(List.of(new Item.Lost(count, encoding.gap(dropped, why))));
      }
      case Happening.SweepFailed(String sentence) -> reports.sweepFailed(environmentId, sentence);
      case Happening.SweepsAgain() -> reports.sweepsAgain(environmentId);
      case Happening.Connected() -> say(Status.CONNECTED);
      case Happening.Reconnecting() -> say(Status.RECONNECTING);
      case Happening.Trouble(String sentence) -> trouble(sentence);
      case Happening.Failed(String sentence) -> {
        reports.trouble(environmentId, sentence);
        end(sentence, true);
      }
    }
  }

  /** What is stored follows: all that is later than this. */
  private synchronized void begin(Instant from) {
    begun = true;
    // Whether the subscription stands is told next; then clients begin with that.
    status = null;
    since = from;
    if (from != null) {
      // All that is older counts as told, and what has just that time and was not brought.
      recent = new Recent(Recent.nanos(from));
      ledger = new Ledger(epoch, Recent.nanos(from));
    }
  }

  private void arrived(List<Entry> arrived) {
    long most = ringBytes.getAsLong() / PARTS;
    long bytes = 0;
    List<Item> part = new ArrayList<>();
    for (Entry entry : arrived) {
      Item item = encoded(entry);
      part.add(item);
      bytes += Ring.sizeOf(item);
      if (bytes >= most) {
        add(part);
        part = new ArrayList<>();
        bytes = 0;
      }
    }
    add(part);
  }

  private Item encoded(Entry entry) {
    count = count.andEntry();
    Fitting fitting = Fitting.of(entry);
    recent.add(fitting.likeness());
    String cursor = cursor().text(environmentId);
    return new Item.Logged(count, fitting, encoding.entry(fitting.entry(), fitting.cut(), cursor));
  }

  /** Behind all that has come. */
  private RelayCursor cursor() {
    return recent.cursor(epoch, count.entries());
  }

  /** A bug showed. */
  void failed(Throwable bug) {
    reports.failed(environmentId, bug);
  }

  /** What went wrong on the standing subscription is over. */
  private synchronized void itWorks() {
    if (status == Status.CONNECTED) {
      trouble = null;
    }
  }

  private void trouble(String sentence) {
    reports.trouble(environmentId, sentence);
    Item said = new Item.Said(null, encoding.error(sentence));
    synchronized (this) {
      trouble = sentence;
      keep(List.of(said));
    }
    subscriptions.forEach(RelaySubscription::wake);
  }

  private void say(Status fresh) {
    Item said = new Item.Said(fresh, encoding.status(fresh.text));
    synchronized (this) {
      status = fresh;
      trouble = fresh == Status.CONNECTED ? null : trouble;
      keep(List.of(said));
    }
    subscriptions.forEach(RelaySubscription::wake);
  }

  private void add(List<Item> items) {
    keep(items);
    // Not under the lock, which they would all have to wait for.
    subscriptions.forEach(RelaySubscription::wake);
  }

  private synchronized void keep(List<Item> items) {
    long most = ringBytes.getAsLong();
    awaitTakers(items.stream().mapToLong(Ring::sizeOf).sum(), most);
    // These are all that have been counted: they are added before the next one is.
    added = count;
    behindAll = cursor();
    for (Item item : items) {
      ring.add(item);
      if (item instanceof Item.Logged logged) {
        ledger.add(logged.likeness());
      }
    }
    for (Item gone = ring.evict(most); gone != null; gone = ring.evict(most)) {
      if (gone instanceof Item.Logged logged && (since == null || logged.entry().time().isAfter(since))) {
        since = logged.entry().time();
      }
    }
  }

  /** Waits a moment for clients that take what comes, where they would lose what goes for that which is added. */
  private void awaitTakers(long bytes, long most) {
    long end = System.nanoTime() + longestPause;
    while (ended == null) {
      long now = System.nanoTime();
      long first = ring.firstAfter(bytes, most);
      boolean somebody = subscriptions.stream().anyMatch(one -> one.isTaking(now - longestPause) && one.place() < first);
      long left = Duration.ofNanos(end - now).toMillis();
      if (!somebody || left <= 0) {
        return;
      }
      try {
        wait(left);
      } catch (InterruptedException _) {
        // The stream is being closed.
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Ends the streams of all its clients, when they have been told what came before. */
  synchronized void end(String sentence, boolean failed) {
    if (ended == null) {
      ended = new EndedException(sentence, failed);
      endedAt = System.nanoTime();
      notifyAll();
      subscriptions.forEach(RelaySubscription::wake);
    }
  }

  /** Whether it has ended, and at least so long ago. */
  synchronized boolean hasEndedFor(Duration time) {
    return ended != null && System.nanoTime() - endedAt >= time.toNanos();
  }

  // ---- its clients

  synchronized void join(RelaySubscription subscription) {
    subscriptions.add(subscription);
    subscription.moveTo(ring.end());
  }

  synchronized void leave(RelaySubscription subscription) {
    subscriptions.remove(subscription);
    notifyAll();
  }

  synchronized int clients() {
    return subscriptions.size();
  }

  /** What there is, for who begins. */
  record Present(
      Status status, String trouble, List<Item> items, Item.Count count, RelayCursor end, Instant since) {}

  /** Lets a client begin: it goes on behind what there is. Null as long as that, or how it stands with Railway, is not known. */
  synchronized Present begin(RelaySubscription subscription) {
    if (!begun || status == null) {
      return null;
    }
    List<Item> items = new ArrayList<>((int) (ring.end() - ring.first()));
    for (long place = ring.first(); place < ring.end(); place++) {
      items.add(ring.get(place));
    }
    subscription.moveTo(ring.end());
    return new Present(status, trouble, items, added, behindAll, since);
  }

  /** Some of the next items for a client, none at the end of the ring; what lay before them and is gone is counted there. */
  synchronized List<Item> take(RelaySubscription subscription, int most) throws EndedException {
    long from = Math.max(subscription.place(), ring.first());
    long to = Math.min(ring.end(), from + most);
    if (from == to && ended != null) {
      throw ended;
    }
    List<Item> items = new ArrayList<>((int) (to - from));
    for (long place = from; place < to; place++) {
      items.add(ring.get(place));
    }
    subscription.moveTo(to);
    notifyAll();
    return items;
  }
}

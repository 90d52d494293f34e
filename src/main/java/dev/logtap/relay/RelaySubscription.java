package dev.logtap.relay;

import dev.logtap.railway.RailwayException;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;

/**
 * A client's place in a relay. The client's writing thread calls all of it, but for {@link #wake}.
 *
 * <p>Until the relay knows what is stored and how it stands, the client is told only what goes wrong. Then it is told the
 * status, the entries that it asked for, and from there on what comes. What has to be asked of Railway for that is asked on
 * threads of their own, so that the client's pings are answered meanwhile, and its leaving is noticed.
 */
public final class RelaySubscription implements Closeable {
  private static final int MOST_AT_ONCE = 256;

  private final Relays relays;
  private final Relay relay;
  private final Encoding encoding;
  private final Ask.Begin begin;

  /** Only what is later; null for all. */
  private final Instant after;

  private boolean begun;
  private Status told;

  /** What of the relay's has been passed. */
  private Item.Count passed = Item.Count.NONE;

  /** What comes before the next item of the ring. */
  private final Queue<Item> first = new ArrayDeque<>();

  /** Asks for what the client begins with; null before that. */
  private Thread beginning;

  /** Asks whether the services of the filter are known; null while there is none. */
  private Thread checking;

  /** Whether a wait is to end. */
  private volatile boolean awake;

  /** Who waits; null before the first wait. */
  private volatile Thread waiter;

  // Guarded by this.
  private Wanted wanted;
  private final List<Item> answers = new ArrayList<>();
  private boolean answered;

  // Guarded by the relay.
  private long place;
  private long lastTook;

  RelaySubscription(Relays relays, Relay relay, Encoding encoding, Ask ask) {
    this.relays = relays;
    this.relay = relay;
    this.encoding = encoding;
    this.begin = ask.begin();
    this.after = ask.begin() instanceof Ask.Begin.After(Instant time) ? time : null;
    this.wanted = ask.wanted();
  }

  // ---- called by the relay, which guards it

  /** The place of the next item that it takes. */
  long place() {
    return place;
  }

  void moveTo(long next) {
    place = next;
    lastTook = System.nanoTime();
  }

  /** Whether it has taken something since then. */
  boolean isTaking(long since) {
    return lastTook - since > 0;
  }

  // ---- taking

  /**
   * Takes the next messages.
   *
   * @return how many; 0 when there is nothing yet
   * @throws EndedException after the last
   */
  public int take(ByteBuffer[] into) throws EndedException {
    if (beginning == null) {
      begin();
    }
    Wanted present = receive();
    int count = 0;
    while (count < into.length && !first.isEmpty()) {
      Item item = first.remove();
      if (passes(item, present)) {
        into[count++] = item.frame().duplicate();
      }
    }
    return count > 0 || beginning != null && !begun ? count : takeFromRing(into, present);
  }

  private void begin() {
    Relay.Present present = relay.begin(this);
    if (present == null) {
      return;
    }
    passed = present.count();
    if (present.status() != told) {
      first.add(new Item.Said(present.status(), encoding.status(present.status().text)));
      if (present.trouble() != null) {
        first.add(new Item.Said(null, encoding.error(present.trouble())));
      }
    }
    Wanted asked;
    synchronized (this) {
      asked = wanted;
    }
    beginning = start(() -> answer(present, check(asked)));
  }

  private Thread start(Asking asking) {
    return Thread.ofVirtual()
        .name("asking-" + relay.environmentId())
        .start(
            () -> {
              try {
                asking.ask();
              } catch (InterruptedException _) {
                // Nobody waits for it any longer.
              }
            });
  }

  private interface Asking {
    void ask() throws InterruptedException;
  }

  private void answer(Relay.Present present, Wanted asked) throws InterruptedException {
    List<Item> items;
    try {
      items = relays.beginningOf(relay, present, begin, asked);
    } catch (RuntimeException | Error e) {
      relay.failed(e);
      items = List.of(new Item.Lost(null, relays.newEncoding().gap(OptionalLong.empty(), "this is a bug in logtap")));
    }
    synchronized (this) {
      answers.addAll(items);
      answered = true;
    }
    wake();
  }

  /**
   * Says which of the services nobody knows.
   *
   * @return the same by the services' ids as well
   */
  private Wanted check(Wanted asked) throws InterruptedException {
    if (asked.services().isEmpty()) {
      return asked;
    }
    Map<String, String> services;
    try {
      services = relay.logs().services(relay.environmentId());
    } catch (RailwayException _) {
      // The entries tell which they are of.
      return asked;
    }
    List<String> unknown = new ArrayList<>(asked.services());
    unknown.removeIf(service -> services.containsKey(service) || services.containsValue(service));
    unknown.sort(null);
    List<String> ids = new ArrayList<>(services.keySet());
    ids.removeIf(id -> !asked.services().contains(services.get(id)));
    Wanted checked = asked.with(ids);
    synchronized (this) {
      if (wanted != asked) {
        return checked;
      }
      wanted = checked;
      if (!unknown.isEmpty()) {
        String sentence = "there is no service of that name in the environment: " + String.join(", ", unknown);
        answers.add(new Item.Said(null, relays.newEncoding().error(sentence)));
        wake();
      }
    }
    return checked;
  }

  private synchronized Wanted receive() {
    first.addAll(answers);
    answers.clear();
    begun = answered;
    return wanted;
  }

  private int takeFromRing(ByteBuffer[] into, Wanted present) throws EndedException {
    while (true) {
      List<Item> items = relay.take(this, Math.min(into.length / 2, MOST_AT_ONCE));
      int count = 0;
      for (Item item : items) {
        ByteBuffer gap = missedBefore(item, present);
        if (gap != null) {
          into[count++] = gap;
        }
        if (passes(item, present)) {
          into[count++] = item.frame().duplicate();
        }
      }
      if (count > 0 || items.isEmpty()) {
        return count;
      }
    }
  }

  /** The gap before an item of the ring, because what was there has gone before it was taken; null where none has. */
  private ByteBuffer missedBefore(Item item, Wanted present) {
    Item.Count expected;
    Item.Count found;
    switch (item) {
      case Item.Logged(Item.Count count, var _, var _) -> {
        expected = passed.andEntry();
        found = count;
      }
      case Item.Lost(Item.Count count, var _) -> {
        expected = passed.andGap();
        found = count;
      }
      case Item.Said _ -> {
        return null;
      }
    }
    passed = found;
    if (!begun || found.equals(expected)) {
      return null;
    }
    long entries = found.entries() - expected.entries();
    String why = "the client reads more slowly than entries come";
    return entries > 0 && present.isAll()
        ? encoding.gap(OptionalLong.of(entries), why)
        : encoding.gap(OptionalLong.empty(), why + "; up to " + entries + " of those it asked for are missing");
  }

  private boolean passes(Item item, Wanted present) {
    return switch (item) {
      case Item.Logged logged ->
          begun && present.covers(logged.entry()) && (after == null || logged.entry().time().isAfter(after));
      case Item.Lost _ -> begun;
      case Item.Said said -> {
        told = said.status() == null ? told : said.status();
        yield true;
      }
    };
  }

  /** Replaces the filter. */
  public void filter(Wanted fresh) {
    synchronized (this) {
      wanted = fresh;
    }
    if (checking != null) {
      checking.interrupt();
    }
    checking = start(() -> check(fresh));
  }

  /** For tests: waits until what was asked of Railway is answered. */
  void awaitAnswers() throws InterruptedException {
    if (beginning != null) {
      beginning.join();
    }
    if (checking != null) {
      checking.join();
    }
  }

  /**
   * Waits until there may be something to take, or somebody wakes it. Parked, and not in a monitor: a virtual thread that is
   * notified there is handed on by a platform thread, which is one more wake-up between an entry and its readers.
   */
  public void await() throws InterruptedException {
    waiter = Thread.currentThread();
    while (!awake) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    awake = false;
  }

  /** Ends a wait, the next one if there is none now. Any thread may call it. */
  public void wake() {
    awake = true;
    LockSupport.unpark(waiter);
  }

  @Override
  public void close() {
    relays.leave(relay, this);
    if (beginning != null) {
      beginning.interrupt();
    }
    if (checking != null) {
      checking.interrupt();
    }
  }
}

package dev.logtap.relay;

import dev.logtap.railway.EnvironmentLogs;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The relays that are alive: each begins with the first client of its environment and ends some seconds after the last, so
 * that one who only reloads a page finds it as it was. Any thread may call it.
 */
public final class Relays {
  private static final Waits WAITS = new Waits(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMillis(200));

  /** The rings of all relays together, divided among them. */
  private static final long RING_BYTES = 48 << 20;

  private static final long LEAST_RING_BYTES = 4 << 20;

  /** At Railway's most, 1,250 entries a second, that is ten seconds of usual ones. */
  private static final long MOST_RING_BYTES = 16 << 20;

  /** Of so many relays that have ended it is known what they had told: cursors of theirs are followed exactly. */
  private static final int MOST_LEDGERS = 32;

  private final Supplier<Encoding> encodings;
  private final IntSupplier mostClients;
  private final Reports reports;
  private final Waits waits;
  private final long mostRingBytes;
  private final Beginnings beginnings = new Beginnings();

  // Guarded by this.
  private final Map<String, Running> running = new HashMap<>();
  private final Deque<Ledger> ended = new ArrayDeque<>();

  /** How many are running. */
  private volatile int alive;

  /**
   * How long things are waited for.
   *
   * @param linger so long a relay goes on after its last client
   * @param rest one that has failed is not begun anew before that: clients that come back at once would use up Railway's
   *     patience
   * @param takers so long a stream waits, for each part of a batch, for clients that take what comes. With the usual wait it
   *     still brings more than Railway does
   */
  record Waits(Duration linger, Duration rest, Duration takers) {}

  /** What the server's own log is told. Any thread may call it. */
  public interface Reports {
    void trouble(String environmentId, String sentence);

    /** A gap is told to all clients. @param dropped how many entries, where that is known */
    void lost(String environmentId, OptionalLong dropped, String why);

    /** Railway can't be asked for what it has stored late; told once a reason. */
    void sweepFailed(String environmentId, String why);

    /** It can be asked again. */
    void sweepsAgain(String environmentId);

    /** A bug showed. */
    void failed(String environmentId, Throwable bug);
  }

  /** A relay and its stream. */
  private static final class Running {
    final Relay relay;
    final EnvironmentLogs.Stream stream;

    /** Counts the clients that came, so that a linger knows whether somebody came meanwhile. */
    long visits;

    Running(Relay relay, EnvironmentLogs.Stream stream) {
      this.relay = relay;
      this.stream = stream;
    }
  }

  /** @param mostClients how many clients an environment may have at present */
  public Relays(Supplier<Encoding> encodings, IntSupplier mostClients, Reports reports) {
    this(encodings, mostClients, reports, WAITS, MOST_RING_BYTES);
  }

  Relays(Supplier<Encoding> encodings, IntSupplier mostClients, Reports reports, Waits waits, long mostRingBytes) {
    this.encodings = encodings;
    this.mostClients = mostClients;
    this.reports = reports;
    this.waits = waits;
    this.mostRingBytes = mostRingBytes;
  }

  /**
   * A place in the environment's relay, which begins if it has not yet.
   *
   * @param logs where the environment's log is to be had
   * @throws FullException where the environment has as many clients as it may
   */
  public synchronized RelaySubscription subscribe(EnvironmentLogs logs, String environmentId, Ask ask) throws FullException {
    Running found = running.get(environmentId);
    if (found != null && found.relay.hasEndedFor(waits.rest())) {
      forget(found);
      found = null;
    }
    int most = mostClients.getAsInt();
    if (found != null && found.relay.clients() >= most) {
      throw new FullException(most);
    }
    if (found == null) {
      found = begin(logs, environmentId);
    }
    found.visits++;
    RelaySubscription subscription = new RelaySubscription(this, found.relay, encodings.get(), ask);
    found.relay.join(subscription);
    return subscription;
  }

  private Running begin(EnvironmentLogs logs, String environmentId) {
    Relay relay = new Relay(environmentId, logs, encodings.get(), this::ringBytes, waits.takers(), reports);
    Running begun = new Running(relay, logs.stream(environmentId, relay::happened));
    running.put(environmentId, begun);
    alive = running.size();
    return begun;
  }

  /** Asked under a relay's own lock, which is taken after ours elsewhere: so without ours. */
  private long ringBytes() {
    return Math.clamp(RING_BYTES / Math.max(1, alive), Math.min(LEAST_RING_BYTES, mostRingBytes), mostRingBytes);
  }

  /** Ends all relays, whose streams are the caller's to end; their clients are told to come back. */
  public synchronized void endAll(String sentence) {
    for (Running one : List.copyOf(running.values())) {
      forget(one);
      one.relay.end(sentence, false);
    }
  }

  /** Guarded by this. */
  private void forget(Running one) {
    running.remove(one.relay.environmentId());
    alive = running.size();
    ended.addFirst(one.relay.ledger());
    if (ended.size() > MOST_LEDGERS) {
      ended.removeLast();
    }
  }

  void leave(Relay relay, RelaySubscription subscription) {
    relay.leave(subscription);
    synchronized (this) {
      Running left = running.get(relay.environmentId());
      if (left != null && left.relay == relay && relay.clients() == 0) {
        long visits = left.visits;
        Thread.ofVirtual().name("linger-" + relay.environmentId()).start(() -> linger(left, visits));
      }
    }
  }

  private void linger(Running left, long visits) {
    try {
      Thread.sleep(waits.linger());
      while (left.relay.hasEndedFor(Duration.ZERO) && !left.relay.hasEndedFor(waits.rest())) {
        Thread.sleep(waits.linger());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (left.visits != visits || running.get(left.relay.environmentId()) != left) {
        return;
      }
      forget(left);
      left.relay.end("nobody listens", false);
    }
    // Not under the lock: it may wait for the stream's thread.
    left.stream.close();
  }

  // ---- for subscriptions

  Encoding newEncoding() {
    return encodings.get();
  }

  List<Item> beginningOf(Relay relay, Relay.Present present, Ask.Begin begin, Wanted wanted) throws InterruptedException {
    Memory memory = begin instanceof Ask.Begin.Behind(RelayCursor cursor) ? memoryOf(cursor, relay, present) : null;
    return beginnings.of(relay, present, begin, wanted, encodings.get(), memory);
  }

  /** What was told up to a cursor. */
  private Memory memoryOf(RelayCursor cursor, Relay relay, Relay.Present present) {
    boolean lives = relay.epoch() == cursor.epoch();
    Ledger ledger = lives ? relay.ledger() : null;
    synchronized (this) {
      for (Ledger one : ended) {
        ledger = one.epoch() == cursor.epoch() ? one : ledger;
      }
    }
    long held = present.since() == null ? Long.MIN_VALUE : Recent.nanos(present.since());
    Memory memory = ledger == null ? null : ledger.upTo(cursor.number(), held, lives);
    if (memory == null) {
      memory = new Memory(cursor, held);
    }
    memory.toldUpTo(cursor);
    return memory;
  }
}

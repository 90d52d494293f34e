package dev.logtap.hub;

import dev.logtap.log.AllowedLog;
import dev.logtap.log.Bell;
import dev.logtap.log.DirectoryWatch;
import dev.logtap.log.Needle;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The hubs that are alive: each begins with the first subscription to its log and ends with the last. Any
 * thread may call it.
 */
public final class Hubs implements Closeable {
  /** The rings of all hubs together, divided among them. */
  private static final int RING_BYTES = 64 << 20;

  /** So much is a second of a log that grows quickly. */
  private static final int LEAST_RING_BYTES = 2 << 20;

  private static final int MOST_RING_BYTES = 16 << 20;

  private static final Duration LONGEST_END = Duration.ofSeconds(1);

  private final Supplier<Encoding> encodings;
  private final FileReads reads;
  private final Budget budget;
  private final IntSupplier mostFilters;
  private final Reports reports;
  private final FramePool pool = new FramePool();

  /** For the threads of {@link #reads}, of which each makes one message at a time. */
  private final ThreadLocal<Encoding> readersEncoding;

  /** Null where the system gives none. */
  private final DirectoryWatch watch;

  /** By entry of the allowlist; guarded by itself. */
  private final Map<AllowedLog, LogHub> alive = new HashMap<>();

  /** What an administrator has to know. Called on hub threads. */
  public interface Reports {
    /** Something happened to the log's file; a sentence. */
    void notice(AllowedLog log, String sentence);

    /** The log can't be read for the time being; a sentence. */
    void unreadable(AllowedLog log, String why);

    /** A hub has begun, and can read the log. */
    void readable(AllowedLog log);

    /** The hub has ended because of a bug. */
    void failed(AllowedLog log, Throwable bug);
  }

  /**
   * Makes the hubs of one server.
   *
   * @param encodings one for each thread that makes messages
   * @param budget what large messages take of it, until they are written
   * @param mostFilters how many different texts clients of one log may look for now
   */
  public Hubs(Supplier<Encoding> encodings, FileReads reads, Budget budget, IntSupplier mostFilters, Reports reports) {
    this.encodings = encodings;
    this.reads = reads;
    this.budget = budget;
    this.mostFilters = mostFilters;
    this.reports = reports;
    this.readersEncoding = ThreadLocal.withInitial(encodings);
    this.watch = openWatch();
  }

  private static DirectoryWatch openWatch() {
    try {
      return DirectoryWatch.openQuick();
    } catch (IOException _) {
      return null;
    }
  }

  /**
   * Subscribes to a log. The caller's thread is the one that takes, and closes it.
   *
   * @param needle only lines with this; null for all
   * @throws IOException when the log's hub has failed
   */
  public Subscription subscribe(AllowedLog log, Needle needle) throws IOException, TooManyFiltersException {
    LogHub hub = hubOf(log);
    boolean kept = false;
    try {
      Subscription subscription = Subscription.to(hub, this, needle);
      kept = true;
      return subscription;
    } finally {
      if (!kept) {
        leave(hub);
      }
    }
  }

  private LogHub hubOf(AllowedLog log) {
    synchronized (alive) {
      LogHub hub = alive.get(log);
      if (hub == null || hub.failure() != null) {
        hub = new LogHub(log, this);
        hub.start();
        alive.put(log, hub);
      }
      hub.users++;
      return hub;
    }
  }

  void leave(LogHub hub) {
    synchronized (alive) {
      if (--hub.users == 0) {
        alive.remove(hub.log(), hub);
        hub.close();
      }
    }
  }

  /** A hub has let go of all it had. */
  void ended() {
    synchronized (alive) {
      if (alive.isEmpty()) {
        pool.clear();
      }
    }
  }

  /** The bytes that a ring may have now. */
  int ringBytes() {
    int hubs;
    synchronized (alive) {
      hubs = Math.max(1, alive.size());
    }
    return Math.clamp(RING_BYTES / hubs, LEAST_RING_BYTES, MOST_RING_BYTES);
  }

  Encoding newEncoding() {
    return encodings.get();
  }

  Filter newFilter(Needle needle) {
    return new Filter(needle, encodings.get(), pool);
  }

  int mostFilters() {
    return mostFilters.getAsInt();
  }

  FileReads reads() {
    return reads;
  }

  Encoding readersEncoding() {
    return readersEncoding.get();
  }

  Budget budget() {
    return budget;
  }

  /** Null where the message is larger than a small one. */
  Frame frameOf(ByteBuffer message) {
    return pool.frameOf(message);
  }

  Frame frameOf(ByteBuffer message, Budget.Claim claim) {
    return pool.frameOf(message, claim);
  }

  void watch(AllowedLog log, Bell bell) {
    if (watch != null) {
      watch.ringOnChange(log, bell);
    }
  }

  void forget(Bell bell) {
    if (watch != null) {
      watch.forget(bell);
    }
  }

  /** Waits for a ring of a hub's bell. */
  boolean await(Bell bell, Duration longest) {
    pool.trim(System.nanoTime());
    return watch != null ? watch.await(bell, longest) : bell.await(longest);
  }

  boolean isWatching() {
    return watch != null;
  }

  Reports reports() {
    return reports;
  }

  /** Ends all hubs, whoever listens. */
  @Override
  public void close() throws IOException {
    List<LogHub> ending;
    synchronized (alive) {
      ending = new ArrayList<>(alive.values());
    }
    ending.forEach(LogHub::close);
    try {
      long end = System.nanoTime() + LONGEST_END.toNanos();
      for (LogHub hub : ending) {
        hub.awaitEnd(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (watch != null) {
      watch.close();
    }
  }
}

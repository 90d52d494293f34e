package dev.logtap.demo;

import dev.logtap.railway.Entry;
import dev.logtap.railway.EnvironmentLogs;
import dev.logtap.railway.EnvironmentSource;
import dev.logtap.railway.Happening;
import dev.logtap.railway.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * An environment that keeps what its services have said, as Railway does, and tells it to streams, each entry once. The
 * demo's thread adds to it; each stream tells on a virtual thread of its own; any thread may ask.
 */
final class SampleEnvironment implements EnvironmentSource {
  /** Some hours of it; about 10 MB. */
  private static final int MOST = 20_000;

  /** So many it has too much when the oldest go: together, because the others move up. */
  private static final int SPARE = 1_000;

  /** A stream begins with so many. */
  private static final int PAST = 2_000;

  private final Map<String, String> services;

  // Guarded by this.
  private final List<Entry> kept = new ArrayList<>();

  /** How many have gone. */
  private long gone;

  /** @param services names by id */
  SampleEnvironment(Map<String, String> services) {
    this.services = Map.copyOf(services);
  }

  /** Adds what has been said, not older than what was said before. */
  synchronized void add(List<Entry> said) {
    kept.addAll(said);
    if (kept.size() > MOST + SPARE) {
      int old = kept.size() - MOST;
      kept.subList(0, old).clear();
      gone += old;
    }
    notifyAll();
  }

  @Override
  public EnvironmentLogs open() {
    return new Opened();
  }

  /** How many there have been. Guarded by this. */
  private long end() {
    return gone + kept.size();
  }

  /** What somebody has opened. */
  private final class Opened implements EnvironmentLogs {
    /** Guarded by the environment. */
    private boolean closed;

    @Override
    public Stream stream(String environmentId, Consumer<Happening> listener) {
      Telling telling = new Telling(this, listener);
      Thread.ofVirtual().name("demo-stream").start(telling);
      return telling;
    }

    @Override
    public Map<String, String> services(String environmentId) {
      return services;
    }

    @Override
    public Page stored(String environmentId, Collection<String> serviceIds, Instant after, Instant until, int most) {
      synchronized (SampleEnvironment.this) {
        List<Entry> found =
            kept.stream()
                .filter(entry -> serviceIds.isEmpty() || serviceIds.contains(entry.serviceId()))
                .filter(entry -> after == null || entry.time().isAfter(after))
                .filter(entry -> !entry.time().isAfter(until))
                .toList();
        int from = Math.max(0, found.size() - most);
        return new Page(found.subList(from, found.size()), from > 0);
      }
    }

    @Override
    public void close() {
      synchronized (SampleEnvironment.this) {
        closed = true;
        SampleEnvironment.this.notifyAll();
      }
    }
  }

  /** One stream: what is kept, then what comes. */
  private final class Telling implements EnvironmentLogs.Stream, Runnable {
    private final Opened opened;
    private final Consumer<Happening> listener;

    /** How many there had been with the last that was told. Of the stream's thread. */
    private long told;

    /** Guarded by the environment. */
    private boolean closed;

    Telling(Opened opened, Consumer<Happening> listener) {
      this.opened = opened;
      this.listener = listener;
    }

    @Override
    public void run() {
      try {
        listener.accept(past());
        listener.accept(new Happening.Connected());
        for (List<Happening> next = next(); !next.isEmpty(); next = next()) {
          next.forEach(listener);
        }
      } catch (InterruptedException _) {
        // Nobody of ours does that.
        Thread.currentThread().interrupt();
      }
    }

    private Happening past() {
      synchronized (SampleEnvironment.this) {
        told = end();
        int from = Math.max(0, kept.size() - PAST);
        return new Happening.Past(List.copyOf(kept.subList(from, kept.size())), gone + from == 0);
      }
    }

    /** Waits for what comes; nothing when it has been closed. */
    private List<Happening> next() throws InterruptedException {
      synchronized (SampleEnvironment.this) {
        while (end() == told && !closed && !opened.closed) {
          SampleEnvironment.this.wait();
        }
        if (closed || opened.closed) {
          return List.of();
        }
        List<Happening> next = new ArrayList<>();
        if (told < gone) {
          next.add(new Happening.Lost(OptionalLong.of(gone - told), "more came than is kept"));
          told = gone;
        }
        next.add(new Happening.Arrived(List.copyOf(kept.subList((int) (told - gone), kept.size()))));
        told = end();
        return next;
      }
    }

    @Override
    public void close() {
      synchronized (SampleEnvironment.this) {
        closed = true;
        SampleEnvironment.this.notifyAll();
      }
    }
  }
}

package dev.logtap.relay;

import dev.logtap.railway.Entry;
import dev.logtap.railway.EnvironmentLogs;
import dev.logtap.railway.Happening;
import dev.logtap.railway.Page;
import dev.logtap.railway.RailwayException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Logs of one environment that tell what a test says, on its thread. */
final class ToldLogs implements EnvironmentLogs {
  private final List<Entry> stored = new ArrayList<>();
  private final List<Consumer<Happening>> listeners = new ArrayList<>();
  private boolean reachable = true;
  private boolean held;
  private boolean interrupted;
  private int streams;
  private int queries;

  static Entry entry(long second, String message) {
    return entry(Instant.ofEpochSecond(second), "info", "a", message);
  }

  static Entry entry(Instant time, String severity, String service, String message) {
    return new Entry(
        time, time.toString(), severity, "id-" + service, service, "deployment", "replica", message, List.of());
  }

  @Override
  public synchronized Stream stream(String environmentId, Consumer<Happening> listener) {
    streams++;
    listeners.add(listener);
    return () -> {
      synchronized (this) {
        listeners.remove(listener);
        notifyAll();
      }
    };
  }

  void tell(Happening happening) {
    List<Consumer<Happening>> present;
    synchronized (this) {
      present = List.copyOf(listeners);
    }
    present.forEach(listener -> listener.accept(happening));
  }

  /** Begins as Railway does where these are stored. */
  void begin(boolean whole, Entry... past) {
    tell(new Happening.Past(Arrays.asList(past), whole));
    tell(new Happening.Connected());
  }

  void arrive(Entry... entries) {
    tell(new Happening.Arrived(Arrays.asList(entries)));
  }

  synchronized void store(Entry... entries) {
    stored.addAll(Arrays.asList(entries));
    stored.sort(Comparator.comparing(Entry::time));
  }

  synchronized List<Entry> stored() {
    return List.copyOf(stored);
  }

  synchronized void setReachable(boolean reachable) {
    this.reachable = reachable;
  }

  /** Queries are not answered any more. */
  synchronized void hold() {
    held = true;
  }

  synchronized void awaitQuery() throws InterruptedException {
    while (queries == 0) {
      wait();
    }
  }

  /** Waits until somebody has given up a query that is not answered. */
  synchronized void awaitInterrupted() throws InterruptedException {
    while (!interrupted) {
      wait();
    }
  }

  synchronized int streams() {
    return streams;
  }

  synchronized int queries() {
    return queries;
  }

  synchronized boolean isListenedTo() {
    return !listeners.isEmpty();
  }

  synchronized void awaitEnd() throws InterruptedException {
    while (!listeners.isEmpty()) {
      wait();
    }
  }

  @Override
  public Map<String, String> services(String environmentId) {
    return Map.of("id-a", "a", "id-b", "b");
  }

  @Override
  public synchronized Page stored(String environmentId, Collection<String> serviceIds, Instant after, Instant until, int most)
      throws RailwayException, InterruptedException {
    queries++;
    notifyAll();
    try {
      while (held) {
        wait();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      notifyAll();
      throw e;
    }
    if (!reachable) {
      throw new RailwayException("Railway can't be reached", false);
    }
    List<Entry> found =
        stored.stream()
            .filter(entry -> serviceIds.isEmpty() || serviceIds.contains(entry.serviceId()))
            .filter(entry -> after == null || entry.time().isAfter(after))
            .filter(entry -> !entry.time().isAfter(until))
            .toList();
    int from = Math.max(0, found.size() - most);
    return new Page(found.subList(from, found.size()), from > 0);
  }

  @Override
  public synchronized void close() {
    listeners.clear();
    notifyAll();
  }
}

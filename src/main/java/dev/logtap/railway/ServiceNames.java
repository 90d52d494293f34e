package dev.logtap.railway;

import dev.logtap.railway.RequestBudget.Purpose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The names of an environment's services. Any thread may call it. */
final class ServiceNames {
  /** How long rows wait for the name of a service that is new. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** An id that was not found is that of a service that is gone, mostly. */
  private static final int MOST_MISSING = 1_000;

  private static final Duration KEPT = Duration.ofMinutes(1);

  private final String environmentId;
  private final Queries queries;
  private final Timing timing;

  /** Also of services that are gone by now: their rows still have a name. Guarded by this, as are the others. */
  private final Map<String, String> names = new HashMap<>();

  /** What there is now. */
  private Map<String, String> current = Map.of();

  private final Map<String, Long> missing = new HashMap<>();

  /** When {@code current} came; only when it is not empty. */
  private long learned;

  /** When unknown ones were asked for last; only after the first time. */
  private long asked;

  private boolean askedBefore;

  ServiceNames(String environmentId, Queries queries, Timing timing) {
    this.environmentId = environmentId;
    this.queries = queries;
    this.timing = timing;
  }

  /** All there are, at most a minute old. */
  Map<String, String> all() throws RailwayException, InterruptedException {
    synchronized (this) {
      if (!current.isEmpty() && System.nanoTime() - learned < KEPT.toNanos()) {
        return current;
      }
    }
    Map<String, String> found = queries.services(environmentId, Purpose.NEEDED);
    learn(found);
    return found;
  }

  synchronized void learn(Map<String, String> found) {
    learned = System.nanoTime();
    current = Map.copyOf(found);
    names.putAll(found);
    missing.keySet().removeAll(found.keySet());
  }

  /** The same entries with the names of their services; waits a little for those that are not known. */
  List<Entry> name(List<Entry> entries) throws InterruptedException {
    CompletableFuture<Void> asking = ask(entries);
    if (asking != null) {
      try {
        asking.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
      } catch (ExecutionException | TimeoutException _) {
        // Then they have no name this time.
      }
    }
    List<Entry> named = new ArrayList<>(entries.size());
    synchronized (this) {
      for (Entry entry : entries) {
        named.add(entry.named(names.get(entry.serviceId())));
      }
    }
    return named;
  }

  /** Begins to ask if a service is not known; null when all are, or it was asked for a short time ago. */
  private synchronized CompletableFuture<Void> ask(List<Entry> entries) {
    long now = System.nanoTime();
    boolean unknown = false;
    for (Entry entry : entries) {
      String id = entry.serviceId();
      if (id != null && !names.containsKey(id)) {
        Long before = missing.get(id);
        // Railway may be slow to know of a service, but not for ever: so each time after ten times the wait.
        if (before == null || now - before > 10 * timing.names().toNanos()) {
          if (missing.size() >= MOST_MISSING) {
            missing.clear();
          }
          unknown = true;
        }
      }
    }
    if (!unknown || (askedBefore && now - asked < timing.names().toNanos())) {
      return null;
    }
    for (Entry entry : entries) {
      if (entry.serviceId() != null && !names.containsKey(entry.serviceId())) {
        missing.put(entry.serviceId(), now);
      }
    }
    asked = now;
    askedBefore = true;
    CompletableFuture<Void> asking = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("railway-names-" + environmentId)
        .start(
            () -> {
              try {
                learn(queries.services(environmentId, Purpose.BACKFILL));
                asking.complete(null);
              } catch (RailwayException | InterruptedException e) {
                asking.completeExceptionally(e);
              }
            });
    return asking;
  }
}

package dev.logtap.railway;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** An environment: its services, what is stored of its log, and who streams it. Called on any thread. */
final class StandInEnvironment {
  private final String id;
  private final String name;
  private final Map<String, String> services = new LinkedHashMap<>();

  /** By time, those of equal times in the order in which they were stored. */
  private final NavigableMap<Instant, List<StandInRow>> rows = new TreeMap<>();

  private final List<StandInStream> streams = new CopyOnWriteArrayList<>();

  StandInEnvironment(String id, String name) {
    this.id = id;
    this.name = name;
  }

  String id() {
    return id;
  }

  String name() {
    return name;
  }

  synchronized void addService(String serviceId, String serviceName) {
    services.put(serviceId, serviceName);
  }

  synchronized Map<String, String> services() {
    return new LinkedHashMap<>(services);
  }

  /** At once: no poll sees some of them. */
  synchronized void store(List<StandInRow> more) {
    for (StandInRow row : more) {
      rows.computeIfAbsent(row.time(), _ -> new ArrayList<>()).add(row);
    }
  }

  synchronized void replace(StandInRow before, StandInRow after) {
    if (!rows.getOrDefault(before.time(), List.of()).remove(before)) {
      throw new IllegalArgumentException("the stand-in has not stored " + before);
    }
    store(List.of(after));
  }

  /** The streams that have begun and not ended. */
  List<StandInStream> streams() {
    return streams;
  }

  /**
   * Rows by time, those of equal times as they were stored.
   *
   * @param after later than this; null without a bound
   * @param until not later than this; null without a bound
   */
  synchronized List<StandInRow> find(Instant after, Instant until, Predicate<StandInRow> filter) {
    return rows
        .subMap(after == null ? Instant.MIN : after, false, until == null ? Instant.MAX : until, true)
        .values()
        .stream()
        .flatMap(List::stream)
        .filter(filter)
        .toList();
  }

  static List<StandInRow> newest(List<StandInRow> sorted, int most) {
    return sorted.subList(Math.max(0, sorted.size() - most), sorted.size());
  }

  static List<StandInRow> oldest(List<StandInRow> sorted, int most) {
    return sorted.subList(0, Math.min(most, sorted.size()));
  }
}

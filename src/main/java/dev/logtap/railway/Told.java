package dev.logtap.railway;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which rows have been told, so that each is told once however often it comes. For one thread.
 *
 * <p>Rows have no id, and two that are equal may both be genuine. So they are counted: a delivery in which a row stands
 * three times, where it has been told once, brings two new ones. A delivery is an answer to a query or one batch of a
 * subscription. Batches are not added up, though each row comes in one only: behind its cursor, the time of the newest
 * row that it gave, a subscription gives nothing, so rows of one time come in one batch. Should they ever come in two,
 * the next query shows them together.
 *
 * <p>Time, service, replica and message make two rows equal; attributes don't count, they may be filled in later.
 */
final class Told {
  /** About 25 MB. At 1,250 rows a second, the most that a subscription gives, it is more than three minutes. */
  private static final int MOST = 250_000;

  private final int most;

  /** Counts by the row's second, for it is by time that they are forgotten. */
  private final TreeMap<Long, Map<Key, Integer>> bySecond = new TreeMap<>();

  private int size;

  /** What is earlier is not told: whether it has been, nobody knows any more. Null when all is known. */
  private Instant floor;

  private final MessageDigest digest;

  /** A row, as a digest: so that long messages are not kept, and nobody can make two look the same. */
  private record Key(long high, long low, int nano) {}

  Told() {
    this(MOST);
  }

  Told(int most) {
    this.most = most;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("each JDK has it", e);
    }
  }

  /** The rows of a delivery that have not been told yet, in its order; from now on they have. */
  List<Entry> tell(List<Entry> delivery) {
    List<Entry> fresh = new ArrayList<>();
    Map<Long, Map<Key, Integer>> here = new HashMap<>();
    for (Entry entry : delivery) {
      if (floor != null && entry.time().isBefore(floor)) {
        continue;
      }
      long second = entry.time().getEpochSecond();
      Key key = key(entry);
      int count = here.computeIfAbsent(second, _ -> new HashMap<>()).merge(key, 1, Integer::sum);
      Map<Key, Integer> told = bySecond.computeIfAbsent(second, _ -> new HashMap<>());
      Integer before = told.get(key);
      if (before == null || before < count) {
        told.put(key, count);
        size += before == null ? 1 : 0;
        fresh.add(entry);
      }
    }
    while (size > most && bySecond.size() > 1) {
      forgetBefore(Instant.ofEpochSecond(bySecond.firstKey() + 1));
    }
    return fresh;
  }

  /** Rows before this are not told any more. It never goes back. */
  void forgetBefore(Instant time) {
    if (floor != null && !floor.isBefore(time)) {
      return;
    }
    floor = time;
    Map<Long, Map<Key, Integer>> old = bySecond.headMap(time.getEpochSecond());
    old.values().forEach(counts -> size -= counts.size());
    old.clear();
  }

  /** Whether rows from then on are still told apart. */
  boolean knowsSince(Instant time) {
    return floor == null || !floor.isAfter(time);
  }

  private Key key(Entry entry) {
    part(entry.serviceId());
    part(entry.replicaId());
    digest.update(entry.message().getBytes(StandardCharsets.UTF_8));
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    return new Key(hash.getLong(), hash.getLong(), entry.time().getNano());
  }

  /** Ends with what is in no id, so that two parts are never mistaken for two others. */
  private void part(String id) {
    if (id != null) {
      digest.update(id.getBytes(StandardCharsets.UTF_8));
    }
    digest.update((byte) (id == null ? 0 : 1));
  }
}

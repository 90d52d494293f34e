package dev.logtap.relay;

import dev.logtap.railway.Entry;
import java.util.Map;
import java.util.Objects;

/**
 * What makes two rows of Railway's the same one, as they have no id: time, service, replica and message. Attributes are left out:
 * they may be filled in later.
 *
 * @param time as {@link Recent#nanos} has it
 * @param hash of the rest; the same in every process, for a text's hash code is part of Java's specification
 */
record Likeness(long time, int hash) {
  static Likeness of(Entry entry) {
    long time = Recent.nanos(entry.time());
    int hash = Long.hashCode(time);
    hash = 31 * hash + Objects.hashCode(entry.serviceId());
    hash = 31 * hash + Objects.hashCode(entry.replicaId());
    return new Likeness(time, 31 * hash + entry.message().hashCode());
  }

  /** Takes one of those that are counted; whether there was one. */
  static <K> boolean take(Map<K, Integer> counts, K key) {
    Integer count = counts.get(key);
    if (count == null) {
      return false;
    }
    if (count == 1) {
      counts.remove(key);
    } else {
      counts.put(key, count - 1);
    }
    return true;
  }
}

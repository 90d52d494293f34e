package dev.logtap.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;

/**
 * What a cursor knows of the entries before it, so that it can be followed by their content: the newest of them by time one
 * by one, and of those of the minute before them how many they were and the sum of their hashes. Entries come in no order of time,
 * so the newest alone would not do; and what Railway stores late meanwhile shows in the sum.
 *
 * <p>Used by one thread.
 */
final class Recent {
  /** Told one by one; each takes six letters of a cursor. */
  static final int MOST = 16;

  /** How late an entry may be stored that is to be noticed. */
  private static final long LATE = Duration.ofMinutes(1).toNanos();

  private static final long BUCKET = Duration.ofSeconds(10).toNanos();
  private static final long SECOND = 1_000_000_000;

  // Sorted by time; the first so many.
  private final long[] times = new long[MOST];
  private final int[] hashes = new int[MOST];
  private int count;

  /** What is not later than this has not been brought, or not all of it. */
  private final long begin;

  /** All others are not newer than this. */
  private long from;

  /** The others of the last minute, by time divided by {@link #BUCKET}. */
  private final TreeMap<Long, Sum> sums = new TreeMap<>();

  /** So many entries, and the sum of their hashes. */
  private record Sum(int count, long hashes) {
    static final Sum NONE = new Sum(0, 0);

    Sum plus(Sum other) {
      return new Sum(count + other.count, hashes + other.hashes);
    }
  }

  /** @param begin what is going to be added is not older, and all that is newer is added */
  Recent(long begin) {
    this.begin = begin;
    this.from = begin;
  }

  /** An instant as a number, as near as one can: the years 1678 to 2262. */
  static long nanos(Instant time) {
    long most = Long.MAX_VALUE / SECOND - 1;
    return Math.clamp(time.getEpochSecond(), -most, most) * SECOND + time.getNano();
  }

  /** {@link Instant#MIN} for what is before everything. */
  static Instant instant(long nanos) {
    return nanos == Long.MIN_VALUE
        ? Instant.MIN
        : Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND), Math.floorMod(nanos, SECOND));
  }

  void add(Likeness likeness) {
    if (count == MOST) {
      if (likeness.time() < times[0]) {
        older(likeness.time(), likeness.hash());
        return;
      }
      older(times[0], hashes[0]);
      System.arraycopy(times, 1, times, 0, MOST - 1);
      System.arraycopy(hashes, 1, hashes, 0, MOST - 1);
      count--;
    }
    int at = count;
    while (at > 0 && times[at - 1] > likeness.time()) {
      times[at] = times[at - 1];
      hashes[at] = hashes[at - 1];
      at--;
    }
    times[at] = likeness.time();
    hashes[at] = likeness.hash();
    count++;
  }

  private void older(long time, int hash) {
    from = Math.max(from, time);
    if (time > begin) {
      sums.merge(Math.floorDiv(time, BUCKET), new Sum(1, hash), Sum::plus);
    }
  }

  RelayCursor cursor(long epoch, long number) {
    int[] known = new int[count];
    System.arraycopy(hashes, 0, known, 0, count);
    long newest = count == 0 ? from : times[count - 1];
    long oldest = newest < Long.MIN_VALUE + LATE ? 0 : Math.floorDiv(newest - LATE, BUCKET);
    sums.headMap(oldest).clear();
    Sum sum = sums.values().stream().reduce(Sum.NONE, Sum::plus);
    long since = Math.max(oldest * BUCKET, begin == Long.MIN_VALUE ? begin : begin + 1);
    return new RelayCursor(
        epoch, number, from, since, sum.count(), sum.hashes(), newest, Long.MIN_VALUE, 0, known);
  }
}

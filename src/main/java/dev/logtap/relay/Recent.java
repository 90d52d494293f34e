package dev.logtap.relay;

import java.time.Instant;

/**
 * What a cursor knows of the entries before it, so that it can be followed by their content: the newest of them by time one
 * by one, and up to when all older ones lie. Entries come in no order of time, so the newest alone would not do.
 *
 * <p>Used by one thread.
 */
final class Recent {
  /** So far out of order may entries come that are told exactly; each takes six letters of a cursor. */
  static final int MOST = 16;

  private static final long SECOND = 1_000_000_000;

  // Sorted by time; the first so many.
  private final long[] times = new long[MOST];
  private final int[] hashes = new int[MOST];
  private int count;

  /** All others are not newer than this. */
  private long from;

  /** How many of the others are just as new as that; negative where nobody knows. */
  private int atFrom = -1;

  /** @param from what is going to be added is not older */
  Recent(long from) {
    this.from = from;
  }

  /** An instant as a number, as near as one can: the years 1678 to 2262. */
  static long nanos(Instant time) {
    long most = Long.MAX_VALUE / SECOND - 1;
    return Math.clamp(time.getEpochSecond(), -most, most) * SECOND + time.getNano();
  }

  /** {@link Instant#MIN} for what is before everything. */
  static Instant instant(long nanos) {
    return nanos == Long.MIN_VALUE ? Instant.MIN : Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND), Math.floorMod(nanos, SECOND));
  }

  void add(Likeness likeness) {
    long time = likeness.time();
    if (count == MOST) {
      if (time < times[0]) {
        older(time);
        return;
      }
      older(times[0]);
      System.arraycopy(times, 1, times, 0, MOST - 1);
      System.arraycopy(hashes, 1, hashes, 0, MOST - 1);
      count--;
    }
    int at = count;
    while (at > 0 && times[at - 1] > time) {
      times[at] = times[at - 1];
      hashes[at] = hashes[at - 1];
      at--;
    }
    times[at] = time;
    hashes[at] = likeness.hash();
    count++;
  }

  private void older(long time) {
    if (time > from) {
      from = time;
      atFrom = 1;
    } else if (time == from && atFrom >= 0) {
      atFrom++;
    }
  }

  RelayCursor cursor(long epoch, long number) {
    int[] known = new int[count];
    System.arraycopy(hashes, 0, known, 0, count);
    return new RelayCursor(epoch, number, from, atFrom, count == 0 ? from : times[count - 1], Long.MIN_VALUE, 0, known);
  }
}

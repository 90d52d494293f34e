package dev.logtap.relay;

import java.time.Duration;
import java.util.Arrays;

/**
 * What the entries were like that a relay has told, in the order in which they came: for cursors whose place the ring has left,
 * or whose relay has ended. Twelve bytes an entry. Any thread may call it.
 */
final class Ledger {
  private static final int MOST = 1 << 14;

  /** A cursor's memory reaches back so far: rows that Railway stores later are not told by a stream either. */
  private static final long LATE = Duration.ofMinutes(2).toNanos();

  /** What is stored late within this time is found, or it is said that it may be missing. */
  private static final long PROMISED = Duration.ofMinutes(1).toNanos();

  // Guarded by this.
  private long[] times = new long[256];
  private int[] hashes = new int[256];

  /** How many have been added. */
  private long end;

  /** The newest time of those that were forgotten. */
  private long forgotten;

  private final long epoch;

  /** What is not later has not been told, or not all of it. */
  private final long begin;

  /**
   * Begins a relay's.
   *
   * @param epoch of its cursors
   * @param from what is going to be added is not older
   */
  Ledger(long epoch, long from) {
    this.epoch = epoch;
    this.begin = from;
    this.forgotten = from;
  }

  long epoch() {
    return epoch;
  }

  synchronized void add(Likeness likeness) {
    if (end == times.length && end < MOST) {
      times = Arrays.copyOf(times, 2 * times.length);
      hashes = Arrays.copyOf(hashes, 2 * hashes.length);
    }
    int index = (int) end & times.length - 1;
    if (end >= times.length) {
      forgotten = Math.max(forgotten, times[index]);
    }
    times[index] = likeness.time();
    hashes[index] = likeness.hash();
    end++;
  }

  /**
   * What was told up to the entry of that number; null where that is not known any more.
   *
   * @param held all that is later than this is at hand; else all that is remembered has to be asked for, and most of it left
   *     out again
   * @param lives whether the relay goes on, so that what is stored late is told to it
   */
  synchronized Memory upTo(long number, long held, boolean lives) {
    long first = Math.max(0, end - times.length);
    if (number <= first || number > end) {
      return null;
    }
    int count = (int) (number - first);
    long[] sorted = new long[count];
    for (int i = 0; i < count; i++) {
      sorted[i] = times[indexOf(first + i)];
    }
    Arrays.sort(sorted);
    long newest = sorted[count - 1];
    long from = Math.max(forgotten, newest - LATE);
    if (count > Memory.MOST_CHECKED && held > from) {
      from = Math.max(from, sorted[count - Memory.MOST_CHECKED]);
    }
    boolean reaches = from <= Math.max(begin, newest - PROMISED);
    Memory memory = new Memory(from, newest, !reaches && !(lives && areLaterThan(from, number)));
    for (int i = 0; i < count; i++) {
      memory.told(times[indexOf(first + i)], hashes[indexOf(first + i)]);
    }
    return memory;
  }

  /** Whether all behind the entry of that number are later than this. */
  private boolean areLaterThan(long time, long number) {
    for (long i = number; i < end; i++) {
      if (times[indexOf(i)] <= time) {
        return false;
      }
    }
    return true;
  }

  private int indexOf(long number) {
    return (int) number & times.length - 1;
  }
}

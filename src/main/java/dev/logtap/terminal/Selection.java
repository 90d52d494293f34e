package dev.logtap.terminal;

import java.time.Duration;

/**
 * Which of the kept lines a sieve lets through, a bit each. To look at all of them takes longer than a key may wait, so they
 * are looked at in slices, from where one is outwards; what comes meanwhile is looked at as well. Used by one thread.
 */
final class Selection {
  static final int NONE = -1;

  private final Kept kept;
  private Sieve sieve = Sieve.OPEN;

  /** A bit for each number, those of 64 in one; the ring is as long as is needed for those between low and high. */
  private long[] words = new long[16];

  /** Numbers {@code [low, high)} were looked at. */
  private long low;

  private long high;

  /** How many of them pass. */
  private long count;

  Selection(Kept kept) {
    this.kept = kept;
  }

  Sieve sieve() {
    return sieve;
  }

  /** Begins to look for other lines, with those that are nearest to a number. */
  void begin(Sieve newSieve, long number) {
    sieve = newSieve;
    low = Math.clamp(number, kept.from(), kept.to());
    high = low;
    count = 0;
  }

  /** A line was added to those that are kept, and others may have been dropped. */
  void added() {
    forget();
    // Else the slices get to it.
    if (high == kept.to() - 1) {
      lookUp();
    }
  }

  private void forget() {
    long from = kept.from();
    if (from > low) {
      count -= count(low, Math.min(from, high));
      low = from;
      high = Math.max(from, high);
    }
  }

  /** Whether all lines were looked at. */
  boolean isDone() {
    return low == kept.from() && high == kept.to();
  }

  /** Looks at more of them for some time; whether there are still more. */
  boolean work(Duration slice) {
    long end = System.nanoTime() + slice.toNanos();
    while (!isDone()) {
      if (high < kept.to()) {
        lookUp();
      }
      if (low > kept.from()) {
        lookDown();
      }
      // Each time: there are expressions that take a tenth of the slice for one line.
      if (System.nanoTime() - end >= 0) {
        return !isDone();
      }
    }
    return false;
  }

  private void lookUp() {
    makeRoom(low, high + 1);
    look(high++);
  }

  private void lookDown() {
    makeRoom(low - 1, high);
    look(--low);
  }

  private void look(long number) {
    long bit = 1L << (number & 63);
    int word = word(number);
    if (sieve.passes(kept.get(number))) {
      words[word] |= bit;
      count++;
    } else {
      words[word] &= ~bit;
    }
  }

  private int word(long number) {
    return (int) (number >>> 6) & words.length - 1;
  }

  private void makeRoom(long from, long to) {
    if ((to - 1 >>> 6) - (from >>> 6) < words.length) {
      return;
    }
    long[] former = words;
    words = new long[2 * former.length];
    for (long number = low & -64; number < high; number += 64) {
      words[word(number)] = former[(int) (number >>> 6) & former.length - 1];
    }
  }

  /** How many percent of the lines were looked at. */
  long percent() {
    long all = kept.to() - kept.from();
    return all == 0 ? 100 : (high - low) * 100 / all;
  }

  /** How many lines pass, of those that were looked at. */
  long count() {
    return count;
  }

  /** How many of those numbered {@code [from, to)} pass. */
  long count(long from, long to) {
    long sum = 0;
    long number = Math.max(from, low);
    long end = Math.min(to, high);
    while (number < end) {
      long next = Math.min(end, (number | 63) + 1);
      long bits = words[word(number)] >>> (number & 63);
      long length = next - number;
      sum += Long.bitCount(length == 64 ? bits : bits & (1L << length) - 1);
      number = next;
    }
    return sum;
  }

  /** The first that passes from a number on; {@link #NONE} for none. */
  long next(long number) {
    long at = Math.max(number, low);
    while (at < high) {
      long bits = words[word(at)] >>> (at & 63);
      if (bits != 0) {
        long found = at + Long.numberOfTrailingZeros(bits);
        return found < high ? found : NONE;
      }
      at = (at | 63) + 1;
    }
    return NONE;
  }

  /** The last that passes up to a number; {@link #NONE} for none. */
  long previous(long number) {
    long at = Math.min(number, high - 1);
    while (at >= low) {
      long bits = words[word(at)] << (63 - (at & 63));
      if (bits != 0) {
        long found = at - Long.numberOfLeadingZeros(bits);
        return found >= low ? found : NONE;
      }
      at = (at & -64) - 1;
    }
    return NONE;
  }
}

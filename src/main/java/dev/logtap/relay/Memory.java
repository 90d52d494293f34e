package dev.logtap.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was told before a cursor: which of the newest entries, one by one, and that all older ones were. For one thread. */
final class Memory {
  /** All of them have to be asked for, to see whether there is one more. */
  static final int MOST_CHECKED = 4000;

  /** All that are older than this were told. */
  private final long from;

  /** None that was told is newer. */
  private final long newest;

  private final Map<Integer, Integer> known = new HashMap<>();

  /** Of those that are not newer than {@code from}, from this time on their number and the sum of their hashes are known. */
  private final long since;

  /** Negative where they are not. */
  private final int count;

  private final long sum;

  /** Whether some may have been stored late that are older than what is looked at. */
  private final boolean unsure;

  /** What there is of them now. */
  private final List<Likeness> older = new ArrayList<>();

  private long upTo = Long.MIN_VALUE;
  private int leftAtUpTo;

  /** One to which is added what was told. */
  Memory(long from, long newest, boolean unsure) {
    this.from = from;
    this.newest = newest;
    this.since = from;
    this.count = -1;
    this.sum = 0;
    this.unsure = unsure;
  }

  /**
   * What a cursor knows by itself.
   *
   * @param held all that is later than this is at hand, however many entries it is
   */
  Memory(RelayCursor cursor, long held) {
    this.from = cursor.from();
    this.newest = cursor.newest();
    boolean checked = cursor.count() >= 0 && (cursor.count() <= MOST_CHECKED || held < cursor.since());
    this.since = checked ? cursor.since() : from;
    this.count = checked ? cursor.count() : -1;
    this.sum = cursor.sum();
    this.unsure = cursor.count() >= 0 && !checked;
    for (int hash : cursor.known()) {
      known.merge(hash, 1, Integer::sum);
    }
  }

  /** Of those that are fresh so far, all before this time have been told as well, and so many of it. */
  void toldUpTo(RelayCursor cursor) {
    upTo = cursor.upTo();
    leftAtUpTo = cursor.atUpTo();
  }

  /** One that was told. */
  void told(long time, int hash) {
    if (time > from) {
      known.merge(hash, 1, Integer::sum);
    }
  }

  /** What is older than this, or just as old, need not be looked at. */
  long bound() {
    return count < 0 || since == Long.MIN_VALUE ? from : since - 1;
  }

  /** Whether an entry came after the cursor. Asked once for each. */
  boolean isFresh(Likeness likeness) {
    long time = likeness.time();
    if (time >= from && time <= newest && Likeness.take(known, likeness.hash())) {
      return false;
    }
    if (time <= from) {
      if (count >= 0 && time >= since) {
        older.add(likeness);
      }
      return false;
    }
    if (time < upTo) {
      return false;
    }
    return time > upTo || --leftAtUpTo < 0;
  }

  /** Whether what was stored late can't be told from what was there, because there is too much of it. */
  boolean isUnsure() {
    return unsure;
  }

  /** How many were stored late, after the cursor and among those that are older than what it knows one by one. */
  long late() {
    return count < 0 ? 0 : Math.max(0, older.size() - count);
  }

  /** Which one it was, where it was one; null where it can't be found. */
  Likeness lateOne() {
    long difference = older.stream().mapToLong(Likeness::hash).sum() - sum;
    return older.stream().filter(one -> one.hash() == difference).findFirst().orElse(null);
  }
}

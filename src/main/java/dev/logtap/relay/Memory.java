package dev.logtap.relay;

import java.util.HashMap;
import java.util.Map;

/** What was told before a cursor: which of the newest entries, one by one, and that all older ones were. For one thread. */
final class Memory {
  /** All that are older than this were told. */
  private final long from;

  /** None that was told is newer. */
  private final long newest;

  private final Map<Integer, Integer> known = new HashMap<>();

  /** How many of just that time were told beside those that are known one by one; negative where nobody knows. */
  private final long atFrom;

  /** How many of just that time there are that are not known one by one. */
  private long seenAtFrom;

  private long upTo = Long.MIN_VALUE;
  private int leftAtUpTo;

  /** One to which is added what was told. */
  Memory(long from, long newest) {
    this.from = from;
    this.newest = newest;
    this.atFrom = -1;
  }

  /** What a cursor knows by itself. */
  Memory(RelayCursor cursor) {
    this.from = cursor.from();
    this.newest = cursor.newest();
    this.atFrom = cursor.atFrom();
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

  long from() {
    return from;
  }

  /** Whether an entry came after the cursor. Asked once for each. */
  boolean isFresh(Likeness likeness) {
    long time = likeness.time();
    if (time < from) {
      return false;
    }
    boolean told = time <= newest && Likeness.take(known, likeness.hash());
    if (time == from) {
      seenAtFrom += told ? 0 : 1;
      return false;
    }
    if (told || time < upTo) {
      return false;
    }
    return time > upTo || --leftAtUpTo < 0;
  }

  /** How many came after the cursor that can't be told apart from those before it. */
  long unclear() {
    return atFrom < 0 ? 0 : Math.max(0, seenAtFrom - atFrom);
  }
}

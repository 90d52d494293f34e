package dev.logtap.terminal;

import java.util.ArrayList;
import java.util.List;

/** The last lines that came, shown or not, as many as its bounds allow; each has a number that stays. */
final class Kept {
  private static final int MOST_LINES = 10_000;
  private static final int MOST_BYTES = 8 << 20;

  private final Line[] ring = new Line[MOST_LINES];

  /** Of the oldest, and behind the newest. */
  private long from;

  private long to;
  private int bytes;

  void add(Line line) {
    if (to - from == MOST_LINES) {
      forgetOldest();
    }
    ring[(int) (to++ % MOST_LINES)] = line;
    bytes += line.size();
    while (bytes > MOST_BYTES && to - from > 1) {
      forgetOldest();
    }
  }

  private void forgetOldest() {
    int oldest = (int) (from++ % MOST_LINES);
    bytes -= ring[oldest].size();
    ring[oldest] = null;
  }

  void clear() {
    while (from < to) {
      forgetOldest();
    }
  }

  long from() {
    return from;
  }

  long to() {
    return to;
  }

  Line get(long number) {
    return ring[(int) (number % MOST_LINES)];
  }

  /** Those numbered {@code [first, end)} that are still there. */
  List<Line> between(long first, long end) {
    List<Line> lines = new ArrayList<>();
    for (long i = Math.max(from, first); i < Math.min(to, end); i++) {
      lines.add(get(i));
    }
    return lines;
  }
}

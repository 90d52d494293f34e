package dev.logtap.cli;

/** How many lines there were a second, over the last seconds. Used by one thread. */
final class Rate {
  private static final int SECONDS = 4;

  /** Of each second, by its number; one more for the one that is not over. */
  private final long[] counts = new long[SECONDS + 1];

  private long second = now();

  private static long now() {
    return System.nanoTime() / 1_000_000_000;
  }

  void count() {
    advance();
    counts[slot(second)]++;
  }

  long perSecond() {
    advance();
    long sum = 0;
    for (int i = 1; i <= SECONDS; i++) {
      sum += counts[slot(second - i)];
    }
    return (sum + SECONDS - 1) / SECONDS;
  }

  private void advance() {
    long now = now();
    for (int i = 0; second < now && i < counts.length; i++) {
      second++;
      counts[slot(second)] = 0;
    }
    second = now;
  }

  private int slot(long second) {
    return Math.floorMod(second, counts.length);
  }
}

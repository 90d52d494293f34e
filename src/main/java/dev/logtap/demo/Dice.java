package dev.logtap.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** Chance, by which all is invented; the same from the same seed. For one thread. */
final class Dice {
  private final SplittableRandom random;

  Dice(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** One of the whole numbers from {@code least} to {@code most}. */
  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  <T> T of(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  /** A moment within a time span, to the microsecond. */
  Instant within(Duration span, Instant from) {
    return from.plusNanos(random.nextLong(span.toNanos() / 1000) * 1000);
  }

  /** So many hexadecimal digits. */
  String hex(int digits) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < digits; i++) {
      text.append(Character.forDigit(random.nextInt(16), 16));
    }
    return text.toString();
  }
}

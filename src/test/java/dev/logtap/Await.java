package dev.logtap;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions instead of sleeping. */
public final class Await {
  /** Long enough for a loaded machine; a test that passes never waits for it. */
  public static final Duration DEADLINE = Duration.ofSeconds(30);

  private Await() {}

  /** Returns when the condition holds; fails with what is known then when it does not in time. */
  public static void until(BooleanSupplier condition, Supplier<String> state) {
    until(DEADLINE, condition, state);
  }

  public static void until(Duration deadline, BooleanSupplier condition, Supplier<String> state) {
    long end = System.nanoTime() + deadline.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + deadline + ":\n" + state.get());
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}

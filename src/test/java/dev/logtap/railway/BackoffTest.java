package dev.logtap.railway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), new Random(1));

  @Test
  void waits_double_up_to_the_longest_and_are_at_least_half_of_that() {
    for (int full : List.of(1, 2, 4, 8, 16, 30, 30)) {
      long wait = backoff.next().toMillis();
      assertTrue(wait >= full * 500 && wait <= full * 1000, full + ": " + wait);
    }
  }

  @Test
  void it_begins_anew_when_it_works_again() {
    IntStream.range(0, 9).forEach(_ -> backoff.next());

    backoff.reset();

    assertTrue(backoff.next().toMillis() <= 1000);
  }

  @Test
  void in_trouble_it_waits_longest_at_once() {
    backoff.slowDown();

    assertTrue(backoff.next().toMillis() >= 15_000);
  }

  @Test
  void waits_of_many_differ() {
    Random random = new Random(1);
    long different =
        IntStream.range(0, 100)
            .mapToObj(_ -> new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), random).next())
            .distinct()
            .count();

    assertEquals(90, different, 10);
  }
}

package dev.logtap.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  /** Draws the most that may be drawn. */
  private static final RandomGenerator HIGHEST =
      new Random() {
        private static final long serialVersionUID = 1;

        @Override
        public long nextLong(long from, long to) {
          return to - 1;
        }
      };

  @Test
  void bound_doubles_from_a_second_to_thirty() {
    Backoff backoff = new Backoff(HIGHEST);

    for (int seconds : new int[] {2, 4, 8, 16, 30, 30, 30}) {
      assertEquals(Duration.ofSeconds(seconds), backoff.next(Duration.ZERO));
    }
  }

  @Test
  void waits_are_spread_from_one_second_on() {
    Backoff backoff = new Backoff(new Random(1));
    long distinct = IntStream.range(0, 100).mapToObj(_ -> backoff.next(Duration.ZERO)).distinct().count();

    assertTrue(distinct > 50, () -> distinct + " of 100");
    for (int i = 0; i < 1000; i++) {
      Duration next = backoff.next(Duration.ZERO);
      assertTrue(next.compareTo(Duration.ofSeconds(1)) >= 0 && next.compareTo(Duration.ofSeconds(30)) <= 0, next::toString);
    }
  }

  @Test
  void good_connection_begins_anew() {
    Backoff backoff = new Backoff(HIGHEST);
    backoff.next(Duration.ZERO);
    backoff.next(Duration.ZERO);

    backoff.reset();

    assertEquals(Duration.ofSeconds(2), backoff.next(Duration.ZERO));
  }

  @Test
  void servers_wish_is_kept_and_not_all_at_once() {
    Duration asked = Duration.ofSeconds(60);
    Duration next = new Backoff(HIGHEST).next(asked);

    assertTrue(next.compareTo(asked) > 0 && next.compareTo(asked.plusSeconds(8)) <= 0, next::toString);
  }

  @Test
  void wish_beyond_reason_is_not_kept() {
    Duration next = new Backoff(HIGHEST).next(Duration.ofDays(30));

    assertTrue(next.compareTo(Duration.ofMinutes(6)) < 0, next::toString);
  }
}

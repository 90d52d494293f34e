package dev.logtap.railway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.railway.RequestBudget.Purpose;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBudgetTest {
  private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");

  private long clock = -5;
  private final RequestBudget budget = new RequestBudget(() -> clock);

  @Test
  void no_more_is_taken_in_an_hour_than_the_guess_and_what_it_fills_with() {
    assertEquals(1_000, takeAll(Purpose.NEEDED));

    pass(Duration.ofMinutes(6));

    assertEquals(100, takeAll(Purpose.NEEDED), 1);
  }

  @Test
  void what_matters_less_leaves_something_to_what_matters_more() {
    assertEquals(700, takeAll(Purpose.SWEEP));
    assertEquals(200, takeAll(Purpose.BACKFILL));
    assertEquals(100, takeAll(Purpose.NEEDED));
  }

  @Test
  void what_railway_says_is_left_counts() {
    budget.learn(OptionalLong.of(100), OptionalLong.of(40), "60", NOW);

    assertEquals(10, takeAll(Purpose.SWEEP));
    assertEquals(30, takeAll(Purpose.NEEDED));
    assertEquals(Duration.ofSeconds(60), budget.wait(Purpose.NEEDED));
    pass(Duration.ofSeconds(60));
    assertEquals(100, takeAll(Purpose.NEEDED));
  }

  @Test
  void limit_alone_is_learnt_with_what_was_used_of_it() {
    budget.take(Purpose.NEEDED);
    budget.learn(OptionalLong.of(100), OptionalLong.empty(), null, NOW);

    assertEquals(99, takeAll(Purpose.NEEDED));
  }

  @Test
  void rest_without_a_time_goes_on_from_there() {
    budget.learn(OptionalLong.of(100), OptionalLong.of(0), null, NOW);
    assertFalse(budget.take(Purpose.NEEDED));

    pass(budget.wait(Purpose.NEEDED));

    assertTrue(budget.take(Purpose.NEEDED));
    assertFalse(budget.take(Purpose.NEEDED));
  }

  @Test
  void rate_is_that_at_which_the_rest_lasts() {
    assertEquals(1_000, budget.perHour());

    budget.learn(OptionalLong.of(100), OptionalLong.of(10), "1800", NOW);

    assertEquals(20, budget.perHour(), 0.1);
  }

  @Test
  void nothing_is_taken_while_railway_refuses() {
    budget.refused(Duration.ofSeconds(7));

    assertFalse(budget.take(Purpose.NEEDED));
    assertEquals(Duration.ofSeconds(7), budget.wait(Purpose.NEEDED));
    pass(Duration.ofSeconds(7));
    assertTrue(budget.take(Purpose.NEEDED));
  }

  @Test
  void no_wait_is_longer_than_an_hour() {
    budget.refused(Duration.ofDays(3));

    assertEquals(Duration.ofHours(1), budget.wait(Purpose.NEEDED));
  }

  @ParameterizedTest
  @CsvSource({
    "30, 30",
    " 30 , 30",
    "1793527230, 30",
    "1793527230000, 30",
    "2026-11-01T10:00:30Z, 30",
    "'Sun, 1 Nov 2026 10:00:30 GMT', 30",
    "'Sun, 1 Nov 2026 22:00:30 GMT', 3600",
    "0, 0",
    "86400, 3600"
  })
  void time_until_a_reset_comes_in_several_ways(String text, long seconds) {
    assertEquals(Duration.ofSeconds(seconds), RequestBudget.until(text, NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1793527000", "99999999999999999999"})
  void anything_else_is_no_time(String text) {
    assertNull(RequestBudget.until(text, NOW));
  }

  private int takeAll(Purpose purpose) {
    int taken = 0;
    while (budget.take(purpose)) {
      taken++;
    }
    return taken;
  }

  private void pass(Duration time) {
    clock += time.toNanos();
  }
}

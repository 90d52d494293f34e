package dev.logtap.hub;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private static final Duration AT_ONCE = Duration.ZERO;

  private final Budget budget = new Budget(100);

  @Test
  void claim_is_granted_while_there_is_enough() {
    assertTrue(budget.claim(60).isGranted());
    assertTrue(budget.claim(40).isGranted());
    assertFalse(budget.isShort());
    assertFalse(budget.claim(1).isGranted());
    assertTrue(budget.isShort());
  }

  @Test
  void small_claim_waits_behind_a_large_one() {
    Budget.Claim first = budget.claim(60);
    Budget.Claim large = budget.claim(80);
    Budget.Claim small = budget.claim(10);
    assertFalse(small.isGranted());

    first.close();
    assertTrue(large.isGranted());
    assertTrue(small.isGranted());
  }

  @Test
  void who_gives_up_waiting_lets_those_behind_go_on() {
    budget.claim(60);
    Budget.Claim large = budget.claim(80);
    Budget.Claim small = budget.claim(10);

    large.close();
    assertTrue(small.isGranted());
    assertFalse(budget.isShort());
  }

  @Test
  void claim_for_more_than_all_gets_all_and_covers_everything() {
    Budget.Claim all = budget.claim(1000);
    assertTrue(all.isGranted());
    assertTrue(all.covers(2000));
    assertFalse(budget.claim(1).isGranted());
  }

  @Test
  void claim_covers_what_it_was_for() {
    Budget.Claim claim = budget.claim(60);
    assertTrue(claim.covers(60));
    assertFalse(claim.covers(61));
  }

  @Test
  void bytes_are_given_back_once() {
    Budget.Claim claim = budget.claim(60);
    claim.close();
    claim.close();
    assertTrue(budget.claim(100).isGranted());
    assertFalse(budget.claim(1).isGranted());
  }

  @Test
  void wait_ends_with_the_grant_and_with_the_time() throws Exception {
    Budget.Claim first = budget.claim(100);
    assertTrue(first.await(AT_ONCE));
    Budget.Claim second = budget.claim(100);
    assertFalse(second.await(AT_ONCE));
    assertFalse(second.await(Duration.ofMillis(1)));

    Thread.ofVirtual().start(first::close);
    assertTrue(second.await(Duration.ofMinutes(1)));
  }

  @Test
  void interrupt_ends_the_wait() {
    budget.claim(100);
    Budget.Claim second = budget.claim(100);
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> second.await(Duration.ofMinutes(1)));
  }
}

package dev.logtap.hub;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BudgetTest {
  private static final Duration AT_ONCE = Duration.ZERO;

  /** Longer than a test may take, so that it fails; and no longer than a build can bear that nothing interrupts. */
  private static final Duration LONG = Duration.ofMinutes(1);

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
  void place_in_the_queue_that_is_given_up_gives_no_bytes_back() {
    budget.claim(60);
    Budget.Claim waiting = budget.claim(80);
    waiting.close();
    waiting.close();
    assertTrue(budget.claim(40).isGranted());
    assertFalse(budget.claim(1).isGranted());
  }

  @Test
  void claims_are_granted_in_the_order_in_which_they_came() {
    Budget.Claim first = budget.claim(100);
    Budget.Claim second = budget.claim(100);
    Budget.Claim third = budget.claim(100);
    first.close();
    assertTrue(second.isGranted());
    assertFalse(third.isGranted());
    second.close();
    assertTrue(third.isGranted());
  }

  @Test
  void bytes_that_come_back_wait_for_a_large_claim_to_be_complete() {
    Budget.Claim one = budget.claim(50);
    Budget.Claim other = budget.claim(50);
    Budget.Claim large = budget.claim(80);
    one.close();
    assertFalse(large.isGranted());
    assertFalse(budget.claim(10).isGranted(), "there is room for it, but not its turn");
    other.close();
    assertTrue(large.isGranted());
    assertFalse(budget.isShort());
  }

  @Test
  void wait_ends_with_the_time() throws Exception {
    Budget.Claim first = budget.claim(100);
    assertTrue(first.await(AT_ONCE));
    Budget.Claim second = budget.claim(100);
    assertFalse(second.await(AT_ONCE));
    assertFalse(second.await(Duration.ofMillis(1)));
    first.close();
    assertTrue(second.isGranted(), "it has kept its place");
  }

  @Test
  void wait_ends_with_the_grant() throws Exception {
    Budget.Claim first = budget.claim(100);
    Budget.Claim second = budget.claim(100);
    whenWaiting(Thread.currentThread(), first::close);
    assertTrue(second.await(LONG));
  }

  @Test
  void grant_wakes_the_thread_that_it_was_claimed_for() throws Exception {
    Budget.Claim first = budget.claim(100);
    Thread sleeper = Thread.ofPlatform().daemon().unstarted(LockSupport::park);
    Budget.Claim second = budget.claim(100, sleeper);
    sleeper.start();
    Await.until(() -> sleeper.getState() == Thread.State.WAITING, () -> sleeper + " is " + sleeper.getState());
    first.close();
    assertTrue(sleeper.join(Await.DEADLINE));
    assertTrue(second.isGranted());
  }

  @Test
  void interrupt_ends_the_wait() {
    budget.claim(100);
    Budget.Claim second = budget.claim(100);
    Thread waiter = Thread.currentThread();
    whenWaiting(waiter, waiter::interrupt);
    assertThrows(InterruptedException.class, () -> second.await(LONG));
    assertTrue(budget.isShort(), "its place is kept until it is closed");

    second.close();
    assertFalse(budget.isShort());
  }

  private static void whenWaiting(Thread waiter, Runnable action) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              Await.until(
                  () -> waiter.getState() == Thread.State.TIMED_WAITING, () -> waiter + " is " + waiter.getState());
              action.run();
            });
  }
}

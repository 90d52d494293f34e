package dev.logtap.railway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.railway.Inbox.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InboxTest {
  private final Inbox inbox = new Inbox(10);

  @Test
  void what_does_not_fit_is_refused_until_something_was_taken() throws InterruptedException {
    assertTrue(inbox.offer(frame(6)));
    assertFalse(inbox.offer(frame(6)));
    assertTrue(inbox.offer(frame(4)));

    inbox.take(Duration.ZERO);

    assertTrue(inbox.offer(frame(6)));
  }

  @Test
  void one_alone_is_taken_however_large() throws InterruptedException {
    assertTrue(inbox.offer(frame(1_000)));
    assertFalse(inbox.offer(frame(1)));

    assertEquals(frame(1_000), inbox.take(Duration.ZERO));
    assertTrue(inbox.offer(frame(1)));
  }

  @Test
  void events_come_even_when_it_is_full_and_in_order() throws InterruptedException {
    Event end = new Event.Ended("1", new End(End.Kind.CUT, "why"));
    inbox.offer(frame(10));
    inbox.put(end);

    assertEquals(frame(10), inbox.take(Duration.ZERO));
    assertEquals(end, inbox.take(Duration.ZERO));
    assertNull(inbox.take(Duration.ofMillis(1)));
  }

  @Test
  void wait_ends_with_an_interrupt() {
    Thread.currentThread().interrupt();

    assertThrows(InterruptedException.class, () -> inbox.take(Duration.ofMinutes(1)));
  }

  private static Event.Delivered frame(int length) {
    return new Event.Delivered("1", new Frame("next", "1", "x".repeat(length)));
  }
}

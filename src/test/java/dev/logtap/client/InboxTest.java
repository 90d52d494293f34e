package dev.logtap.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import dev.logtap.log.Bell;
import dev.logtap.protocol.ServerMessage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InboxTest {
  private static final Target APP = Target.parse("app", ServerAddress.parse("http://localhost"));

  private final Bell bell = new Bell();
  private final Inbox inbox = new Inbox(bell);

  @Test
  void events_come_out_in_their_order_and_ring() throws InterruptedException {
    Event first = message(10);
    Event second = new Event.Connected(APP);
    inbox.put(first);
    inbox.put(second);

    assertTrue(bell.await(Duration.ZERO));
    assertSame(first, inbox.poll());
    assertSame(second, inbox.poll());
    assertNull(inbox.poll());
  }

  @Test
  void who_puts_in_waits_while_it_is_full() throws InterruptedException {
    inbox.put(message(600_000));
    Thread putting = Thread.ofVirtual().start(() -> put(message(600_000)));
    Await.until(() -> putting.getState() == Thread.State.WAITING, () -> putting.getState().toString());

    assertNotNull(inbox.poll());
    putting.join();
    assertNotNull(inbox.poll());
    assertNull(inbox.poll());
  }

  @Test
  void one_message_fits_whatever_its_size() throws InterruptedException {
    inbox.put(message(8 << 20));
    assertNotNull(inbox.poll());
    inbox.put(message(8 << 20));
    assertNotNull(inbox.poll());
  }

  @Test
  void who_waits_can_be_interrupted() throws InterruptedException {
    inbox.put(message(1 << 20));
    Thread putting = Thread.ofVirtual().start(() -> put(message(1)));
    Await.until(() -> putting.getState() == Thread.State.WAITING, () -> putting.getState().toString());
    putting.interrupt();
    putting.join();

    inbox.poll();
    assertEquals(null, inbox.poll());
  }

  private void put(Event event) {
    try {
      inbox.put(event);
    } catch (InterruptedException _) {
      // As it was to be.
    }
  }

  private static Event message(int size) {
    return new Event.Received(APP, new ServerMessage.Lines(new byte[0], size, false, null, null));
  }
}

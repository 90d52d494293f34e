package dev.logtap.server;

import dev.logtap.protocol.ClientMessage;
import dev.logtap.websocket.CloseCode;
import dev.logtap.websocket.Frames;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What a stream's writing thread has to do besides writing what its feed has. The reading thread and the sweeper put in, the
 * writing thread takes out.
 */
final class Outbox {
  /** A client that asks and does not read waits for its answers before it is read further. */
  private static final int MOST_ORDERS = 16;

  /** Something to do. */
  sealed interface Order {
    record Send(ByteBuffer frame) implements Order {}

    record Ping() implements Order {}

    record FilterBy(ClientMessage.Filter filter) implements Order {}

    /**
     * Send this frame, and nothing after it.
     *
     * @param code what it says
     */
    record Close(int code, ByteBuffer frame) implements Order {}

    /** The peer is gone: nothing more is to be sent. */
    record Abandon() implements Order {}
  }

  // All guarded by this.
  private final Queue<Order> orders = new ArrayDeque<>();

  /** Only the newest ping has to be answered (RFC 6455 5.5.3), so a flood of them needs no room. */
  private ByteBuffer pong;

  private boolean ping;
  private Order end;

  /** What wakes the writing thread where it waits for lines; null as long as it waits here. */
  private Runnable wake;

  /** From now on the writing thread waits elsewhere. */
  synchronized void wakeBy(Runnable how) {
    wake = how;
  }

  /** Puts in an answer, unless the end is near; waits while there are too many that the client has not read. */
  synchronized void put(Order order) throws InterruptedException {
    while (orders.size() >= MOST_ORDERS && end == null) {
      wait();
    }
    if (end == null) {
      orders.add(order);
      changed();
    }
  }

  synchronized void pong(byte[] payload) {
    pong = Frames.pong(payload);
    changed();
  }

  synchronized void ping() {
    ping = true;
    changed();
  }

  /** The last thing to be done; only the first such counts, and whether this is it. */
  synchronized boolean end(Order last) {
    if (end != null) {
      return false;
    }
    end = last;
    changed();
    return true;
  }

  /** The code with which it ends; {@link CloseCode#CUT} where it does not, or without a close frame. */
  synchronized int closesWith() {
    return end instanceof Order.Close(int code, ByteBuffer _) ? code : CloseCode.CUT;
  }

  private void changed() {
    notifyAll();
    if (wake != null) {
      wake.run();
    }
  }

  /** The next thing to do; null when there is nothing. */
  synchronized Order poll() {
    if (end instanceof Order.Abandon) {
      return end;
    }
    if (pong != null) {
      Order order = new Order.Send(pong);
      pong = null;
      return order;
    }
    if (!orders.isEmpty()) {
      notifyAll();
      return orders.remove();
    }
    if (end != null) {
      return end;
    }
    if (ping) {
      ping = false;
      return new Order.Ping();
    }
    return null;
  }

  /** The next thing to do, waiting for it. For a stream that has no lines. */
  synchronized Order take() throws InterruptedException {
    for (Order order = poll(); ; order = poll()) {
      if (order != null) {
        return order;
      }
      wait();
    }
  }
}

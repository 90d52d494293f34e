package dev.logtap.client;

import dev.logtap.log.Bell;
import dev.logtap.protocol.ServerMessage;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What has come of all targets and was not taken yet. Receivers put in, and wait while it is full; the command's thread
 * takes out, and is woken by a bell.
 */
public final class Inbox {
  /** Enough for receivers to go on while the last batch is written. One message fits, whatever its size. */
  private static final int MOST_BYTES = 1 << 20;

  /** What an event costs beside its text. */
  private static final int OVERHEAD = 200;

  private final Bell bell;

  // Guarded by this.
  private final Queue<Event> events = new ArrayDeque<>();
  private int bytes;

  /** @param bell rings when something has come */
  public Inbox(Bell bell) {
    this.bell = bell;
  }

  void put(Event event) throws InterruptedException {
    int size = sizeOf(event);
    synchronized (this) {
      while (bytes > 0 && bytes + size > MOST_BYTES) {
        wait();
      }
      events.add(event);
      bytes += size;
    }
    bell.ring();
  }

  /** The next event; null when there is none. */
  public synchronized Event poll() {
    Event event = events.poll();
    if (event != null) {
      bytes -= sizeOf(event);
      notifyAll();
    }
    return event;
  }

  private static int sizeOf(Event event) {
    return event instanceof Event.Received(Target _, ServerMessage message) ? OVERHEAD + message.size() : OVERHEAD;
  }
}

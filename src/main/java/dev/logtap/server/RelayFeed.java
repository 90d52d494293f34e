package dev.logtap.server;

import dev.logtap.protocol.ClientMessage;
import dev.logtap.protocol.Json;
import dev.logtap.relay.EndedException;
import dev.logtap.relay.RelaySubscription;
import dev.logtap.relay.Wanted;
import dev.logtap.websocket.CloseCode;
import dev.logtap.websocket.Frames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;

/** The entries of an environment, from its relay. */
final class RelayFeed implements Feed {
  /** Entries are small, and a batch from Railway has many. */
  private static final int MOST_TOGETHER = 64;

  private static final int TOGETHER = 32 << 10;

  private final Transport transport;
  private final Server server;
  private final Opening opening;
  private final RelaySubscription subscription;
  private final ByteBuffer[] frames = new ByteBuffer[MOST_TOGETHER];

  /** One write of many small frames takes as long as that of one. In the heap: outside of it nobody would give it back at once. */
  private final ByteBuffer together = ByteBuffer.allocate(TOGETHER);

  RelayFeed(Transport transport, Server server, Opening.OfEnvironment opening) throws RefusedStreamException {
    this.transport = transport;
    this.server = server;
    this.opening = opening;
    this.subscription = server.relay(opening);
  }

  @Override
  public boolean write() throws PeerGoneException, RefusedStreamException {
    int count;
    try {
      count = subscription.take(frames);
    } catch (EndedException e) {
      // With the last environment of the list nothing is read from Railway any more, and that is the lesser reason.
      Opening.Ending ending = opening.endingBy(server.rules());
      if (ending != null) {
        throw new RefusedStreamException(ending.code(), ending.reason(), false);
      }
      throw new RefusedStreamException(
          e.hasFailed() ? CloseCode.INTERNAL : CloseCode.GOING_AWAY, e.getMessage(), e.hasFailed());
    }
    if (count == 0) {
      return false;
    }
    try {
      for (int i = 0; i < count; i++) {
        if (frames[i].remaining() > together.remaining()) {
          writeTogether();
        }
        if (frames[i].remaining() > together.capacity()) {
          transport.write(frames[i]);
        } else {
          together.put(frames[i]);
        }
      }
      writeTogether();
    } catch (IOException _) {
      throw new PeerGoneException();
    } finally {
      Arrays.fill(frames, 0, count, null);
    }
    return true;
  }

  private void writeTogether() throws IOException {
    transport.write(together.flip());
    together.clear();
  }

  @Override
  public void await() throws InterruptedException {
    subscription.await();
  }

  @Override
  public void wake() {
    subscription.wake();
  }

  @Override
  public String filter(ClientMessage.Filter filter) {
    try {
      subscription.filter(Wanted.of(filter.services(), filter.severity(), filter.search()));
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  @Override
  public ByteBuffer heartbeat() {
    return Frames.text(Json.heartbeat(Instant.now()));
  }

  @Override
  public void close() {
    subscription.close();
  }
}

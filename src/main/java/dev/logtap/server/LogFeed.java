package dev.logtap.server;

import dev.logtap.hub.Budget;
import dev.logtap.hub.Frame;
import dev.logtap.hub.Hubs;
import dev.logtap.hub.Subscription;
import dev.logtap.hub.TooManyFiltersException;
import dev.logtap.log.Needle;
import dev.logtap.protocol.ClientMessage;
import dev.logtap.websocket.CloseCode;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The lines of a log, from its hub. */
final class LogFeed implements Feed {
  /** A write of many small messages takes as long as that of one. */
  private static final int MOST_TOGETHER = 16;

  private final Connection connection;
  private final Transport transport;
  private final Subscription subscription;
  private final Opening.OfLog opening;
  private final Frame[] frames = new Frame[MOST_TOGETHER];
  private boolean begun;

  LogFeed(Connection connection, Transport transport, Hubs hubs, Opening.OfLog opening)
      throws IOException, RefusedStreamException {
    this.connection = connection;
    this.transport = transport;
    this.opening = opening;
    try {
      this.subscription = hubs.subscribe(opening.log(), opening.needle());
    } catch (TooManyFiltersException e) {
      throw new RefusedStreamException(CloseCode.TRY_LATER, e.getMessage(), true);
    }
  }

  @Override
  public boolean write() throws IOException, PeerGoneException {
    if (!begun) {
      begun = true;
      begin();
    }
    int count = subscription.take(frames);
    if (count > 0) {
      write(count);
    }
    return count > 0;
  }

  private void begin() throws IOException {
    if (opening.cursor() == null) {
      subscription.beginWithLastLines(opening.lines());
    } else {
      subscription.resume(opening.cursor(), opening.lines());
    }
  }

  private void write(int count) throws PeerGoneException {
    ByteBuffer[] buffers = new ByteBuffer[count];
    for (int i = 0; i < count; i++) {
      buffers[i] = frames[i].bytes();
    }
    // A large message comes alone.
    connection.holds(frames[0].length() > Budget.SMALL);
    try {
      transport.write(buffers, count);
    } catch (IOException _) {
      throw new PeerGoneException();
    } finally {
      connection.holds(false);
      for (int i = 0; i < count; i++) {
        frames[i].release();
        frames[i] = null;
      }
    }
  }

  @Override
  public void await() {
    subscription.await();
  }

  @Override
  public void wake() {
    subscription.wake();
  }

  @Override
  public String filter(ClientMessage.Filter filter) {
    try {
      subscription.filter(filter.search() == null ? null : new Needle(filter.search()));
      return null;
    } catch (TooManyFiltersException | IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  @Override
  public ByteBuffer heartbeat() {
    return null;
  }

  @Override
  public void close() throws IOException {
    subscription.close();
  }
}

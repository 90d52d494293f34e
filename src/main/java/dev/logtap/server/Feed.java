package dev.logtap.server;

import dev.logtap.protocol.ClientMessage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Where a stream's messages come from. The stream's writing thread calls all of it, but for {@link #wake}. */
interface Feed extends Closeable {
  /**
   * Writes some of what there is; false where there is nothing.
   *
   * @throws IOException where what it reads from can't be read
   * @throws RefusedStreamException where the stream has to end
   */
  boolean write() throws IOException, PeerGoneException, RefusedStreamException;

  /** Waits until there may be something to write, or somebody wakes it. */
  void await() throws InterruptedException;

  /** Ends a wait, the next one if there is none now. Any thread may call it. */
  void wake();

  /** Replaces all filters; what the client has to be told of that, null where it is nothing. */
  String filter(ClientMessage.Filter filter);

  /** The message that is sent with each ping, for clients that don't see pings; null where there is none. */
  ByteBuffer heartbeat();
}

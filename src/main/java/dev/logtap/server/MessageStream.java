package dev.logtap.server;

import dev.logtap.auth.Access;
import dev.logtap.auth.RefusedTokenException;
import dev.logtap.protocol.ClientMessage;
import dev.logtap.protocol.Json;
import dev.logtap.websocket.CloseCode;
import dev.logtap.websocket.Frames;
import dev.logtap.websocket.Incoming;
import dev.logtap.websocket.MessageReader;
import dev.logtap.websocket.ProtocolException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;

/**
 * One client's stream, from the accepted handshake to the end of the connection.
 *
 * <p>The connection's own thread reads what the client sends, in {@link #run}. A second virtual thread writes:
 * what the {@link Outbox} has, then what the {@link Feed} has. The sweeper asks {@link #remind} what has become due.
 */
final class MessageStream {
  private static final int MOST_UNREADABLE = 10;
  private static final int LONGEST_CONTROL_FRAME = 125;

  private final Connection connection;
  private final Transport transport;
  private final Server server;
  private final Outbox outbox = new Outbox();

  /** Null where the stream was refused. */
  private final Opening opening;

  /** What the client may; null where the stream was refused. */
  private volatile Access access;

  private volatile long lastPing = System.nanoTime();

  MessageStream(Connection connection, Transport transport, Server server, Access access, Opening opening) {
    this.connection = connection;
    this.transport = transport;
    this.server = server;
    this.access = access;
    this.opening = opening;
  }

  /** The code of the close frame, when the stream has ended; {@link CloseCode#CUT} where none was sent or came. */
  int closedWith() {
    return outbox.closesWith();
  }

  /** Reads until the end. */
  void run(InputStream in) throws InterruptedException {
    Limits limits = server.limits();
    Thread writer = Thread.ofVirtual().name(connection.name() + "-write").start(this::write);
    try {
      // Control frames pass whatever the limit.
      int frame = Math.max(LONGEST_CONTROL_FRAME, limits.frameBytes());
      read(new MessageReader(in, new MessageReader.Limits(frame, limits.fragments(), limits.frameBytes())));
    } catch (ProtocolException e) {
      end(e.code(), e.getMessage());
      drain(in);
    } catch (IOException _) {
      // The peer is gone, or has had its time.
    } finally {
      // Whatever is being written to a peer that sends no more has little time left.
      connection.mustEndSoon();
      outbox.end(new Outbox.Order.Abandon());
      try {
        writer.join();
      } finally {
        connection.closeSocket();
      }
    }
  }

  // ---- reading

  private void read(MessageReader reader) throws IOException, ProtocolException, InterruptedException {
    int unreadable = 0;
    for (Incoming incoming = reader.next(); incoming != null; incoming = reader.next()) {
      switch (incoming) {
        case Incoming.Ping(byte[] payload) -> outbox.pong(payload);
        case Incoming.Pong() -> {}
        case Incoming.Close(int code, String _) -> {
          endWith(code, Frames.close(code));
          return;
        }
        case Incoming.Binary(int _) ->
            unreadable = complain(unreadable, "the message is binary; send JSON as a text message");
        case Incoming.Text(String text) -> {
          ClientMessage message = ClientMessage.parse(text);
          if (message instanceof ClientMessage.Unreadable(String why)) {
            unreadable = complain(unreadable, why);
          } else {
            unreadable = 0;
            obey(message);
          }
        }
      }
    }
  }

  private int complain(int unreadable, String why) throws InterruptedException {
    send(Json.error(why));
    if (unreadable + 1 == MOST_UNREADABLE) {
      end(CloseCode.POLICY, "too many messages in a row could not be read");
    }
    return unreadable + 1;
  }

  private void obey(ClientMessage message) throws InterruptedException {
    switch (message) {
      case ClientMessage.Ping() -> send(Json.pong());
      case ClientMessage.Filter filter -> outbox.put(new Outbox.Order.FilterBy(filter));
      case ClientMessage.Token(String token) -> renew(token);
      case ClientMessage.Unreadable _ -> throw new IllegalArgumentException("not to be obeyed");
    }
  }

  /** The new token has to be of the same subject and to open the same. */
  private void renew(String token) {
    if (opening == null) {
      return;
    }
    try {
      Rules rules = server.rules();
      Access fresh = rules.authority().check(token);
      if (!Objects.equals(fresh.subject(), access.subject())) {
        end(CloseCode.UNAUTHORIZED, "the new token is of another subject; connect again with it");
      } else if (!opening.isOpenedBy(rules, fresh)) {
        end(CloseCode.FORBIDDEN, "the new token does not open this " + opening.kind());
      } else {
        access = fresh;
      }
    } catch (RefusedTokenException e) {
      end(CloseCode.UNAUTHORIZED, e.getMessage());
    }
  }

  private void send(byte[] message) throws InterruptedException {
    outbox.put(new Outbox.Order.Send(Frames.text(message)));
  }

  /** Reads on without understanding, so that the peer gets our close frame and no reset. */
  private static void drain(InputStream in) {
    byte[] scratch = new byte[4 << 10];
    try {
      while (in.read(scratch, 0, scratch.length) >= 0) {
        // Until the peer closes, or the sweeper does.
      }
    } catch (IOException _) {
      // That was it.
    }
  }

  // ---- ending

  /** Sends a message of type error, then closes. Called before {@link #run}. */
  void refuse(CloseCode code, String sentence, boolean message) throws InterruptedException {
    if (message) {
      send(Json.error(sentence));
    }
    end(code, sentence);
  }

  /** Closes with this code. Any thread may call it. */
  void end(CloseCode code, String reason) {
    endWith(code.value(), Frames.close(code, reason));
  }

  private void endWith(int code, ByteBuffer frame) {
    if (outbox.end(new Outbox.Order.Close(code, frame))) {
      // The socket is closed then, whether the frame could be sent and was answered or not.
      connection.mustEndSoon();
    }
  }

  /** What is due by now: a ping, the end of a token, the end of a log's or an environment's place on the list. */
  void remind(long now) {
    if (opening == null) {
      return;
    }
    Opening.Ending ending = opening.endingBy(server.rules());
    if (isExpired()) {
      end(CloseCode.UNAUTHORIZED, "the token has expired; come back with a new one");
    } else if (ending != null) {
      end(ending.code(), ending.reason());
    } else if (now - lastPing > server.limits().ping().toNanos()) {
      lastPing = now;
      outbox.ping();
    }
  }

  private boolean isExpired() {
    return !Instant.now().isBefore(access.expires());
  }

  // ---- writing

  private void write() {
    try {
      if (opening == null) {
        while (obey(outbox.take(), null)) {
          // Until the close frame is out.
        }
      } else {
        writeMessages();
      }
    } catch (RefusedStreamException e) {
      endWriting(e.code(), e.getMessage(), e.hasMessage());
    } catch (IOException e) {
      endWriting(CloseCode.INTERNAL, "the log can't be read now; come back with the last cursor", true);
    } catch (PeerGoneException _) {
      connection.closeSocket();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      connection.failed(e);
      endWriting(CloseCode.INTERNAL, "this is a bug in logtap", true);
    } finally {
      // The reading thread may wait for room that nobody will make any more.
      outbox.end(new Outbox.Order.Abandon());
    }
  }

  /**
   * The stream ends on our side: all that is left to be said.
   *
   * @param message whether it is also said in a message of its own
   */
  private void endWriting(CloseCode code, String reason, boolean message) {
    end(code, reason);
    try {
      if (message) {
        transmit(Frames.text(Json.error(reason)));
      }
      while (obey(outbox.take(), null)) {
        // Until the close frame is out.
      }
    } catch (PeerGoneException | IOException _) {
      connection.closeSocket();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeMessages() throws IOException, PeerGoneException, RefusedStreamException, InterruptedException {
    try (Feed feed = opening.feed(connection, transport, server)) {
      outbox.wakeBy(feed::wake);
      while (true) {
        for (Outbox.Order order = outbox.poll(); order != null; order = outbox.poll()) {
          if (!obey(order, feed)) {
            return;
          }
        }
        if (isExpired()) {
          end(CloseCode.UNAUTHORIZED, "the token has expired; come back with a new one");
        } else if (!feed.write()) {
          feed.await();
        }
      }
    }
  }

  /**
   * Does it; false when nothing is to be done after it.
   *
   * @param feed null where the stream was refused or has failed
   */
  private boolean obey(Outbox.Order order, Feed feed) throws PeerGoneException, IOException, InterruptedException {
    switch (order) {
      case Outbox.Order.Send(ByteBuffer frame) -> transmit(frame);
      case Outbox.Order.Ping() -> ping(feed);
      case Outbox.Order.FilterBy(ClientMessage.Filter filter) -> {
        String complaint = feed == null ? null : feed.filter(filter);
        if (complaint != null) {
          transmit(Frames.text(Json.error(complaint)));
        }
      }
      case Outbox.Order.Close(int _, ByteBuffer frame) -> {
        transmit(frame);
        return false;
      }
      case Outbox.Order.Abandon() -> {
        return false;
      }
    }
    return true;
  }

  private void transmit(ByteBuffer frame) throws PeerGoneException {
    try {
      transport.write(frame);
    } catch (IOException _) {
      throw new PeerGoneException();
    }
  }

  private void ping(Feed feed) throws PeerGoneException {
    ByteBuffer heartbeat = feed == null ? null : feed.heartbeat();
    try {
      transport.writePing(Frames.ping());
      if (heartbeat != null) {
        transport.writePing(heartbeat);
      }
    } catch (IOException _) {
      throw new PeerGoneException();
    }
  }
}

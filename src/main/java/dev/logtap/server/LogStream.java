package dev.logtap.server;

import dev.logtap.auth.Access;
import dev.logtap.auth.RefusedTokenException;
import dev.logtap.hub.Budget;
import dev.logtap.hub.Frame;
import dev.logtap.hub.Hubs;
import dev.logtap.hub.Subscription;
import dev.logtap.hub.TooManyFiltersException;
import dev.logtap.log.AllowedLog;
import dev.logtap.log.Cursor;
import dev.logtap.log.Needle;
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
import java.util.function.Supplier;

/**
 * One client's stream of a log, from the accepted handshake to the end of the connection.
 *
 * <p>The connection's own thread reads what the client sends, in {@link #run}. A second virtual thread writes:
 * what the {@link Outbox} has, then lines. The sweeper asks {@link #remind} what has become due.
 */
final class LogStream {
  /** A write of many small messages takes as long as that of one. */
  private static final int MOST_TOGETHER = 16;

  private static final int MOST_UNREADABLE = 10;
  private static final int LONGEST_CONTROL_FRAME = 125;

  private final Connection connection;
  private final Transport transport;
  private final Supplier<Rules> rules;
  private final Hubs hubs;
  private final Limits limits;
  private final Outbox outbox = new Outbox();

  /** Null where the stream was refused. */
  private final Opening opening;

  /** What the client may; null where the stream was refused. */
  private volatile Access access;

  private volatile long lastPing = System.nanoTime();

  /**
   * What a client that may read has asked for.
   *
   * @param needle null for all lines
   * @param cursor null to begin with the last lines
   */
  record Opening(AllowedLog log, int lines, Needle needle, Cursor cursor) {}

  /** The peer can't be written to. */
  private static final class PeerGoneException extends Exception {
    private static final long serialVersionUID = 1;
  }

  LogStream(
      Connection connection, Transport transport, Supplier<Rules> rules, Hubs hubs, Limits limits, Access access, Opening opening) {
    this.connection = connection;
    this.transport = transport;
    this.rules = rules;
    this.hubs = hubs;
    this.limits = limits;
    this.access = access;
    this.opening = opening;
  }

  /** The code of the close frame, when the stream has ended; {@link CloseCode#NONE} where the connection was cut. */
  int closedWith() {
    return outbox.closesWith();
  }

  /** Reads until the end. */
  void run(InputStream in) throws InterruptedException {
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
      case ClientMessage.Filter(String search) -> filterBy(search);
      case ClientMessage.Token(String token) -> renew(token);
      case ClientMessage.Unreadable _ -> throw new IllegalArgumentException("not to be obeyed");
    }
  }

  private void filterBy(String search) throws InterruptedException {
    try {
      outbox.put(new Outbox.Order.FilterBy(search == null ? null : new Needle(search)));
    } catch (IllegalArgumentException e) {
      send(Json.error(e.getMessage()));
    }
  }

  /** The new token has to be of the same subject and to open the same log. */
  private void renew(String token) {
    if (opening == null) {
      return;
    }
    try {
      Access fresh = rules.get().authority().check(token);
      if (!Objects.equals(fresh.subject(), access.subject())) {
        end(CloseCode.UNAUTHORIZED, "the new token is of another subject; connect again with it");
      } else if (!fresh.logs().covers(opening.log().name().value())) {
        end(CloseCode.FORBIDDEN, "the new token does not open this log");
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

  /** What is due by now: a ping, the end of a token, the end of a log's place on the allowlist. */
  void remind(long now) {
    if (opening == null) {
      return;
    }
    if (isExpired()) {
      end(CloseCode.UNAUTHORIZED, "the token has expired; come back with a new one");
    } else if (!opening.log().equals(rules.get().logs().get(opening.log().name().value()))) {
      end(CloseCode.UNKNOWN_NAME, "the log has left the allowlist");
    } else if (now - lastPing > limits.ping().toNanos()) {
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
        writeLines();
      }
    } catch (TooManyFiltersException e) {
      endWriting(CloseCode.TRY_LATER, e.getMessage());
    } catch (IOException e) {
      endWriting(CloseCode.INTERNAL, "the log can't be read now; come back with the last cursor");
    } catch (PeerGoneException _) {
      connection.closeSocket();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      connection.failed(e);
      endWriting(CloseCode.INTERNAL, "this is a bug in logtap");
    } finally {
      // The reading thread may wait for room that nobody will make any more.
      outbox.end(new Outbox.Order.Abandon());
    }
  }

  /** The stream has failed on our side: all that is left to be said. */
  private void endWriting(CloseCode code, String reason) {
    end(code, reason);
    try {
      obey(new Outbox.Order.Send(Frames.text(Json.error(reason))), null);
      while (obey(outbox.take(), null)) {
        // Until the close frame is out.
      }
    } catch (PeerGoneException _) {
      connection.closeSocket();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeLines()
      throws IOException, TooManyFiltersException, PeerGoneException, InterruptedException {
    try (Subscription subscription = hubs.subscribe(opening.log(), opening.needle())) {
      outbox.wakeBy(subscription::wake);
      if (opening.cursor() == null) {
        subscription.beginWithLastLines(opening.lines());
      } else {
        subscription.resume(opening.cursor(), opening.lines());
      }
      Frame[] frames = new Frame[MOST_TOGETHER];
      while (true) {
        for (Outbox.Order order = outbox.poll(); order != null; order = outbox.poll()) {
          if (!obey(order, subscription)) {
            return;
          }
        }
        if (isExpired()) {
          end(CloseCode.UNAUTHORIZED, "the token has expired; come back with a new one");
          continue;
        }
        int count = subscription.take(frames);
        if (count > 0) {
          write(frames, count);
        } else {
          subscription.await();
        }
      }
    }
  }

  private void write(Frame[] frames, int count) throws PeerGoneException {
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

  /** Does it; false when nothing is to be done after it. */
  private boolean obey(Outbox.Order order, Subscription subscription) throws PeerGoneException, InterruptedException {
    try {
      switch (order) {
        case Outbox.Order.Send(ByteBuffer frame) -> transport.write(frame);
        case Outbox.Order.Ping() -> transport.writePing(Frames.ping());
        case Outbox.Order.FilterBy(Needle needle) -> filter(subscription, needle);
        case Outbox.Order.Close(int _, ByteBuffer frame) -> {
          transport.write(frame);
          return false;
        }
        case Outbox.Order.Abandon() -> {
          return false;
        }
      }
      return true;
    } catch (IOException _) {
      throw new PeerGoneException();
    }
  }

  private void filter(Subscription subscription, Needle needle) throws IOException {
    if (subscription == null) {
      return;
    }
    try {
      subscription.filter(needle);
    } catch (TooManyFiltersException e) {
      transport.write(Frames.text(Json.error(e.getMessage())));
    }
  }
}

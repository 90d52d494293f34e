package dev.logtap.client;

import dev.logtap.protocol.Json;
import dev.logtap.websocket.ClientHandshake;
import dev.logtap.websocket.CloseCode;
import dev.logtap.websocket.Incoming;
import dev.logtap.websocket.MaskedFrames;
import dev.logtap.websocket.MessageReader;
import dev.logtap.websocket.ProtocolException;
import dev.logtap.websocket.Side;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One WebSocket to a server. Its receiver's thread opens it, reads and closes; the keeper pings, renews the token, and ends
 * it when the server is silent for too long. What both write goes under one lock, for which the keeper never waits.
 */
final class Connection implements Closeable {
  /** A server's message has at most 1 MiB of text, of which JSON may make six. */
  private static final int LARGEST_MESSAGE = 8 << 20;

  /** Ours sends whole messages; a proxy may cut them. */
  private static final int MOST_FRAGMENTS = 10_000;

  private static final int LARGEST_REFUSAL = 4 << 10;
  private static final int READ_AHEAD = 32 << 10;

  private final Patience patience;
  private final long begun = System.nanoTime();
  private final MaskedFrames frames = new MaskedFrames();
  private final ReentrantLock writing = new ReentrantLock();

  /** The socket itself, below TLS: that closes at once, where TLS would first want to say goodbye. */
  private volatile Socket raw;

  /** Null until the stream is open. */
  private volatile OutputStream out;

  private MessageReader messages;

  /** The one the server knows; null for none. Of the keeper, once the stream is open. */
  private String token;

  /** Whether the receiver waits for the server now; what else it does is not the server's fault. */
  private volatile boolean waiting;

  /** When the server was heard of last, or we began to listen. */
  private volatile long heard = begun;

  /** Of the keeper. */
  private long pinged = begun;

  /** Why we ended it ourselves; null where we did not. */
  private volatile String ended;

  Connection(Patience patience) {
    this.patience = patience;
  }

  /**
   * Connects and asks for a stream. Either way {@link #close} has to follow.
   *
   * @param token null for none
   * @throws RefusedException where the answer is another than a stream
   */
  void open(Target target, String request, String token, Trust trust)
      throws IOException, RefusedException, ProtocolException {
    this.token = token;
    Origin origin = target.origin();
    try {
      Socket socket = connect(origin);
      socket.setTcpNoDelay(true);
      if (origin.secure()) {
        socket = trust.over(socket, origin);
      }
      Map<String, String> headers = token == null ? Map.of() : Map.of("Authorization", "Bearer " + token);
      ClientHandshake handshake = new ClientHandshake(request, origin.authority(), headers);
      OutputStream to = socket.getOutputStream();
      to.write(handshake.head());
      InputStream in = new BufferedInputStream(new Listening(socket.getInputStream()), READ_AHEAD);
      ResponseHead head = ResponseHead.read(in);
      if (head.status() != 101) {
        throw new RefusedException(head.status(), sentence(head, in), head.retryAfter());
      }
      handshake.accept(head.fields());
      messages =
          new MessageReader(
              in, new MessageReader.Limits(LARGEST_MESSAGE, MOST_FRAGMENTS, LARGEST_MESSAGE), Side.SERVER);
      heard = System.nanoTime();
      out = to;
    } catch (IOException e) {
      throw explained(e);
    }
  }

  /** By the first of the server's addresses that answers. */
  private Socket connect(Origin origin) throws IOException {
    IOException failure = new IOException("it has no address");
    for (InetAddress address : InetAddress.getAllByName(origin.host())) {
      Socket socket = new Socket();
      raw = socket;
      // The keeper may have come before there was a socket to close.
      long left = patience.open().toMillis() - (System.nanoTime() - begun) / 1_000_000;
      if (ended != null || left <= 0) {
        throw new SocketTimeoutException();
      }
      try {
        socket.connect(new InetSocketAddress(address, origin.port()), Math.toIntExact(left));
        return socket;
      } catch (IOException e) {
        socket.close();
        failure = e;
      }
    }
    throw failure;
  }

  private static String sentence(ResponseHead head, InputStream in) throws IOException {
    long length = head.contentLength();
    return length > 0 && length <= LARGEST_REFUSAL ? Json.sentenceOf(in.readNBytes((int) length)) : null;
  }

  /** The next message, or the close frame; null when the connection has ended without one. Answers pings. */
  Incoming next() throws IOException, ProtocolException {
    heard = System.nanoTime();
    waiting = true;
    try {
      while (true) {
        Incoming incoming = messages.next();
        if (incoming instanceof Incoming.Ping(byte[] payload)) {
          answer(payload);
        } else if (!(incoming instanceof Incoming.Pong)) {
          // A pong was heard: that is all it is for.
          return incoming;
        }
      }
    } catch (IOException e) {
      throw explained(e);
    } finally {
      waiting = false;
    }
  }

  private void answer(byte[] pingPayload) throws IOException {
    writing.lock();
    try {
      out.write(frames.pong(pingPayload));
    } finally {
      writing.unlock();
    }
  }

  private IOException explained(IOException e) {
    return ended == null ? e : new IOException(ended, e);
  }

  // ---- the keeper's

  /**
   * Does what has become due.
   *
   * @param newest the token as it is now; null where none is for this server
   */
  void look(String newest) {
    long now = System.nanoTime();
    if (out == null) {
      if (now - begun > patience.open().toNanos()) {
        end("no answer within " + patience.open().toSeconds() + " s");
      }
      return;
    }
    if (waiting && now - heard > patience.stall().toNanos()) {
      end("nothing was heard for " + patience.stall().toSeconds() + " s");
      return;
    }
    // Who writes now shows by that alone that we are there.
    if (!writing.tryLock()) {
      return;
    }
    try {
      if (newest != null && !newest.equals(token)) {
        out.write(frames.text(Json.token(newest)));
        token = newest;
      }
      // Also while we read nothing, because nobody reads us: the server closes who is neither heard nor takes a byte.
      if (now - pinged > patience.ping().toNanos()) {
        pinged = now;
        out.write(frames.ping());
      }
    } catch (IOException _) {
      // Who reads will be told.
    } finally {
      writing.unlock();
    }
  }

  private void end(String why) {
    ended = why;
    closeSocket();
  }

  /** Says goodbye, if that takes no waiting, and hangs up. */
  @Override
  public void close() {
    if (out != null && ended == null && writing.tryLock()) {
      try {
        out.write(frames.close(CloseCode.NORMAL));
      } catch (IOException _) {
        // Gone before.
      } finally {
        writing.unlock();
      }
    }
    closeSocket();
  }

  private void closeSocket() {
    Socket socket = raw;
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException _) {
        // It is gone all the same.
      }
    }
  }

  /** Notes that something has come. */
  private final class Listening extends FilterInputStream {
    Listening(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      int read = in.read(bytes, from, count);
      heard = System.nanoTime();
      return read;
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Connection[" + raw + "]";
  }
}

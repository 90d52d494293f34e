package dev.logtap.railway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.logtap.railway.Inbox.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.protocols.Protocol;

/**
 * One socket that speaks graphql-transport-ws, from its handshake to its end. Its subscriptions put what comes into
 * their inboxes.
 *
 * <p>The library reads and writes it on a thread each; callbacks come on the reading one and never wait. A virtual
 * thread pings. Any thread may subscribe and close.
 */
final class Connection {
  /** Of what Railway sends; 5,000 rows are a few megabytes. */
  static final int LONGEST_MESSAGE = 32 << 20;

  private static final String PROTOCOL = "graphql-transport-ws";

  /** How long Railway has to answer our goodbye. */
  private static final Duration GOODBYE = Duration.ofMillis(300);

  private final URI url;
  private final Timing timing;
  private final BiConsumer<Connection, Integer> ended;
  private final Client client;
  private final Socket raw;

  /** By id. Guarded by itself, as is {@code end}. */
  private final Map<String, Inbox> subscriptions = new HashMap<>();

  /** Null while the socket lives. */
  private End end;

  private final CompletableFuture<Void> acknowledged = new CompletableFuture<>();
  private final CountDownLatch gone = new CountDownLatch(1);

  /** When a frame came last. */
  private volatile long heard = System.nanoTime();

  /**
   * Connects, and returns when Railway has acknowledged it; which says nothing about the token.
   *
   * @param ended is told the close code when it is over, if it was ever acknowledged
   */
  static Connection open(
      URI url, RailwayToken token, SSLContext tls, Timing timing, BiConsumer<Connection, Integer> ended)
      throws IOException, InterruptedException {
    InetAddress address = InetAddress.getByName(url.getHost());
    boolean secure = url.getScheme().equals("wss");
    int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
    Socket raw = new Socket(Proxy.NO_PROXY);
    Connection connection = null;
    boolean open = false;
    try {
      raw.connect(new InetSocketAddress(address, port), (int) timing.connect().toMillis());
      raw.setKeepAlive(true);
      raw.setTcpNoDelay(true);
      Socket socket = raw;
      if (secure) {
        SSLSocketFactory factory =
            tls == null ? (SSLSocketFactory) SSLSocketFactory.getDefault() : tls.getSocketFactory();
        socket = factory.createSocket(raw, url.getHost(), port, true);
      }
      connection = new Connection(url, token, timing, raw, socket, ended);
      connection.begin();
      open = true;
      return connection;
    } finally {
      if (!open && connection != null) {
        connection.cut(new End(End.Kind.CUT, null));
      } else if (!open) {
        raw.close();
      }
    }
  }

  private Connection(
      URI url, RailwayToken token, Timing timing, Socket raw, Socket socket, BiConsumer<Connection, Integer> ended) {
    this.url = url;
    this.timing = timing;
    this.raw = raw;
    this.ended = ended;
    this.client = new Client(socket);
    client.addHeader("User-Agent", Endpoint.USER_AGENT);
    client.addHeader(token.header().getKey(), token.header().getValue());
  }

  private void begin() throws IOException, InterruptedException {
    client.begin();
    try {
      acknowledged.get(timing.connect().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      throw new SocketTimeoutException();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
    Thread.ofVirtual().name("railway-ping").start(this::ping);
  }

  /** Subscribes; what comes, and that it has ended, is put into the inbox. */
  void subscribe(String id, ObjectNode payload, Inbox inbox) {
    synchronized (subscriptions) {
      if (end != null) {
        inbox.put(new Event.Ended(id, end));
        return;
      }
      subscriptions.put(id, inbox);
    }
    send(message("subscribe").put("id", id).set("payload", payload));
  }

  /** Ends a subscription; nothing of it is put into its inbox any more. */
  void complete(String id) {
    synchronized (subscriptions) {
      if (subscriptions.remove(id) == null) {
        return;
      }
    }
    send(message("complete").put("id", id));
  }

  boolean isOpen() {
    synchronized (subscriptions) {
      return end == null;
    }
  }

  /** Says goodbye, and is gone a short time later. */
  void close() {
    client.close();
    try {
      gone.await(GOODBYE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    cut(new End(End.Kind.CUT, null));
  }

  private static ObjectNode message(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private void send(JsonNode message) {
    try {
      client.send(message.toString());
    } catch (WebsocketNotConnectedException _) {
      // Its end is told to everyone by the reading thread.
    }
  }

  private void ping() {
    try {
      while (!gone.await(timing.ping().toNanos(), TimeUnit.NANOSECONDS)) {
        long sent = System.nanoTime();
        client.sendPing();
        if (gone.await(timing.pong().toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
        if (heard - sent < 0) {
          cut(new End(End.Kind.CUT, "Railway's log socket has fallen silent; it is opened again"));
          return;
        }
      }
    } catch (InterruptedException | WebsocketNotConnectedException _) {
      // It is over.
    }
  }

  /** Ends it at once: without a word, and whatever its other threads are doing. */
  private void cut(End why) {
    finish(why, CloseFrame.ABNORMAL_CLOSE);
    client.closeConnection(CloseFrame.ABNORMAL_CLOSE, "");
    try {
      // A TLS socket's own close would wait for one who writes.
      raw.close();
    } catch (IOException _) {
      // Closed is closed.
    }
  }

  private void finish(End why, int code) {
    Map<String, Inbox> told;
    synchronized (subscriptions) {
      if (end != null) {
        return;
      }
      end = why;
      told = Map.copyOf(subscriptions);
      subscriptions.clear();
    }
    gone.countDown();
    if (acknowledged.isDone() && !acknowledged.isCompletedExceptionally()) {
      ended.accept(this, code);
    } else {
      acknowledged.completeExceptionally(new IOException(why.sentence() == null ? "it is closed" : why.sentence()));
    }
    told.forEach((id, inbox) -> inbox.put(new Event.Ended(id, why)));
  }

  private void heard(String text) {
    heard = System.nanoTime();
    Frame frame = AnswerReader.readHead(text);
    if (frame == null) {
      cut(new End(End.Kind.CUT, "Railway's log socket has sent something that is no message; it is opened again"));
      return;
    }
    switch (frame.type()) {
      case "connection_ack" -> acknowledged.complete(null);
      case "ping" -> send(message("pong"));
      case "next" -> deliver(frame, false);
      case "error", "complete" -> deliver(frame, true);
      default -> {
        // A pong, or what comes after us.
      }
    }
  }

  private void deliver(Frame frame, boolean last) {
    if (frame.id() == null) {
      return;
    }
    Inbox inbox;
    synchronized (subscriptions) {
      inbox = last ? subscriptions.remove(frame.id()) : subscriptions.get(frame.id());
    }
    // What is still under way of a subscription that has ended is nobody's.
    if (inbox == null) {
      return;
    }
    if (!inbox.offer(new Event.Delivered(frame.id(), frame))) {
      complete(frame.id());
      inbox.put(
          new Event.Ended(frame.id(), new End(End.Kind.OVERTAKEN, "more entries come than can be passed on in time")));
    }
  }

  /** A sentence about why it was closed by Railway. */
  private String sentence(int code, String reason) {
    String text = reason.replaceAll("\\p{C}+", " ").strip();
    String why = text.isEmpty() ? "" : " (" + (text.length() > 100 ? text.substring(0, 100) + "..." : text) + ")";
    if (!acknowledged.isDone()) {
      return "the log socket is refused" + why;
    }
    return code == CloseFrame.ABNORMAL_CLOSE || code == CloseFrame.NEVER_CONNECTED
        ? "Railway's log socket was cut" + why + "; it is opened again"
        : "Railway has closed the log socket with code " + code + why + "; it is opened again";
  }

  /** The library's side. */
  private final class Client extends WebSocketClient {
    Client(Socket socket) {
      super(url, new Draft_6455(List.of(), List.of(new Protocol(PROTOCOL)), LONGEST_MESSAGE));
      setSocketFactory(new Connected(socket));
      setDaemon(true);
      setTcpNoDelay(true);
      // It would take up to twice the time to find out.
      setConnectionLostTimeout(0);
    }

    /** As the library's own connect does, but for the group, which its writing thread will belong to. */
    void begin() {
      Thread reading = new Thread(new ThreadGroup("railway-socket"), this, "railway-socket");
      reading.setDaemon(true);
      reading.start();
    }

    @Override
    public void run() {
      super.run();
      // Who closes it just before its writing thread is begun interrupts nobody, and that thread would wait for ever.
      Thread.currentThread().getThreadGroup().interrupt();
    }

    @Override
    public void onOpen(ServerHandshake handshake) {
      Connection.this.send(message("connection_init"));
    }

    @Override
    public void onMessage(String text) {
      heard(text);
    }

    @Override
    public void onMessage(ByteBuffer bytes) {
      heard = System.nanoTime();
    }

    @Override
    public void onWebsocketPong(WebSocket socket, Framedata frame) {
      heard = System.nanoTime();
    }

    @Override
    public void onWebsocketPing(WebSocket socket, Framedata frame) {
      heard = System.nanoTime();
      super.onWebsocketPing(socket, frame);
    }

    @Override
    public void onClosing(int code, String reason, boolean remote) {
      if (code == CloseFrame.TOOBIG && !remote) {
        finish(
            new End(
                End.Kind.TOO_LARGE,
                "Railway has sent a message of more than " + (LONGEST_MESSAGE >> 20) + " MiB; the next are asked to be smaller"),
            code);
      }
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {
      finish(new End(End.Kind.CUT, sentence(code, reason == null ? "" : reason)), code);
    }

    @Override
    public void onError(Exception e) {
      // What ends the connection comes as its close, too; a failed TLS handshake has its reason only here.
      acknowledged.completeExceptionally(e);
    }
  }

  /** Gives out a socket that stands already, so that it can be cut below TLS. */
  private static final class Connected extends SocketFactory {
    private final Socket socket;

    Connected(Socket socket) {
      this.socket = socket;
    }

    @Override
    public Socket createSocket() {
      return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
      throw new UnsupportedOperationException();
    }
  }
}

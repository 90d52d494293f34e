package dev.logtap.railway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

/**
 * The socket of all streams: opened when one needs it, opened again with growing waits after it was cut, closed with
 * the last stream. Streams call it on their own threads; each attempt to connect is a virtual thread, whose outcome
 * all who wait for it share.
 */
final class SharedSocket implements AutoCloseable {
  private static final String SUBSCRIPTION =
      "subscription logs($id: String!, $after: String, $limit: Int) "
          + "{ environmentLogs(environmentId: $id, beforeDate: $after, beforeLimit: $limit) "
          + Queries.ROW
          + " }";

  /** Close codes of graphql-transport-ws that a client may soon try again after; the others are somebody's mistake. */
  private static final Set<Integer> SOON = Set.of(4403, 4408, 4499, 4504);

  /** How the library says that a handshake is one too many; what Retry-After had with it can't be seen. */
  private static final String TOO_MANY = "status code received: 429";

  private final URI url;
  private final RailwayToken token;
  private final SSLContext tls;
  private final Timing timing;
  private final Backoff backoff;
  private final Pace opening;
  private final AtomicLong ids = new AtomicLong();

  /** Guarded by this, as are the others. */
  private int streams;

  /** The attempt that is under way or has succeeded; null when there is none or its connection is over. */
  private CompletableFuture<Connection> attempt;

  private Thread attempting;
  private boolean closed;

  /** No attempt before this. */
  private long earliest = System.nanoTime();

  /** Since when there has been a connection; only while there is one. */
  private long since;

  SharedSocket(URI url, RailwayToken token, SSLContext tls, Timing timing) {
    this.url = url;
    this.token = token;
    this.tls = tls;
    this.timing = timing;
    this.backoff = new Backoff(timing.shortestWait(), timing.longestWait(), RandomGenerator.getDefault());
    this.opening = new Pace(3, timing.opening());
  }

  /** One stream's subscription. */
  final class Subscription implements AutoCloseable {
    private final Connection connection;
    private final String id;

    private Subscription(Connection connection, String id) {
      this.connection = connection;
      this.id = id;
    }

    String id() {
      return id;
    }

    @Override
    public void close() {
      connection.complete(id);
    }
  }

  /** A stream begins: the socket is opened meanwhile. */
  synchronized void join() {
    streams++;
    attempt();
  }

  /** A stream is over. */
  void leave() {
    CompletableFuture<Connection> last;
    synchronized (this) {
      if (--streams > 0) {
        return;
      }
      last = attempt;
      end();
    }
    close(last);
  }

  /** Works: the next failure is the first. */
  void works() {
    backoff.reset();
  }

  /**
   * Subscribes, as soon as there is a connection and Railway's limits allow it.
   *
   * @param after the newest time of which nothing is wanted
   */
  Subscription subscribe(String environmentId, Instant after, int limit, Inbox inbox)
      throws RailwayException, InterruptedException {
    Connection connection = connection();
    opening.await();
    ObjectNode variables =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", environmentId)
            .put("after", after.toString())
            .put("limit", limit);
    ObjectNode payload = JsonNodeFactory.instance.objectNode().put("query", SUBSCRIPTION);
    payload.set("variables", variables);
    String id = Long.toString(ids.incrementAndGet());
    connection.subscribe(id, payload, inbox);
    return new Subscription(connection, id);
  }

  private Connection connection() throws RailwayException, InterruptedException {
    CompletableFuture<Connection> current;
    synchronized (this) {
      current = attempt();
    }
    try {
      return current.get();
    } catch (ExecutionException e) {
      throw new RailwayException(Endpoint.unreachable(url.getHost(), e.getCause()), false);
    }
  }

  /** Guarded by this. */
  private CompletableFuture<Connection> attempt() {
    if (attempt == null || attempt.isCompletedExceptionally()) {
      CompletableFuture<Connection> next = new CompletableFuture<>();
      attempt = next;
      if (closed) {
        next.completeExceptionally(new IOException("it is closed"));
      } else {
        long wait = earliest - System.nanoTime();
        attempting = Thread.ofVirtual().name("railway-connect").start(() -> connect(next, wait));
      }
    }
    return attempt;
  }

  private void connect(CompletableFuture<Connection> outcome, long wait) {
    try {
      if (wait > 0) {
        Thread.sleep(Duration.ofNanos(wait));
      }
      Connection connection = Connection.open(url, token, tls, timing, this::ended);
      synchronized (this) {
        if (attempt == outcome && connection.isOpen()) {
          since = System.nanoTime();
          outcome.complete(connection);
          return;
        }
      }
      connection.close();
      failed(outcome, new IOException("the log socket was closed at once"));
    } catch (IOException | InterruptedException | RuntimeException e) {
      failed(outcome, e);
    }
  }

  private void failed(CompletableFuture<Connection> outcome, Exception why) {
    synchronized (this) {
      if (attempt == outcome) {
        attempt = null;
        if (String.valueOf(why.getMessage()).contains(TOO_MANY)) {
          backoff.slowDown();
        }
        earliest = System.nanoTime() + backoff.next().toNanos();
      }
    }
    outcome.completeExceptionally(why);
  }

  /** Called on any of the connection's threads. */
  private void ended(Connection connection, int code) {
    synchronized (this) {
      if (attempt == null || attempt.getNow(null) != connection) {
        return;
      }
      attempt = null;
      if (System.nanoTime() - since > timing.healthy().toNanos()) {
        backoff.reset();
      }
      if (code >= 4400 && !SOON.contains(code)) {
        backoff.slowDown();
      }
      earliest = System.nanoTime() + backoff.next().toNanos();
    }
  }

  /** Guarded by this. */
  private void end() {
    if (attempting != null) {
      attempting.interrupt();
      attempting = null;
    }
    attempt = null;
  }

  private static void close(CompletableFuture<Connection> attempt) {
    if (attempt != null && !attempt.isCompletedExceptionally()) {
      Connection connection = attempt.getNow(null);
      if (connection != null) {
        connection.close();
      } else {
        attempt.completeExceptionally(new IOException("it is closed"));
      }
    }
  }

  @Override
  public void close() {
    CompletableFuture<Connection> last;
    synchronized (this) {
      closed = true;
      last = attempt;
      end();
    }
    close(last);
  }
}

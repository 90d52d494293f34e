package dev.logtap.client;

import java.io.Closeable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks after all connections: pings, tokens, and those who are silent for too long. Runs one daemon thread, {@code
 * watch-keeper}, from its making to {@link #close}.
 */
final class Keeper implements Closeable {
  private static final long LONGEST_MS = 1000;

  private final TokenSource tokens;

  /** Between two looks, in ms. */
  private final long interval;

  /** With whether the token is for its server. */
  private final Map<Connection, Boolean> connections = new ConcurrentHashMap<>();

  private volatile boolean closed;
  private final Thread thread;

  Keeper(TokenSource tokens, Patience patience) {
    this.tokens = tokens;
    // In whole numbers: a Duration divides by BigDecimal, which takes 36 ms to begin with.
    this.interval = Math.min(LONGEST_MS, Math.max(1, patience.ping().toMillis() / 4));
    this.thread = Thread.ofPlatform().name("watch-keeper").daemon().start(this::run);
  }

  void add(Connection connection, boolean trusted) {
    connections.put(connection, trusted);
  }

  void remove(Connection connection) {
    connections.remove(connection);
  }

  private void run() {
    while (!closed) {
      LockSupport.parkNanos(this, interval * 1_000_000);
      tokens.refresh();
      String token = tokens.current();
      connections.forEach((connection, trusted) -> connection.look(trusted ? token : null));
    }
  }

  /** Also hangs up on all that are open. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    connections.keySet().forEach(Connection::close);
  }
}

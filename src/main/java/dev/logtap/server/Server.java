package dev.logtap.server;

import dev.logtap.hub.Budget;
import dev.logtap.hub.FileReads;
import dev.logtap.hub.Hubs;
import dev.logtap.log.AllowedLog;
import dev.logtap.railway.EnvironmentLogs;
import dev.logtap.railway.EnvironmentSource;
import dev.logtap.relay.FullException;
import dev.logtap.relay.RelaySubscription;
import dev.logtap.relay.Relays;
import dev.logtap.websocket.CloseCode;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The server: accepts connections and holds what they share.
 *
 * <p>Runs one platform thread, {@code accept}, from {@link #open} until {@link #close}, and what it makes for
 * connections. {@link #apply} and {@code close} may be called by any thread.
 */
public final class Server implements Closeable {
  private static final int BACKLOG = 4096;

  /** Descriptors may have run out: a moment later some are free again. */
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);

  /** For large answers and messages together, a fifth of the usual heap: the largest answer there is, or many usual ones. */
  private static final int BUDGET = 48 << 20;

  private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(3);

  /** Letting one in may take a second, and a collection of the heap holds all. */
  private static final Duration LONGEST_ROLL_CALL = Duration.ofSeconds(5);

  private final ServerSocketChannel listener;

  /** Whether somebody else opened the listener, and closes it. */
  private final boolean handed;

  private final Selector selector;

  /** Counted down by who is alive; null when nobody asks. */
  private final AtomicReference<CountDownLatch> rollCall = new AtomicReference<>();

  private final ServerLog log;
  private final String version;
  private final House house;
  private final FileReads reads = new FileReads();
  private final Budget budget = new Budget(BUDGET);
  private final Hubs hubs;
  private final Relays relays = new Relays(RelayEncoding::new, () -> limits().environmentClients(), new RelayReports());

  /** Where environments are relayed from; null until somebody listens to one. Guarded by {@link #relays}. */
  private Upstream upstream;

  private final Sweeper sweeper;
  private final Thread acceptor;
  private volatile Rules rules;
  private volatile boolean stopping;

  /** What was said last of a log that can't be read, so that it is said once and not with each request. */
  private final Map<AllowedLog, String> unreadable = new ConcurrentHashMap<>();

  /** What was opened, and where. */
  private record Upstream(EnvironmentSource source, EnvironmentLogs logs) {}

  private Server(ServerSocketChannel listener, boolean handed, Rules rules, ServerLog log, String version)
      throws IOException {
    this.listener = listener;
    this.handed = handed;
    this.rules = rules;
    this.log = log;
    this.version = version;
    this.house = new House(this::limits);
    this.hubs = new Hubs(StreamEncoding::new, reads, budget, () -> limits().filters(), new Reports());
    this.sweeper = new Sweeper(house, this::limits, budget, bug -> failed("sweeper", bug));
    this.acceptor = Thread.ofPlatform().name("accept").unstarted(this::accept);
    this.selector = Selector.open();
    listener.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
  }

  /**
   * Begins to listen.
   *
   * @throws IOException when the address can't be had, for example because it is taken
   */
  public static Server open(InetSocketAddress address, Rules rules, ServerLog log, String version)
      throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open();
    try {
      listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listener.bind(address, BACKLOG);
      return start(new Server(listener, false, rules, log, version));
    } catch (IOException e) {
      listener.close();
      throw e;
    }
  }

  /**
   * Serves who connects to a socket that listens already, and leaves it open in the end: clients that come then wait for
   * who is handed it next.
   */
  public static Server on(ServerSocketChannel listener, Rules rules, ServerLog log, String version) throws IOException {
    return start(new Server(listener, true, rules, log, version));
  }

  private static Server start(Server server) {
    server.sweeper.start();
    server.acceptor.start();
    return server;
  }

  /** Where it listens, with the port that it was given. */
  public InetSocketAddress address() throws IOException {
    return (InetSocketAddress) listener.getLocalAddress();
  }

  /**
   * Whether connections are still accepted and their threads run. Both are asked directly, because a connection of our own
   * would stand behind those of strangers, and who makes many of them must not have us restarted. Takes a few seconds at
   * most.
   */
  public boolean isAlive() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    rollCall.set(asked);
    selector.wakeup();
    return asked.await(LONGEST_ROLL_CALL.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** From now on these count. Streams whose log is no longer on the list end. */
  public void apply(Rules fresh) {
    rules = fresh;
    unreadable.keySet().retainAll(fresh.logs().values());
    synchronized (relays) {
      if (upstream != null && !upstream.source().equals(fresh.source())) {
        endUpstream("the server reads from Railway anew; come back with the last cursor");
      }
    }
  }

  /** Waits by a selector, because what else ends a wait for connections closes the socket, which may not be ours to close. */
  private void accept() {
    while (!stopping) {
      try {
        selector.select(_ -> {});
        CountDownLatch asked = rollCall.getAndSet(null);
        if (asked != null) {
          Thread.ofVirtual().name("roll-call").start(asked::countDown);
        }
        SocketChannel channel = listener.accept();
        if (channel != null) {
          boolean kept = false;
          try {
            kept = receive(channel);
          } finally {
            if (!kept) {
              channel.close();
            }
          }
        }
      } catch (InterruptedException _) {
        return;
      } catch (IOException e) {
        log.error("serve", "a connection could not be accepted: " + e.getMessage());
        pause();
      } catch (RuntimeException | Error e) {
        // Out of memory, perhaps: the next one may find some again.
        failed("serve", e);
        pause();
      }
    }
  }

  private boolean receive(SocketChannel channel) throws InterruptedException {
    Connection connection;
    try {
      connection = new Connection(Transport.of(channel, rules.tls()), this);
    } catch (IOException _) {
      // It is gone already.
      return false;
    }
    switch (house.enter(connection)) {
      case WELCOME -> {}
      case FULL -> connection.turnAway();
      case TURNED_AWAY -> {
        return false;
      }
    }
    Thread.ofVirtual().name(connection.name()).start(connection);
    return true;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_AFTER_FAILURE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops accepting, tells the streams, and ends when all have gone or had their time. */
  @Override
  public void close() {
    stopping = true;
    // Ends the selector's wait, too.
    acceptor.interrupt();
    try {
      acceptor.join();
      closePort();
      house.all().forEach(Connection::stop);
      house.awaitEmpty(LONGEST_FAREWELL);
      house.all().forEach(Connection::closeSocket);
      hubs.close();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      log.error("serve", "could not end what watches directories: " + e.getMessage());
    }
    synchronized (relays) {
      endUpstream("the server stops; come back with the last cursor");
    }
    sweeper.close();
    reads.close();
  }

  /** The selector as well: a socket that it knows of stays open. */
  private void closePort() {
    try {
      selector.close();
      if (!handed) {
        listener.close();
      }
    } catch (IOException e) {
      log.error("serve", "the port could not be closed: " + e.getMessage());
    }
  }

  /** Guarded by {@link #relays}. */
  private void endUpstream(String sentence) {
    if (upstream != null) {
      relays.endAll(sentence);
      upstream.logs().close();
      upstream = null;
    }
  }

  // ---- what connections share

  Limits limits() {
    return rules.limits();
  }

  Rules rules() {
    return rules;
  }

  ServerLog log() {
    return log;
  }

  String version() {
    return version;
  }

  Hubs hubs() {
    return hubs;
  }

  /** A place in an environment's relay. */
  RelaySubscription relay(Opening.OfEnvironment opening) throws RefusedStreamException {
    synchronized (relays) {
      if (stopping) {
        throw new RefusedStreamException(CloseCode.GOING_AWAY, "the server stops; come back with the last cursor", false);
      }
      Opening.Ending ending = opening.endingBy(rules);
      if (ending != null) {
        throw new RefusedStreamException(ending.code(), ending.reason(), true);
      }
      if (upstream == null) {
        upstream = new Upstream(rules.source(), rules.source().open());
      }
      try {
        return relays.subscribe(upstream.logs(), opening.id(), opening.ask());
      } catch (FullException e) {
        throw new RefusedStreamException(CloseCode.TRY_LATER, e.getMessage(), true);
      }
    }
  }

  FileReads reads() {
    return reads;
  }

  Budget budget() {
    return budget;
  }

  boolean isStopping() {
    return stopping;
  }

  void shown(Connection connection) {
    house.shown(connection);
  }

  void left(Connection connection) {
    house.leave(connection);
  }

  void readable(AllowedLog allowed) {
    if (!unreadable.isEmpty() && unreadable.remove(allowed) != null) {
      log.info(allowed.name() + ": '" + allowed.path() + "' can be read now");
    }
  }

  void unreadable(AllowedLog allowed, String why) {
    if (!why.equals(unreadable.put(allowed, why))) {
      log.warning(allowed.name().value(), why);
    }
  }

  void failed(String subject, Throwable bug) {
    StackTraceElement[] trace = bug.getStackTrace();
    String where = trace.length == 0 ? "" : " at " + trace[0];
    log.error(subject, "this is a bug in logtap: " + bug + where + "; please report it");
  }

  /** What relays have to say. */
  private final class RelayReports implements Relays.Reports {
    @Override
    public void trouble(String environmentId, String sentence) {
      log.warning(nameOf(environmentId), sentence);
    }

    @Override
    public void lost(String environmentId, OptionalLong dropped, String why) {
      String many = dropped.isEmpty() ? "" : dropped.getAsLong() == 1 ? "1 entry: " : dropped.getAsLong() + " entries: ";
      log.warning(nameOf(environmentId), "gap: " + many + why);
    }

    @Override
    public void sweepFailed(String environmentId, String why) {
      log.warning(nameOf(environmentId), "entries that are stored late can't be looked for, which is tried again: " + why);
    }

    @Override
    public void sweepsAgain(String environmentId) {
      log.info(nameOf(environmentId) + ": entries that are stored late are looked for again");
    }

    @Override
    public void failed(String environmentId, Throwable bug) {
      Server.this.failed(nameOf(environmentId), bug);
    }

    private String nameOf(String environmentId) {
      return rules.environments().entrySet().stream()
          .filter(named -> named.getValue().equals(environmentId))
          .map(Map.Entry::getKey)
          .findFirst()
          .orElse(environmentId);
    }
  }

  /** What hubs have to say. */
  private final class Reports implements Hubs.Reports {
    @Override
    public void notice(AllowedLog allowed, String sentence) {
      // Whatever happens to the file, it is there.
      unreadable.remove(allowed);
      log.warning(allowed.name().value(), sentence);
    }

    @Override
    public void unreadable(AllowedLog allowed, String why) {
      Server.this.unreadable(allowed, why);
    }

    @Override
    public void readable(AllowedLog allowed) {
      Server.this.readable(allowed);
    }

    @Override
    public void failed(AllowedLog allowed, Throwable bug) {
      Server.this.failed(allowed.name().value(), bug);
    }
  }
}

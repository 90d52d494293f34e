package dev.logtap.railway;

import dev.logtap.Await;
import graphql.language.Field;
import graphql.language.OperationDefinition;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/**
 * Stands in for Railway's API: GraphQL by HTTP and by WebSocket on one port of this machine, for what a relay of logs
 * asks of it, with the faults that have been seen of the real one. Called by tests, on any thread.
 *
 * <p>What one call stores is pushed at once, as one batch, unless {@link #pollEvery} says otherwise.
 */
public final class RailwayStandIn implements AutoCloseable {
  private final StandInFaults faults = new StandInFaults();
  private final StandInSchema schema = new StandInSchema(this, faults);
  private final SSLContext tls;
  private final Map<String, StandInEnvironment> environments = new ConcurrentHashMap<>();
  private final Map<RailwayToken, Set<String>> tokens = new ConcurrentHashMap<>();
  private final Set<StandInConnection> connections = ConcurrentHashMap.newKeySet();
  private final Set<StandInSocket> sockets = ConcurrentHashMap.newKeySet();
  private final List<StandInRequest> requests = new CopyOnWriteArrayList<>();

  /** Bound and never listening: keeps the port ours while connections are refused. */
  private final Socket port = new Socket();

  private ServerSocket listener;
  private Thread accepting;

  private RailwayStandIn(SSLContext tls) throws IOException {
    this.tls = tls;
    port.setReuseAddress(true);
    port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    acceptConnections();
  }

  public static RailwayStandIn start() {
    return startTls(null);
  }

  /** @param tls with the key and the certificate of 127.0.0.1; null for none */
  public static RailwayStandIn startTls(SSLContext tls) {
    try {
      return new RailwayStandIn(tls);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of the HTTP endpoint; the socket's has another scheme. */
  public URI url() {
    String scheme = tls == null ? "http" : "https";
    return URI.create(scheme + "://127.0.0.1:" + port.getLocalPort() + "/graphql/v2");
  }

  // What there is.

  public RailwayStandIn environment(String id, String name) {
    environments.put(id, new StandInEnvironment(id, name));
    return this;
  }

  public RailwayStandIn service(String environmentId, String serviceId, String name) {
    environment(environmentId).addService(serviceId, name);
    return this;
  }

  /** Lets a token open environments, and no others. */
  public RailwayStandIn allow(RailwayToken token, String... environmentIds) {
    tokens.put(token, Set.of(environmentIds));
    return this;
  }

  /** From now on the token opens nothing: queries, subscribes and new sockets are those of a stranger. */
  public void revoke(RailwayToken token) {
    tokens.remove(token);
  }

  /** Stores rows, all at once. One that is older than what a subscription has pushed never comes there. */
  public void store(String environmentId, StandInRow... rows) {
    store(environmentId, Arrays.asList(rows));
  }

  public void store(String environmentId, List<StandInRow> rows) {
    StandInEnvironment environment = environment(environmentId);
    environment.store(rows);
    if (faults.pollInterval.isZero()) {
      environment.streams().forEach(StandInStream::poll);
    }
  }

  /** Changes what is stored; nothing is pushed. */
  public void replace(String environmentId, StandInRow before, StandInRow after) {
    environment(environmentId).replace(before, after);
  }

  // How it behaves.

  /** @param interval zero, as it is at first, lets a poll follow each store */
  public void pollEvery(Duration interval) {
    faults.pollInterval = interval;
    eachStream(StandInStream::wake);
  }

  /** Queries with {@code beforeLimit} give one row more, where there is one. */
  public void giveOneMore() {
    faults.oneMore = true;
  }

  /** Queries leave out the row at {@code anchorDate} itself, with which they else end. */
  public void leaveOutAnchor() {
    faults.boundaryRepeats = false;
  }

  /** Dates in arguments count to the millisecond, of queries as of subscriptions; what is finer is cut off. */
  public void boundInMillis() {
    faults.boundsIn = ChronoUnit.MILLIS;
  }

  /** How many services a page of them holds at most. */
  public void servicesPerPage(int most) {
    faults.pageSize = most;
  }

  /** Gives all answers by HTTP a header, {@code X-RateLimit-Remaining} for example. */
  public void header(String name, String value) {
    faults.headers.put(name, value);
  }

  public void delayAnswers(Duration delay) {
    faults.delay = delay;
  }

  /** Answers by HTTP wait until they are released. */
  public void holdAnswers() {
    faults.gate = new CountDownLatch(1);
  }

  public void releaseAnswers() {
    faults.gate.countDown();
  }

  // Faults of queries.

  public void answerWith429(Duration retryAfter, int times) {
    answerWith429(String.valueOf(retryAfter.toSeconds()), times);
  }

  public void answerWith429(String retryAfter, int times) {
    plan(faults.httpAnswers::add, new StandInFaults.Answer(429, Map.of("Retry-After", retryAfter), "{}"), times);
  }

  /** Answers the next requests with a status and a body that is no GraphQL. */
  public void answerWith(int status, int times) {
    plan(faults.httpAnswers::add, new StandInFaults.Answer(status, Map.of(), "<html>" + status + "</html>"), times);
  }

  /** Answers as it should from now on. */
  public void answerWell() {
    faults.httpAnswers.clear();
  }

  /** Answers the next queries with an error, {@code Not Authorized} for example. */
  public void refuseQueries(String message, int times) {
    plan(faults.queryRefusals::add, message, times);
  }

  // Faults of sockets.

  /** Answers the next handshakes with a status. @param retryAfter null for none */
  public void answerHandshakesWith(int status, Duration retryAfter, int times) {
    Map<String, String> headers =
        retryAfter == null ? Map.of() : Map.of("Retry-After", String.valueOf(retryAfter.toSeconds()));
    plan(faults.upgradeAnswers::add, new StandInFaults.Answer(status, headers, "{}"), times);
  }

  /** Answers the next subscribes with an error, {@code Not Authorized} for example. */
  public void refuseSubscribes(String message, int times) {
    plan(faults.subscribeRefusals::add, message, times);
  }

  /** Refused subscribes get {@code next} with errors and then {@code complete}, in place of {@code error}. */
  public void refuseByNext() {
    faults.refusesByNext = true;
  }

  public void withholdAcks() {
    faults.acks = false;
  }

  public void sendAcks() {
    faults.acks = true;
  }

  /** Neither WebSocket's pings nor the protocol's are answered. */
  public void stopAnsweringPings() {
    faults.answersPings = false;
  }

  public void answerPings() {
    faults.answersPings = true;
  }

  /** Cuts all sockets, without a close frame. */
  public void cut() {
    sockets.forEach(StandInSocket::cut);
  }

  /** Closes all sockets with a code. */
  public void close(int code) {
    sockets.forEach(socket -> socket.close(code));
  }

  /** Sends all sockets a text: a frame that the protocol does not know, or its {@code ping}. */
  public void say(String text) {
    sockets.forEach(socket -> socket.say(text));
  }

  /** Sends {@code next} with {@code data: null} and errors for all subscriptions, which go on. */
  public void pushNull() {
    sockets.forEach(StandInSocket::pushNull);
  }

  /** Sends all sockets a ping of WebSocket's. */
  public void ping() {
    sockets.forEach(StandInSocket::ping);
  }

  /** The host stays, and nobody listens there. */
  public void refuseConnections() {
    try {
      listener.close();
      // The kernel listens for as long as a thread is still in accept().
      accepting.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    connections.stream().filter(connection -> connection.upgraded() == null).forEach(StandInConnection::cut);
  }

  public void acceptConnections() {
    try {
      // Not in a try: the loop closes it.
      listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(port.getLocalSocketAddress(), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ServerSocket opened = listener;
    accepting = Thread.ofVirtual().name("stand-in-accept").start(() -> accept(opened));
  }

  // Faults of subscriptions; what was stored before is pushed before.

  public void complete() {
    eachStream(StandInStream::complete);
  }

  public void complete(String environmentId) {
    environment(environmentId).streams().forEach(StandInStream::complete);
  }

  /** Ends all subscriptions with {@code error}. */
  public void error(String message) {
    eachStream(stream -> stream.fail(message));
  }

  public void pushEmptyBatch() {
    eachStream(stream -> stream.push(List.of()));
  }

  /** Pushes rows, whether stored or not, as they may come a second time. */
  public void push(String environmentId, StandInRow... rows) {
    environment(environmentId).streams().forEach(stream -> stream.push(List.of(rows)));
  }

  // What is seen of it.

  /** All operations that came, in order. */
  public List<StandInRequest> requests() {
    return List.copyOf(requests);
  }

  public long count(Predicate<StandInRequest> wanted) {
    return requests.stream().filter(wanted).count();
  }

  /** How many subscribes came, whatever became of them. */
  public long subscribes() {
    return count(StandInRequest::subscription);
  }

  public int openSockets() {
    return sockets.size();
  }

  /** How many subscriptions an environment has that have not ended. */
  public int subscriptions(String environmentId) {
    return environment(environmentId).streams().size();
  }

  /** How many pongs have come on the sockets that are open. */
  public int pongs() {
    return sockets.stream().mapToInt(StandInSocket::pongs).sum();
  }

  public void awaitRequests(Predicate<StandInRequest> wanted, long least) {
    Await.until(() -> count(wanted) >= least, this::toString);
  }

  public void awaitSubscribes(long least) {
    Await.until(() -> subscribes() >= least, this::toString);
  }

  public void awaitSockets(int open) {
    Await.until(() -> openSockets() == open, this::toString);
  }

  public void awaitSubscriptions(String environmentId, int active) {
    Await.until(() -> subscriptions(environmentId) == active, this::toString);
  }

  public void awaitPongs(int least) {
    Await.until(() -> pongs() >= least, this::toString);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("sockets: " + openSockets());
    environments.keySet().forEach(id -> text.append(", ").append(id).append(": ").append(subscriptions(id)));
    requests.forEach(request -> text.append('\n').append(request));
    return text.toString();
  }

  @Override
  public void close() {
    refuseConnections();
    faults.closed.countDown();
    releaseAnswers();
    Await.until(this::isCutOff, () -> "connections that have not ended: " + connections);
    try {
      port.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // For what serves the connections.

  StandInSchema schema() {
    return schema;
  }

  Set<StandInSocket> sockets() {
    return sockets;
  }

  StandInEnvironment environment(String id) {
    StandInEnvironment environment = environments.get(id);
    if (environment == null) {
      throw new IllegalArgumentException("the stand-in has no environment " + id);
    }
    return environment;
  }

  Set<String> opens(RailwayToken token) {
    return tokens.getOrDefault(token, Set.of());
  }

  /** The token with this secret, or null where it opens nothing. */
  RailwayToken known(RailwayToken.Kind kind, String secret) {
    return tokens.keySet().stream()
        .filter(token -> token.kind() == kind && token.secret().equals(secret))
        .findFirst()
        .orElse(null);
  }

  void saw(boolean subscription, Set<String> headers, String query, Map<String, Object> variables) {
    requests.add(new StandInRequest(subscription, headers, field(query), query, variables));
  }

  private static String field(String query) {
    try {
      return new Parser()
          .parseDocument(query)
          .getFirstDefinitionOfType(OperationDefinition.class)
          .map(operation -> operation.getSelectionSet().getSelectionsOfType(Field.class).getFirst().getName())
          .orElse("");
    } catch (InvalidSyntaxException _) {
      return "";
    }
  }

  private void eachStream(Consumer<StandInStream> action) {
    environments.values().forEach(environment -> environment.streams().forEach(action));
  }

  private static <T> void plan(Consumer<T> plan, T fault, int times) {
    Collections.nCopies(times, fault).forEach(plan);
  }

  private boolean isCutOff() {
    connections.forEach(StandInConnection::cut);
    return connections.isEmpty();
  }

  private void accept(ServerSocket opened) {
    try (opened) {
      while (true) {
        StandInConnection connection = new StandInConnection(this, faults, opened.accept());
        connections.add(connection);
        Thread.ofVirtual()
            .name("stand-in-connection")
            .start(
                () -> {
                  try {
                    connection.run(tls);
                  } finally {
                    connections.remove(connection);
                  }
                });
      }
    } catch (IOException _) {
      // A test has closed it.
    }
  }
}

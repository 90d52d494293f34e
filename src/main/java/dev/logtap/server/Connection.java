package dev.logtap.server;

import dev.logtap.auth.Access;
import dev.logtap.auth.RefusedTokenException;
import dev.logtap.hub.Budget;
import dev.logtap.log.AllowedLog;
import dev.logtap.log.Excerpt;
import dev.logtap.log.UnreadableLogException;
import dev.logtap.protocol.Json;
import dev.logtap.protocol.LinesAnswer;
import dev.logtap.websocket.CloseCode;
import dev.logtap.websocket.Handshake;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One connection: requests and answers one after the other, or a stream.
 *
 * <p>Everything in this class runs on the connection's own virtual thread, {@code conn-ADDRESS}, but for what says
 * otherwise.
 */
final class Connection implements Runnable {
  private static final String BEARER = "bearer ";
  private static final String TOKEN_PROTOCOL = "bearer.";

  private static final int MOST_TEXT = 8 << 20;

  /**
   * After a close frame, or an answer to what could not be read: so long the peer may take to close as well. With a tick of
   * the sweeper that is within the contract's two seconds.
   */
  private static final Duration TO_CLOSE = Duration.ofMillis(1700);

  /** For memory that an answer needs and peers that read slowly hold: so long it is waited for. */
  private static final Duration TO_BE_GRANTED = Duration.ofSeconds(10);

  /** The log may grow between the attempt that measures an answer and the one that keeps it, but not for ever. */
  private static final int MOST_ATTEMPTS = 3;

  private static final int MOST_DRAINED = 256 << 10;

  /** No deadline. */
  private static final long NONE = Long.MIN_VALUE;

  private final Transport transport;
  private final Server server;
  private final RequestReader reader;
  private final String name;
  private boolean full;

  /** When what is under way has to be done, as {@link System#nanoTime}; the sweeper closes the socket then. */
  private volatile long deadline;

  /** Whether only the peer's silence ends it: an answer or a stream is under way. */
  private volatile boolean busy;

  /** Null before it runs. */
  private volatile Thread thread;

  /** Whether a request of it was looked at, so that a token that came first was seen. */
  private volatile boolean heard;

  private volatile boolean mustEnd;

  /** Whether the sweeper has ended it because the peer neither took nor sent anything. */
  private volatile boolean stalled;

  /** Since when a large answer or message is being written, as {@link System#nanoTime}; {@link #NONE} while none is. */
  private volatile long holdsSince = NONE;

  /** Memory for the answer that is under way; null where it is small. */
  private Budget.Claim claim;

  /** Null while it speaks HTTP. */
  private volatile MessageStream stream;

  Connection(Transport transport, Server server) {
    this.transport = transport;
    this.server = server;
    this.reader = new RequestReader(transport.in(), server.limits());
    InetSocketAddress remote = transport.remote();
    this.name = "conn-" + remote.getAddress().getHostAddress() + ":" + remote.getPort();
    this.deadline = in(server.limits().headTime());
  }

  /** The house is full: it is told so. Called before it runs. */
  void turnAway() {
    full = true;
  }

  String name() {
    return name;
  }

  private static long in(Duration time) {
    return System.nanoTime() + time.toNanos();
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    try {
      while (answerNext()) {
        deadline = in(server.limits().idle());
        if (!reader.awaitHead()) {
          break;
        }
        deadline = in(server.limits().headTime());
      }
    } catch (IOException _) {
      // The peer is gone, or has had its time.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      failed(e);
    } finally {
      closeSocket();
      server.left(this);
    }
  }

  // ---- called by other threads

  /**
   * Whether its first request is here, or may be, and we have not looked at it yet. It is not where the thread waits in a
   * read. What is unread is asked first and the thread last: one that was about to wait, or has just been woken, runs.
   */
  boolean waitsForUs() {
    Thread own = thread;
    return !heard
        && (transport.hasUnread() || !transport.isReading() || own == null || own.getState() != Thread.State.WAITING);
  }

  /** Another one that has no token either needs its place. */
  void giveWay() {
    closeSocket();
  }

  void closeSocket() {
    transport.close();
  }

  /** A close frame is on its way: the socket is closed when it has had its time. */
  void mustEndSoon() {
    if (!mustEnd) {
      mustEnd = true;
      deadline = in(TO_CLOSE);
    }
  }

  /** A bug showed. */
  void failed(Throwable bug) {
    server.failed(name, bug);
  }

  /** The server stops: streams are told, everything else is cut. */
  void stop() {
    MessageStream open = stream;
    if (open != null) {
      open.end(CloseCode.GOING_AWAY, "the server stops; come back with the last cursor");
    } else if (!busy) {
      closeSocket();
    }
  }

  /** Whether nothing has been heard of the peer for a good part of the time it has. Called by the sweeper. */
  boolean seemsStalled(long now) {
    return busy && now - transport.lastProgress() > server.limits().stall().toNanos() / 4;
  }

  /** Called by the sweeper while it seems stalled. */
  void note(SendQueues queues) {
    transport.noteQueue(queues.of(transport));
  }

  /** Whether what is being written now is large. Called by the thread that writes. */
  void holds(boolean large) {
    holdsSince = large ? System.nanoTime() : NONE;
  }

  /** For how long a large answer or message has been on its way to the peer; nanoseconds, 0 while none is. */
  long hasHeld(long now) {
    long since = holdsSince;
    return since == NONE ? 0 : now - since;
  }

  /** Called by the sweeper. */
  void sweep(long now) {
    long end = deadline;
    boolean late = end != NONE && now - end > 0;
    stalled |= busy && now - transport.lastProgress() > server.limits().stall().toNanos();
    if (late || stalled) {
      closeSocket();
      return;
    }
    MessageStream open = stream;
    if (open != null) {
      open.remind(now);
    }
  }

  // ---- one request

  /** Answers one request; whether another one may come. */
  private boolean answerNext() throws IOException, InterruptedException {
    Request request;
    try {
      request = reader.next();
    } catch (BadRequestException e) {
      Answer refusal = Answer.refusal(e.status(), e.getMessage());
      long before = transport.written();
      refusal.write(transport, false, false);
      log("-", e.status(), System.nanoTime(), transport.written() - before);
      drain();
      return false;
    }
    if (request == null) {
      return false;
    }
    long begun = System.nanoTime();
    long before = transport.written();
    deadline = NONE;
    busy = true;
    boolean persistent;
    try {
      Answer answer = answer(request, begun);
      heard = true;
      if (answer == null) {
        return false;
      }
      persistent = request.persistent() && !full && !server.isStopping();
      holds(claim != null);
      boolean whole = false;
      try {
        answer.write(transport, request.method().equals("HEAD"), persistent);
        whole = true;
      } finally {
        log(request + (whole ? "" : " (cut off)"), answer.status(), begun, transport.written() - before);
      }
    } finally {
      holds(false);
      dropClaim();
    }
    busy = false;
    if (!persistent) {
      drain();
    }
    return persistent;
  }

  /** Lets the peer read the answer: a socket that is closed with something unread sends a reset instead. */
  private void drain() throws IOException {
    deadline = in(TO_CLOSE);
    transport.endOutput();
    InputStream rest = reader.rest();
    byte[] scratch = new byte[4 << 10];
    for (int left = MOST_DRAINED; left > 0; ) {
      int n = rest.read(scratch, 0, scratch.length);
      if (n < 0) {
        return;
      }
      left -= n;
    }
  }

  /** The answer; null when a stream was the answer. */
  private Answer answer(Request request, long begun) throws IOException, InterruptedException {
    Map<String, String> cors = cors(request);
    Answer answer = answer(request, begun, cors);
    if (answer == null) {
      return null;
    }
    String varies = answer.headers().get("Vary");
    return varies == null ? answer.with(cors) : answer.with(cors).with(Map.of("Vary", varies + ", Origin"));
  }

  private Answer answer(Request request, long begun, Map<String, String> cors) throws IOException, InterruptedException {
    try {
      Target target = Target.parse(request.target());
      Route route = Route.of(target);
      if (route instanceof Route.Unknown(int status)) {
        return Answer.refusal(status, "there is nothing at this path; /openapi.json says what there is");
      }
      String allowed = route.isStream() ? "GET, OPTIONS" : "GET, HEAD, OPTIONS";
      if (request.method().equals("OPTIONS")) {
        return preflight(allowed, cors);
      }
      if (!request.method().equals("GET") && (route.isStream() || !request.method().equals("HEAD"))) {
        return Answer.refusal(405, Map.of("Allow", allowed), "this path does not know that method; use GET");
      }
      if (full && !route.equals(new Route.Open(Page.HEALTH))) {
        return Answer.refusal(503, Map.of("Retry-After", "5"), "the server has as many connections as it may; try again later");
      }
      if (route.isStream()) {
        return stream(request, target, route, begun);
      }
      return plain(request, target, route);
    } catch (BadRequestException e) {
      return Answer.refusal(e.status(), e.getMessage());
    }
  }

  /** What lets a page of an origin that may use the server read the answer. */
  private Map<String, String> cors(Request request) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Vary", "Origin");
    try {
      String origin = request.header("Origin");
      if (origin != null && isAllowed(origin, request)) {
        headers.put("Access-Control-Allow-Origin", origin);
        headers.put("Access-Control-Expose-Headers", "Retry-After");
      }
    } catch (BadRequestException _) {
      // Two origins are none.
    }
    return headers;
  }

  private boolean isAllowed(String origin, Request request) throws BadRequestException {
    Origins origins = server.rules().origins();
    return origins.allow(origin, request.header("Host"), transport.isEncrypted(), transport.local().getAddress());
  }

  private static Answer preflight(String allowed, Map<String, String> cors) {
    Answer answer = Answer.nothing(Map.of("Allow", allowed));
    return cors.containsKey("Access-Control-Allow-Origin")
        ? answer.with(
            Map.of(
                "Access-Control-Allow-Methods", "GET",
                "Access-Control-Allow-Headers", "authorization",
                "Access-Control-Max-Age", "600"))
        : answer;
  }

  private Answer plain(Request request, Target target, Route route)
      throws IOException, BadRequestException, InterruptedException {
    if (route instanceof Route.Open(Page page)) {
      return Answer.ok(Answer.JSON, ByteBuffer.wrap(page.body(server.version())));
    }
    if (route instanceof Route.View(ViewerFile file)) {
      return file.answer(request.header("Accept-Encoding"), request.header("If-None-Match"));
    }
    Rules rules = server.rules();
    Access access;
    try {
      access = rules.authority().check(tokenOf(request));
    } catch (RefusedTokenException e) {
      return Answer.refusal(401, Map.of("WWW-Authenticate", "Bearer"), e.getMessage());
    }
    server.shown(this);
    if (!(route instanceof Route.LastLines(String log))) {
      List<String> logs = rules.logs().keySet().stream().filter(access.logs()::covers).toList();
      List<String> environments =
          rules.environments().entrySet().stream()
              .filter(named -> rules.opens(access, named.getValue()))
              .map(Map.Entry::getKey)
              .toList();
      return Answer.ok(Answer.JSON, ByteBuffer.wrap(Json.names(logs, environments)));
    }
    AllowedLog allowed = rules.logs().get(log);
    if (allowed == null) {
      throw new BadRequestException(400, "there is no log of that name");
    }
    if (!access.logs().covers(log)) {
      throw new BadRequestException(403, "the token does not open this log; get one that does");
    }
    int lines = target.lines(1);
    try {
      return lastLines(allowed, lines);
    } catch (IOException e) {
      server.unreadable(allowed, "can't be read: " + e.getMessage());
      return Answer.ok(Answer.JSON, noLines(allowed, Instant.now()).written());
    }
  }

  private static AnswerBytes noLines(AllowedLog log, Instant now) throws IOException {
    AnswerBytes bytes = AnswerBytes.upTo(Budget.SMALL);
    LinesAnswer.write(bytes, log.name(), null, now);
    return bytes;
  }

  /** The last lines; a large answer is measured first, and made when there is memory for it until it is written. */
  private Answer lastLines(AllowedLog log, int lines) throws IOException, InterruptedException {
    AnswerBytes bytes = server.reads().call(log, () -> lastLines(log, lines, AnswerBytes.upTo(Budget.SMALL)));
    for (int attempt = 1; !bytes.isWhole(); attempt++) {
      dropClaim();
      int room = bytes.length() + bytes.length() / 8;
      claim = server.budget().claim(room);
      // It is not the peer that is waited for.
      busy = false;
      boolean granted = attempt <= MOST_ATTEMPTS && claim.await(TO_BE_GRANTED);
      transport.awaited();
      busy = true;
      if (!granted) {
        dropClaim();
        return Answer.refusal(
            503,
            Map.of("Retry-After", "10"),
            "too many large answers are on their way to peers that read slowly; ask for fewer lines, or later");
      }
      bytes = server.reads().call(log, () -> lastLines(log, lines, AnswerBytes.of(room)));
    }
    return Answer.ok(Answer.JSON, bytes.written());
  }

  private void dropClaim() {
    if (claim != null) {
      claim.close();
      claim = null;
    }
  }

  /** Runs on a thread that may wait for the disk. */
  private AnswerBytes lastLines(AllowedLog log, int lines, AnswerBytes bytes) throws IOException {
    Instant now = Instant.now();
    try (Excerpt excerpt = Excerpt.ofNewest(log, lines, MOST_TEXT)) {
      LinesAnswer.write(bytes, log.name(), excerpt, now);
      server.readable(log);
      return bytes;
    } catch (IOException e) {
      server.unreadable(log, e instanceof UnreadableLogException ? e.getMessage() : "can't be read: " + e.getMessage());
      return noLines(log, now);
    }
  }

  private static String tokenOf(Request request) throws RefusedTokenException {
    String token = headerToken(request);
    if (token == null) {
      throw new RefusedTokenException("no token came with the request; send it as Authorization: Bearer");
    }
    return token;
  }

  /** Null where there is none: another kind of authorization is a proxy's business. */
  private static String headerToken(Request request) throws RefusedTokenException {
    try {
      String authorization = request.header("Authorization");
      boolean bearer = authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER);
      return bearer ? authorization.substring(BEARER.length()).strip() : null;
    } catch (BadRequestException e) {
      throw new RefusedTokenException(e.getMessage());
    }
  }

  // ---- streams

  /** Becomes a stream; the answer where it can't. */
  private Answer stream(Request request, Target target, Route route, long begun)
      throws IOException, BadRequestException, InterruptedException {
    if (request.body()) {
      // It would be read as frames.
      throw new BadRequestException(400, "a handshake has no body");
    }
    Handshake.Answer handshake = Handshake.answer(request.method(), request.version(), request.target(), request.headers());
    if (handshake instanceof Handshake.Answer.Refused(int status, Map<String, String> headers, String sentence)) {
      return Answer.refusal(status, headers, sentence);
    }
    String origin = request.header("Origin");
    if (origin != null && !isAllowed(origin, request)) {
      return Answer.refusal(403, "pages of this origin may not use this server; --allow-origin lists those that may");
    }
    transport.write(ByteBuffer.wrap(((Handshake.Answer.Accepted) handshake).head()));
    log(request.toString(), 101, begun, 0);
    MessageStream accepted = accept(request, target, route);
    stream = accepted;
    if (server.isStopping()) {
      stop();
    }
    accepted.run(reader.rest());
    server.log()
        .info(
            "access: %s \"%s\" ended %d%s, %d bytes, %.1f s"
                .formatted(
                    name.substring("conn-".length()),
                    request,
                    accepted.closedWith(),
                    stalled ? " (stalled)" : "",
                    transport.written(),
                    (System.nanoTime() - begun) / 1e9));
    return null;
  }

  private MessageStream accept(Request request, Target target, Route route) throws InterruptedException {
    try {
      Access access = server.rules().authority().check(streamToken(request, target));
      server.shown(this);
      return new MessageStream(this, transport, server, access, Opening.of(route, target, server.rules(), access));
    } catch (RefusedTokenException e) {
      return refused(CloseCode.UNAUTHORIZED, e.getMessage(), false);
    } catch (RefusedStreamException e) {
      return refused(e.code(), e.getMessage(), e.hasMessage());
    } catch (BadRequestException e) {
      return refused(CloseCode.UNKNOWN_NAME, e.getMessage(), true);
    }
  }

  private MessageStream refused(CloseCode code, String sentence, boolean message) throws InterruptedException {
    MessageStream refused = new MessageStream(this, transport, server, null, null);
    refused.refuse(code, sentence, message);
    return refused;
  }

  /** The three ways to bring a token, the safest first. */
  private static String streamToken(Request request, Target target) throws RefusedTokenException {
    String header = headerToken(request);
    if (header != null) {
      return header;
    }
    for (String protocol : Handshake.protocols(request.headers())) {
      if (protocol.startsWith(TOKEN_PROTOCOL)) {
        return protocol.substring(TOKEN_PROTOCOL.length());
      }
    }
    List<String> tokens = target.query().getOrDefault("token", List.of());
    if (tokens.size() != 1) {
      throw new RefusedTokenException(
          "no token, or more than one, came with the request; send it as Authorization: Bearer, as subprotocol or as ?token=");
    }
    return tokens.getFirst();
  }

  private void log(String request, int status, long begun, long bytes) {
    server.log()
        .info(
            "access: %s \"%s\" %d, %d bytes, %d ms"
                .formatted(
                    name.substring("conn-".length()), request, status, bytes, (System.nanoTime() - begun) / 1_000_000));
  }
}

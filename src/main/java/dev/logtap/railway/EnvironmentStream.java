package dev.logtap.railway;

import dev.logtap.railway.Inbox.Event;
import dev.logtap.railway.Queries.Rows;
import dev.logtap.railway.RequestBudget.Purpose;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The log of one environment as it happens, each stored row once.
 *
 * <p>Three sources give rows, and {@link Told} lets each row through once: the query that it begins with, a
 * subscription that goes back a little behind what is known, and sweeps, which ask for the last seconds once more
 * because a row that is stored late, behind the subscription's cursor, is never pushed. Where the subscription may have
 * left rows out the span is asked for; where that fails, a loss is told.
 *
 * <p>All of it runs on one virtual thread, {@code railway-ID}, but for the queries of sweeps.
 */
final class EnvironmentStream implements EnvironmentLogs.Stream {
  /** A span that is longer than so many answers is told as lost: they are all held until the oldest is there. */
  private static final int MOST_PAGES = 10;

  /** Of sweeps: a subscription gives 1,250 rows a second at most. */
  private static final int SWEEP_PAGES = 8;

  /** How often a page of lost rows is asked for. */
  private static final int TRIES = 3;

  /** Sweeps after the last row, for those that are stored late. */
  private static final int SWEEPS_WHEN_QUIET = 2;

  /** How late a row may be stored and is still found. */
  private static final Duration LATE = Duration.ofSeconds(10);

  /** The least that a sweep looks back. */
  private static final Duration SWEPT = Duration.ofSeconds(30);

  /** A row dated later than this from now has its time from a clock that is wrong, and is no cursor. */
  private static final Duration FUTURE = Duration.ofMinutes(1);

  /** Where an environment begins in which nothing is stored. */
  private static final Duration WHEN_EMPTY = Duration.ofHours(1);

  /** What is swept and gone back to is known for this much longer. */
  private static final Duration KEPT = Duration.ofMinutes(1);

  private static final Duration CLOSING = Duration.ofSeconds(2);

  /** Railway's own line about what it did not store. */
  private static final Pattern DROPPED =
      Pattern.compile("Railway rate limit of .* reached.*Messages dropped: ?(\\d{1,18}).*", Pattern.DOTALL);

  /** Anything longer is an app's, and may be made to keep the pattern busy. */
  private static final int LONGEST_NOTICE = 500;

  /** More different troubles than that are told again. */
  private static final int MOST_TROUBLES = 100;

  private final String environmentId;
  private final Consumer<Happening> listener;
  private final RailwayToken token;
  private final Queries queries;
  private final ServiceNames names;
  private final SharedSocket socket;
  private final RequestBudget budget;
  private final Timing timing;

  /** How many streams share the budget. */
  private final IntSupplier streams;

  private final Runnable over;
  private final Inbox inbox = new Inbox();
  private final Backoff backoff;
  private final Thread thread;
  private volatile boolean closed;

  // From here on for the thread only.

  private final Told told = new Told();

  /** Up to here all rows have been told, but for late ones. */
  private Instant newest;

  /** The rows that the next subscription gives at most at once. */
  private int limit = Queries.MOST_ROWS;

  /** What has been said since it last worked. */
  private final Set<String> troubles = new HashSet<>();

  /** Why sweeps have failed since the last that did not. */
  private final Set<String> sweepTroubles = new HashSet<>();

  private boolean reconnecting;

  /** When to sweep next. */
  private long sweepAt;

  /** Null while none is under way. */
  private Thread sweeping;

  /** What was the newest when the last sweep that did not fail began. */
  private Instant swept;

  /** Whether a sweep has failed, or could not be afforded, since then. */
  private boolean missed;

  /** How many more sweeps there are until it counts as quiet. */
  private int sweeps;

  /** How many requests the last sweep took. */
  private int pages = 1;

  /** Whether the subscription has given something since the last sweep. */
  private boolean alive;

  /** Whether the last sweep has found something newer than the subscription has given. */
  private boolean ahead;

  EnvironmentStream(
      String environmentId,
      Consumer<Happening> listener,
      RailwayToken token,
      Queries queries,
      ServiceNames names,
      SharedSocket socket,
      RequestBudget budget,
      Timing timing,
      IntSupplier streams,
      Runnable over) {
    this.environmentId = environmentId;
    this.listener = listener;
    this.token = token;
    this.queries = queries;
    this.names = names;
    this.socket = socket;
    this.budget = budget;
    this.timing = timing;
    this.streams = streams;
    this.over = over;
    this.backoff = new Backoff(timing.shortestWait(), timing.longestWait(), RandomGenerator.getDefault());
    this.thread = Thread.ofVirtual().name("railway-" + environmentId).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Makes it end; it may go on for a moment. */
  void stop() {
    closed = true;
    thread.interrupt();
  }

  /** Waits until it has ended, which a listener that calls from its own thread can't. */
  void awaitEnd(Duration longest) {
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(longest);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
    awaitEnd(CLOSING);
  }

  private void run() {
    socket.join();
    try {
      begin();
      while (true) {
        follow();
      }
    } catch (RailwayException e) {
      tell(new Happening.Failed(e.getMessage()));
    } catch (InterruptedException _) {
      // Closed.
    } catch (RuntimeException | Error e) {
      // Else its clients would wait for ever for a thread that is no more.
      tell(new Happening.Failed("an error in logtap itself has ended the stream: " + e.getClass().getName() + at(e)));
    } finally {
      // It has done its work, and would cut the socket's goodbye short.
      Thread.interrupted();
      if (sweeping != null) {
        sweeping.interrupt();
      }
      socket.leave();
      over.run();
    }
  }

  private static String at(Throwable bug) {
    StackTraceElement[] trace = bug.getStackTrace();
    return trace.length == 0 ? "" : " at " + trace[0];
  }

  private void tell(Happening happening) {
    if (!closed) {
      listener.accept(happening);
    }
  }

  private void trouble(String sentence) {
    if (sentence != null && isNew(sentence, troubles)) {
      tell(new Happening.Trouble(sentence));
    }
  }

  private static boolean isNew(String sentence, Set<String> said) {
    if (said.size() >= MOST_TROUBLES) {
      said.clear();
    }
    // However many seconds or bytes it is about, it is the same reason.
    return said.add(sentence.replaceAll("\\d+", "0"));
  }

  private void down(String sentence) {
    trouble(sentence);
    if (!reconnecting) {
      reconnecting = true;
      tell(new Happening.Reconnecting());
    }
  }

  /** Finds out whether the environment can be read, and what is stored; tries until that is known. */
  private void begin() throws RailwayException, InterruptedException {
    Queries.Opening opening = null;
    while (opening == null) {
      try {
        opening = queries.open(environmentId);
      } catch (RailwayException e) {
        retry(e);
      }
    }
    names.learn(opening.services());
    List<Entry> past = opening.rows().entries();
    told.tell(past);
    // Nothing is stored, so that it does no harm to go far back; and this is the one time that a clock is believed.
    newest = past.isEmpty() ? queries.now().minus(WHEN_EMPTY) : past.getFirst().time();
    swept = newest;
    advance(past);
    if (opening.rows().full() && !past.isEmpty()) {
      // What is older was not asked for and is not new, even if it comes.
      told.forgetBefore(past.getFirst().time().plusNanos(1));
    }
    swept = newest;
    backoff.reset();
    tell(new Happening.Past(names.name(past), !opening.rows().full()));
    unreadable(opening.rows().unreadable());
    rest();
  }

  private void retry(RailwayException e) throws RailwayException, InterruptedException {
    if (e.isLasting()) {
      throw e;
    }
    down(e.getMessage());
    Duration wait = backoff.next();
    Thread.sleep(wait.compareTo(e.pause()) < 0 ? e.pause() : wait);
  }

  /** Subscribes, and tells what comes until that has ended. */
  private void follow() throws RailwayException, InterruptedException {
    End end;
    long began = System.nanoTime();
    try (SharedSocket.Subscription subscription =
        socket.subscribe(environmentId, newest.minus(timing.overlap()), limit, inbox)) {
      reconnecting = false;
      ahead = false;
      tell(new Happening.Connected());
      end = take(subscription.id());
    } catch (RailwayException e) {
      if (e.isLasting()) {
        throw e;
      }
      down(e.getMessage());
      return;
    }
    if (System.nanoTime() - began > timing.healthy().toNanos()) {
      troubles.clear();
      backoff.reset();
    }
    down(end.sentence());
    after(end.kind());
  }

  private void after(End.Kind kind) throws InterruptedException {
    int before = limit;
    limit = Queries.MOST_ROWS;
    switch (kind) {
      case TOO_LARGE -> {
        limit = Queries.fewer(before);
        if (before == limit) {
          lost("Railway's entries are too large to be passed on");
          newest = queries.now();
        }
      }
      case CUT -> {
        // The socket has its own waits.
      }
      case COMPLETE, FAILED, OVERTAKEN -> Thread.sleep(backoff.next());
    }
  }

  private End take(String subscription) throws RailwayException, InterruptedException {
    while (true) {
      Event event = inbox.take(Duration.ofNanos(Math.max(0, sweepAt - System.nanoTime())));
      End end =
          switch (event) {
            case null -> sweep();
            case Event.Delivered(String id, Frame frame) -> id.equals(subscription) ? delivered(frame) : null;
            case Event.Ended(String id, End why) -> id.equals(subscription) ? why : null;
            case Event.Swept found -> {
              swept(found);
              yield null;
            }
          };
      if (end != null) {
        return end;
      }
    }
  }

  /** Null while the subscription goes on, as with the next ones. */
  private End delivered(Frame frame) throws RailwayException, InterruptedException {
    if (frame.type().equals("complete")) {
      return new End(End.Kind.COMPLETE, null);
    }
    Answer answer;
    try {
      answer = AnswerReader.readPayload(frame.text());
    } catch (IOException _) {
      return new End(End.Kind.FAILED, "Railway's log socket has sent something that can't be read");
    }
    if (answer.complaints().stream().anyMatch(Answer.Complaint::isRefusal)) {
      throw new RailwayException(token.refusal(environmentId), true);
    }
    if (frame.type().equals("error")) {
      return new End(
          End.Kind.FAILED,
          answer.complaints().isEmpty()
              ? "Railway has ended the subscription with an error"
              : Queries.sentence(token, answer.complaints().getFirst()));
    }
    if (answer.entries() != null) {
      batch(answer);
    }
    for (Answer.Complaint complaint : answer.complaints()) {
      trouble(Queries.sentence(token, complaint));
    }
    return null;
  }

  private void batch(Answer answer) throws InterruptedException {
    alive = true;
    List<Entry> entries = answer.entries();
    if (answer.rows() >= limit && !entries.isEmpty()) {
      backfill(entries.stream().map(Entry::time).min(Instant::compareTo).orElseThrow());
    }
    if (!pass(entries).isEmpty()) {
      // What is already known proves little: a server that is cut off again and again gives that each time.
      troubles.clear();
      backoff.reset();
      socket.works();
    }
    unreadable(answer.unreadable());
    advance(entries);
  }

  /** Tells what of these has not been told yet. */
  private List<Entry> pass(List<Entry> entries) throws InterruptedException {
    List<Entry> fresh = told.tell(entries);
    if (fresh.isEmpty()) {
      return fresh;
    }
    boolean quiet = sweeps == 0;
    sweeps = SWEEPS_WHEN_QUIET;
    if (quiet) {
      rest();
    }
    List<Entry> named = names.name(fresh);
    int from = 0;
    for (int i = 0; i < named.size(); i++) {
      String message = named.get(i).message();
      Matcher dropped = DROPPED.matcher(message);
      if (message.length() < LONGEST_NOTICE && dropped.matches()) {
        tell(new Happening.Arrived(List.copyOf(named.subList(from, i + 1))));
        tell(
            new Happening.Lost(
                OptionalLong.of(Long.parseLong(dropped.group(1))),
                "Railway has not stored entries that came faster than it allows"));
        from = i + 1;
      }
    }
    if (from < named.size()) {
      tell(new Happening.Arrived(List.copyOf(named.subList(from, named.size()))));
    }
    return fresh;
  }

  private void advance(List<Entry> entries) {
    Instant latest = queries.now().plus(FUTURE);
    for (Entry entry : entries) {
      if (entry.time().isAfter(newest) && !entry.time().isAfter(latest)) {
        newest = entry.time();
      }
    }
    // While sweeps fail, what the next one will go back to is remembered.
    told.forgetBefore(earlier(newest.minus(window()).minus(timing.overlap()), swept.minus(LATE)).minus(KEPT));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private void lost(String why) {
    tell(new Happening.Lost(OptionalLong.empty(), why));
  }

  private void unreadable(int rows) {
    if (rows > 0) {
      tell(new Happening.Lost(OptionalLong.of(rows), "Railway has sent entries whose time can't be read"));
    }
  }

  /**
   * A poll with as many rows as it may have has dropped the older ones: asks for those between what is known and what
   * came. They are told before what came.
   */
  private void backfill(Instant oldest) throws InterruptedException {
    Deque<List<Entry>> pages = new ArrayDeque<>();
    Instant anchor = oldest;
    String why = null;
    while (newest.isBefore(anchor)) {
      if (pages.size() == MOST_PAGES) {
        why = "more entries came at once than can be fetched again";
        break;
      }
      Rows rows;
      try {
        rows = page(anchor);
      } catch (RailwayException e) {
        why = "entries that came too fast could not be fetched again: " + e.getMessage();
        break;
      }
      pages.addFirst(rows.entries());
      if (!rows.full() || rows.entries().isEmpty()) {
        break;
      }
      Instant first = rows.entries().getFirst().time();
      if (!first.isBefore(anchor)) {
        why = "more entries have the same time than Railway gives at once";
        break;
      }
      anchor = first;
    }
    if (why != null) {
      lost(why);
    }
    for (List<Entry> page : pages) {
      pass(page);
    }
  }

  private Rows page(Instant anchor) throws RailwayException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return queries.logs(environmentId, null, anchor, newest, Queries.MOST_ROWS, Purpose.BACKFILL);
      } catch (RailwayException e) {
        if (e.isLasting() || attempt == TRIES || e.pause().compareTo(timing.connect()) > 0) {
          throw e;
        }
        Duration wait = timing.shortestWait().multipliedBy(attempt);
        Thread.sleep(wait.compareTo(e.pause()) < 0 ? e.pause() : wait);
      }
    }
  }

  /** Half of the requests are for sweeps. */
  private Duration sweepInterval() {
    double sweeps = budget.perHour() / 2 / pages / Math.max(1, streams.getAsInt());
    Duration affordable = Duration.ofMillis((long) (Duration.ofHours(1).toMillis() / sweeps));
    return affordable.compareTo(timing.sweep()) > 0 ? affordable : timing.sweep();
  }

  /** How far a sweep looks back, at least. */
  private Duration window() {
    Duration window = sweepInterval().plus(LATE);
    return window.compareTo(SWEPT) > 0 ? window : SWEPT;
  }

  /** Lets the time until the next sweep begin. */
  private void rest() {
    Duration wait = sweepInterval();
    if (sweeps == 0) {
      Duration idle = wait.multipliedBy(4);
      wait = idle.compareTo(timing.idleSweep()) > 0 ? idle : timing.idleSweep();
    }
    sweepAt = System.nanoTime() + wait.toNanos();
  }

  /** Begins to look for late rows; an end when the one before has shown that the subscription gives nothing any more. */
  private End sweep() {
    if (ahead && !alive) {
      return new End(End.Kind.FAILED, "Railway's subscription has fallen silent; it is begun again");
    }
    boolean affordable = budget.isFreeFor(Purpose.SWEEP);
    missed |= !affordable;
    if (sweeping == null && affordable) {
      sweeps = Math.max(0, sweeps - 1);
      alive = false;
      Instant after = earlier(newest.minus(window()), swept.minus(LATE));
      Instant until = newest;
      sweeping =
          Thread.ofVirtual().name("railway-sweep-" + environmentId).start(() -> inbox.put(look(after, until)));
    }
    rest();
    return null;
  }

  /** On the sweep's own thread. */
  private Event.Swept look(Instant after, Instant until) {
    Deque<Rows> pages = new ArrayDeque<>();
    try {
      Instant anchor = null;
      while (pages.size() < SWEEP_PAGES && (pages.isEmpty() || budget.isFreeFor(Purpose.SWEEP))) {
        Rows rows = queries.logs(environmentId, null, anchor, after, Queries.MOST_ROWS, Purpose.SWEEP);
        pages.addFirst(rows);
        if (!rows.full() || rows.entries().isEmpty()) {
          return new Event.Swept(new ArrayList<>(pages), true, until, null);
        }
        Instant first = rows.entries().getFirst().time();
        if (first.equals(anchor)) {
          break;
        }
        anchor = first;
      }
      return new Event.Swept(new ArrayList<>(pages), false, until, null);
    } catch (RailwayException e) {
      return new Event.Swept(new ArrayList<>(pages), false, until, e);
    } catch (InterruptedException _) {
      return new Event.Swept(List.of(), false, until, null);
    }
  }

  private void swept(Event.Swept found) throws RailwayException, InterruptedException {
    sweeping = null;
    if (found.failure() == null) {
      if (missed && !(found.whole() && told.knowsSince(swept.minus(LATE)))) {
        lost("entries that were stored late may be missing: Railway could not be asked for them for a while");
      }
      missed = false;
      swept = found.until();
      if (!sweepTroubles.isEmpty()) {
        sweepTroubles.clear();
        tell(new Happening.SweepsAgain());
      }
    } else if (found.failure().isLasting()) {
      throw found.failure();
    } else {
      missed = true;
      String sentence = found.failure().getMessage();
      if (isNew(sentence, sweepTroubles)) {
        tell(new Happening.SweepFailed(sentence));
      }
      if (sweeps == 0) {
        // It may have been for the last rows before it is quiet.
        sweeps = 1;
        rest();
      }
    }
    pages = Math.max(1, found.pages().size());
    ahead = false;
    for (Rows page : found.pages()) {
      for (Entry entry : pass(page.entries())) {
        ahead |= entry.time().isAfter(newest);
      }
    }
  }
}

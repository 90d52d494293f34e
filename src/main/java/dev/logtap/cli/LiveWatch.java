package dev.logtap.cli;

import dev.logtap.client.Event;
import dev.logtap.client.Inbox;
import dev.logtap.client.Receivers;
import dev.logtap.client.StateFile;
import dev.logtap.client.Target;
import dev.logtap.client.Terms;
import dev.logtap.client.Wanted;
import dev.logtap.kernel.Tty;
import dev.logtap.log.Bell;
import dev.logtap.render.Source;
import dev.logtap.terminal.Dimensions;
import dev.logtap.terminal.FullView;
import dev.logtap.terminal.InlineView;
import dev.logtap.terminal.Key;
import dev.logtap.terminal.Line;
import dev.logtap.terminal.Status;
import dev.logtap.terminal.View;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One run of {@code watch} on a terminal, on the main thread from begin to end; {@link KeyReader} has one of its own. */
final class LiveWatch {
  /** Shown at once: little enough for a key to be answered soon, also where the terminal is slow. */
  private static final int BATCH = 32 << 10;

  /** The same where it is a filter that takes long. */
  private static final Duration LONGEST_BATCH = Duration.ofMillis(10);

  /** What changes by itself on the status line changes so often. */
  private static final Duration TICK = Duration.ofMillis(500);

  /** To open the terminal takes as long: the first lines are not to wait for it, if they come soon. */
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);

  /** A terminal that takes nothing, because its line hangs, must not keep us from ending; but it is told that we do. */
  private static final Duration LONGEST_STALL = Duration.ofMillis(500);

  /** More than are needed: who is to write may be held up for a moment. */
  private static final int MOST_DISCARDS = 75;
  private static final Duration BETWEEN_DISCARDS = Duration.ofMillis(20);

  /** With all of these, on a machine that stands still for a moment. */
  private static final Duration LONGEST_FAREWELL = Duration.ofMillis(3200);

  private final Shell shell;
  private final List<Target> targets;
  private final Wanted wanted;
  private final Bell bell = new Bell();
  private final Progress progress;
  private final Waiting waiting;
  private final Fates fates;
  private final View view;

  /** Whether it fills the screen, and takes with it what it showed. */
  private final boolean full;

  private final Rate rate = new Rate();

  /** Null until it is open, and where it can't be: then there are lines only. */
  private Tty tty;

  /** Not null where {@link #tty} is not. */
  private KeyReader keys;

  /** Whether any line was shown. */
  private boolean shown;

  /** Whether it was tried to open the terminal. */
  private boolean tried;

  /** The terminal was given back. */
  private final CountDownLatch left = new CountDownLatch(1);

  /** Whether some of what was written was thrown away; guarded by this. */
  private boolean discarded;

  // Set by signals' threads.
  private volatile boolean resized;
  private volatile boolean toStop;
  private volatile boolean continued;

  /** @param scrollback of a view that fills the screen, in bytes; none for lines in the terminal's own buffer */
  LiveWatch(Shell shell, List<Target> targets, Wanted wanted, boolean colour, StateFile state, OptionalLong scrollback) {
    this.shell = shell;
    this.full = scrollback.isPresent();
    this.targets = targets;
    this.wanted = wanted;
    this.progress = new Progress(state, this::say);
    this.waiting = new Waiting(targets, progress);
    this.fates = new Fates(targets, waiting);
    List<Source> sources = waiting.sources(targets);
    boolean times = targets.stream().anyMatch(Target::relay);
    String search = wanted.search();
    this.view =
        full
            ? new FullView(sources, colour, times, search, scrollback.getAsLong())
            : new InlineView(sources, colour, times, search);
  }

  /** Shows what comes, until all targets have ended, a key or a signal; the exit code. */
  int run(Terms terms) throws IOException {
    Inbox inbox = new Inbox(bell);
    try (Interruption interruption = new Interruption(bell, LONGEST_FAREWELL);
        Signals _ = Signals.on(actions())) {
      try (Receivers _ = Receivers.start(targets, wanted, progress.begin(), terms, inbox)) {
        show(inbox, interruption);
      } catch (ReaderGoneException _) {
        // No failure: there is nobody to show it to.
      } finally {
        leave();
        progress.save();
      }
      if (interruption.came()) {
        return ExitCode.SIGNALLED;
      }
      if (full) {
        sayEnds();
      }
      return Math.max(view.isQuit() ? fates.codeAtQuit() : fates.code(), progress.code());
    }
  }

  /** Why targets have ended was said on a screen that is gone. */
  private void sayEnds() {
    for (Target target : targets) {
      if (fates.end(target) != null) {
        shell.complain(target, fates.end(target));
      }
    }
  }

  /** Not on stderr, as long as that is the screen that we draw on. */
  private void say(String sentence) {
    if (left.getCount() > 0) {
      view.show(Line.ofOurs(Instant.now(), sentence));
    } else {
      shell.complain(sentence);
    }
  }

  private Map<String, Runnable> actions() {
    return Map.of(
        "WINCH",
        () -> {
          resized = true;
          bell.ring();
        },
        "TSTP",
        () -> {
          toStop = true;
          bell.ring();
        },
        "CONT",
        () -> {
          continued = true;
          bell.ring();
        });
  }

  private void show(Inbox inbox, Interruption interruption) throws IOException {
    while (true) {
      obeySignals(interruption);
      pressKeys();
      if (interruption.came() || view.isQuit()) {
        return;
      }
      takeInWhilePaused(inbox);
      boolean more = showBatch(inbox) | view.work();
      Duration rest = view.untilFrame();
      if (rest.isZero()) {
        write(view.frame(status()));
        progress.printed();
        rest = TICK;
      }
      if (!more && !fates.isRunning() && waiting.isEmpty() && !view.isKeptOpen()) {
        return;
      }
      boolean quiet = !more && !bell.await(tried ? rest : FIRST_WAIT);
      if (!tried && (quiet || shown)) {
        open(interruption);
      }
    }
  }

  private void open(Interruption interruption) throws IOException {
    tried = true;
    try {
      Tty opened = Tty.open();
      keys = KeyReader.start(shell.keys(), bell);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> giveBack(opened), "tty"));
      tty = opened;
      takeTerminal(interruption);
    } catch (IllegalStateException _) {
      // A signal was quicker: the JVM is shutting down.
      return;
    } catch (IOException | LinkageError e) {
      if (full) {
        throw new IOException("the terminal can't be used (" + e.getMessage() + "); leave out --full", e);
      }
      view.show(Line.ofOurs(Instant.now(), "here are lines only, and no keys: " + e.getMessage()));
      return;
    }
    resize();
  }

  private void resize() {
    Tty.Size size = tty.size();
    view.resize(Dimensions.of(size.columns(), size.lines()));
  }

  /** While it is paused, what comes waits here, as long as there is room. */
  private void takeInWhilePaused(Inbox inbox) throws IOException {
    while (view.isPaused() && !waiting.isFull() && takeIn(inbox)) {
      // One after the other.
    }
  }

  /** Takes what happened next; false where nothing did. */
  private boolean takeIn(Inbox inbox) throws IOException {
    Event event = inbox.poll();
    if (event instanceof Event.Connected) {
      waiting.begins(event.target());
    }
    if (event != null) {
      fates.take(event);
    }
    return event != null;
  }

  /** Shows some of what waits or comes; whether there is more. */
  private boolean showBatch(Inbox inbox) throws IOException {
    long begin = System.nanoTime();
    int batch = 0;
    while (!view.isPaused() && batch < BATCH && System.nanoTime() - begin < LONGEST_BATCH.toNanos()) {
      Line line = waiting.next();
      if (line != null) {
        view.show(line);
        batch += line.text().length() + 1;
        shown = true;
        if (waiting.wasLive()) {
          rate.count();
        }
      } else if (!takeIn(inbox)) {
        return false;
      }
    }
    return !view.isPaused();
  }

  private void pressKeys() {
    if (keys != null) {
      for (Key key = keys.poll(); key != null; key = keys.poll()) {
        view.press(key);
      }
    }
  }

  private Status status() {
    List<Status.Stream> streams = new ArrayList<>(targets.size());
    for (Target target : targets) {
      streams.add(new Status.Stream(target.label(), fates.condition(target)));
    }
    return new Status(streams, wanted.filters(targets), waiting.lines(), waiting.isFull(), rate.perSecond(), waiting.gaps());
  }

  private void write(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    try {
      shell.out().write(bytes);
    } catch (IOException e) {
      throw OutputException.of(e);
    }
  }

  // ---- the terminal and its signals

  private void obeySignals(Interruption interruption) throws IOException {
    if (toStop) {
      toStop = false;
      write(view.leave());
      if (tty != null) {
        keys.hold();
        tty.restore();
      }
      // Only this can't be handled, and so stops us. We go on behind it when we are continued.
      Tty.stop();
      continued = true;
    }
    if (continued && tty != null) {
      continued = false;
      resized = true;
      takeTerminal(interruption);
    }
    if (resized && tty != null) {
      resized = false;
      resize();
    }
  }

  /** In the background, what comes waits until the terminal is ours. */
  private void takeTerminal(Interruption interruption) {
    keys.hold();
    while (tty.isSomebodyElses() && !interruption.came()) {
      bell.await(TICK);
    }
    if (!interruption.came()) {
      tty.makeRaw();
      keys.goOn();
    }
  }

  /** Gives the terminal back as it was. */
  private void leave() throws IOException {
    if (keys != null) {
      keys.close();
    }
    boolean lost;
    try {
      write(view.leave());
    } finally {
      if (tty != null) {
        tty.restore();
      }
      lost = hasLeft();
    }
    if (lost) {
      write(view.leaveAgain());
    }
  }

  /** Nothing is thrown away from now on; whether something was, which may be what was written last. */
  private synchronized boolean hasLeft() {
    left.countDown();
    return discarded;
  }

  private synchronized void discardUnlessLeft(Tty terminal) {
    if (left.getCount() > 0) {
      terminal.discardOutput();
      discarded = true;
    }
  }

  /**
   * At a signal, on a thread of the JVM's: while {@link #leave} is stuck behind what the terminal has not taken, that is
   * thrown away, so that at least its end is written.
   */
  private void giveBack(Tty terminal) {
    try {
      boolean stuck = !left.await(LONGEST_STALL.toMillis(), TimeUnit.MILLISECONDS);
      for (int i = 0; stuck && i < MOST_DISCARDS; i++) {
        discardUnlessLeft(terminal);
        stuck = !left.await(BETWEEN_DISCARDS.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    terminal.restore();
  }
}

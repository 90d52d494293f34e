package dev.logtap.cli;

import dev.logtap.client.Event;
import dev.logtap.client.Inbox;
import dev.logtap.client.Receivers;
import dev.logtap.client.StateFile;
import dev.logtap.client.Target;
import dev.logtap.client.Terms;
import dev.logtap.client.Wanted;
import dev.logtap.log.Bell;
import dev.logtap.log.LogName;
import dev.logtap.log.Reading;
import dev.logtap.output.ByteOutput;
import dev.logtap.protocol.RelayEntry;
import dev.logtap.protocol.ServerMessage;
import dev.logtap.render.JsonLines;
import dev.logtap.render.Renderer;
import dev.logtap.render.Source;
import dev.logtap.render.TextLines;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One run of {@code watch} into a pipe, on the main thread from begin to end. */
final class Watch {
  /** While records come without a pause they are handed on so often. */
  private static final Duration LONGEST_BATCH = Duration.ofMillis(100);

  private static final Duration BETWEEN_SAVES = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofHours(1);

  /** When nothing has come by then, whoever reads us may be gone before it does. */
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  private final Shell shell;
  private final List<Target> targets;
  private final ByteOutput out;
  private final Renderer renderer;
  private final Map<Target, Source> sources = new HashMap<>();

  /** Null where none is kept. */
  private final StateFile state;

  private final Bell bell = new Bell();

  /** Cursors behind what was rendered and is not flushed yet, and behind what is flushed and not saved yet. */
  private final Map<String, String> rendered = new HashMap<>();

  private final Map<String, String> printed = new HashMap<>();

  private long flushed = System.nanoTime();
  private long saved = System.nanoTime();

  /** Whether the last attempt to save failed. */
  private boolean unsaved;

  /** Those of whom was said that they are gone. */
  private final Set<Target> lost = new HashSet<>();

  /** Those who were connected once. */
  private final Set<Target> known = new HashSet<>();

  /** Environments whose server has lost its own source. */
  private final Set<Target> cutOff = new HashSet<>();

  private int running;
  private int code = ExitCode.DONE;

  /** Null until there was something to write, or nothing for a while. */
  private StdoutReader reader;

  Watch(Shell shell, List<Target> targets, boolean json, boolean colour, StateFile state) {
    this.shell = shell;
    this.targets = targets;
    this.state = state;
    this.out = json ? ByteOutput.writingBehind(shell.out()) : new ByteOutput(shell.out());
    this.renderer =
        json
            ? new JsonLines(out)
            : new TextLines(out, new TextLines.Style(targets.size() > 1, colour, shell.terminal()));
    targets.forEach(target -> sources.put(target, source(target)));
  }

  private static Source source(Target target) {
    return target.relay()
        ? Source.environment(target.label(), target.name(), target.otherServer())
        : Source.log(target.label(), new LogName(target.name()), target.otherServer());
  }

  /** Prints what comes, until all targets have ended, a signal or the reader's end; the exit code. */
  int run(Wanted wanted, Terms terms) throws IOException {
    Map<String, String> cursors = state == null ? Map.of() : state.cursors();
    Inbox inbox = new Inbox(bell);
    try (Interruption interruption = new Interruption(bell);
        out) {
      running = targets.size();
      try (Receivers _ = Receivers.start(targets, wanted, cursors, terms, inbox)) {
        print(inbox, interruption);
      } catch (ReaderGoneException _) {
        // No failure: there is nobody to print for.
      } finally {
        save();
      }
      return interruption.came() ? ExitCode.SIGNALLED : code;
    }
  }

  private void print(Inbox inbox, Interruption interruption) throws IOException {
    while (!interruption.came() && (reader == null || !reader.isGone())) {
      Event event = inbox.poll();
      if (event != null) {
        take(event);
        if (System.nanoTime() - flushed > LONGEST_BATCH.toNanos()) {
          flush();
        }
        continue;
      }
      flush();
      if (running == 0) {
        return;
      }
      boolean rung = bell.await(untilNextSave());
      if (!rung) {
        watchReader();
      }
    }
    flush();
  }

  private Duration untilNextSave() {
    if (!printed.isEmpty()) {
      return BETWEEN_SAVES;
    }
    return reader == null ? FIRST_WAIT : LONG;
  }

  private void watchReader() {
    if (reader == null) {
      reader = StdoutReader.watch(bell);
    }
    saveIfDue();
  }

  // ---- events

  private void take(Event event) throws IOException {
    Target target = event.target();
    if (event instanceof Event.Received(Target _, ServerMessage message)) {
      take(target, message);
    } else if (event instanceof Event.Connected) {
      boolean again = !known.add(target);
      if (lost.remove(target)) {
        say(target, again ? "connected again" : "connected");
      }
    } else if (event instanceof Event.Lost(Target _, String why, Duration _)) {
      if (lost.add(target)) {
        say(
            target,
            known.contains(target)
                ? "connection lost (" + why + "); reconnecting"
                : "can't be reached (" + why + "); trying again until it can");
      }
    } else if (event instanceof Event.Ended(Target _, Event.Reason reason, String sentence)) {
      running--;
      code = Math.max(code, codeOf(reason));
      if (sentence != null) {
        say(target, sentence);
      }
    }
  }

  private static int codeOf(Event.Reason reason) {
    return switch (reason) {
      case FAILED -> ExitCode.FAILED;
      case UNKNOWN -> ExitCode.USAGE;
      case REFUSED -> ExitCode.REFUSED;
    };
  }

  private void take(Target target, ServerMessage message) throws IOException {
    if (message instanceof ServerMessage.Lines lines) {
      if (lines.gap() != null) {
        gap(target, lines.gap(), 0);
      }
      write(target, lines);
      note(target, lines.cursor());
    } else if (message instanceof ServerMessage.Entry(RelayEntry entry, String cursor)) {
      write(target, entry);
      note(target, cursor);
    } else if (message instanceof ServerMessage.Gap(long dropped, String why)) {
      gap(target, why, dropped);
    } else if (message instanceof ServerMessage.Status(String word)) {
      boolean connected = word.equals(ServerMessage.Status.CONNECTED);
      if (connected ? cutOff.remove(target) : cutOff.add(target)) {
        say(target, connected ? "the server is connected to Railway again" : "the server says: " + word);
      }
    } else if (message instanceof ServerMessage.Trouble(String sentence)) {
      say(target, sentence);
    }
  }

  private void write(Target target, RelayEntry entry) throws IOException {
    try {
      renderer.entry(sources.get(target), entry);
    } catch (IOException e) {
      throw OutputException.of(e);
    }
  }

  /** A line that goes on is written by itself: it is another kind of record. */
  private void write(Target target, ServerMessage.Lines lines) throws IOException {
    byte[] bytes = lines.bytes();
    int whole = lines.length();
    while (lines.partial() && whole > 0 && bytes[whole - 1] != '\n') {
      whole--;
    }
    try {
      if (whole > 0) {
        renderer.lines(sources.get(target), new Reading.Lines(bytes, 0, whole, false));
      }
      if (whole < lines.length()) {
        renderer.lines(sources.get(target), new Reading.Lines(bytes, whole, lines.length(), true));
      }
    } catch (IOException e) {
      throw OutputException.of(e);
    }
  }

  private void gap(Target target, String why, long dropped) throws IOException {
    try {
      if (renderer.gap(sources.get(target), why, dropped)) {
        return;
      }
    } catch (IOException e) {
      throw OutputException.of(e);
    }
    String what = target.relay() ? "entries" : "lines";
    say(target, dropped > 0 ? dropped + " " + what + " are missing here: " + why : what + " may be missing here: " + why);
  }

  private void say(Target target, String sentence) throws IOException {
    flush();
    shell.complain(target, sentence);
  }

  // ---- output and state

  private void note(Target target, String cursor) {
    if (state != null && cursor != null) {
      rendered.put(target.key(), cursor);
    }
  }

  private void flush() throws IOException {
    try {
      renderer.flush();
    } catch (IOException e) {
      throw OutputException.of(e);
    }
    flushed = System.nanoTime();
    printed.putAll(rendered);
    rendered.clear();
    saveIfDue();
  }

  private void saveIfDue() {
    if (System.nanoTime() - saved >= BETWEEN_SAVES.toNanos()) {
      save();
    }
  }

  /** What can't be saved now may be next time, which is said once; the records themselves are printed. */
  private void save() {
    if (printed.isEmpty()) {
      return;
    }
    saved = System.nanoTime();
    try {
      state.save(printed);
      unsaved = false;
    } catch (IOException e) {
      if (!unsaved) {
        shell.complain("--state", "can't be written: " + e.getMessage() + "; make room, or name another file");
      }
      unsaved = true;
      code = Math.max(code, ExitCode.FAILED);
    }
    printed.clear();
  }
}

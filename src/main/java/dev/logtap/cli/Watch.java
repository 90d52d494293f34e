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
import dev.logtap.protocol.ServerMessage;
import dev.logtap.render.JsonLines;
import dev.logtap.render.Renderer;
import dev.logtap.render.Source;
import dev.logtap.render.TextLines;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One run of {@code watch} into a pipe, on the main thread from begin to end. */
final class Watch implements Outlet {
  /** While records come without a pause they are handed on so often. */
  private static final Duration LONGEST_BATCH = Duration.ofMillis(100);

  private static final Duration LONG = Duration.ofHours(1);

  /** When nothing has come by then, whoever reads us may be gone before it does. */
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  private final Shell shell;
  private final List<Target> targets;
  private final ByteOutput out;
  private final Renderer renderer;
  private final Map<Target, Source> sources = new HashMap<>();
  private final Bell bell = new Bell();
  private final Fates fates;
  private final Progress progress;
  private long flushed = System.nanoTime();

  /** Null until there was something to write, or nothing for a while. */
  private StdoutReader reader;

  Watch(Shell shell, List<Target> targets, boolean json, boolean colour, StateFile state) {
    this.shell = shell;
    this.targets = targets;
    this.fates = new Fates(targets, this);
    this.progress = new Progress(state, shell::complain);
    this.out = OutputFormat.output(shell, json);
    this.renderer =
        json
            ? new JsonLines(out)
            : new TextLines(out, new TextLines.Style(targets.size() > 1, colour, shell.terminal()));
    targets.forEach(target -> sources.put(target, source(target)));
  }

  static Source source(Target target) {
    return target.relay()
        ? Source.environment(target.label(), target.name(), target.otherServer())
        : Source.log(target.label(), new LogName(target.name()), target.otherServer());
  }

  /** Prints what comes, until all targets have ended, a signal or the reader's end; the exit code. */
  int run(Wanted wanted, Terms terms) throws IOException {
    Inbox inbox = new Inbox(bell);
    try (Interruption interruption = new Interruption(bell);
        out) {
      try (Receivers _ = Receivers.start(targets, wanted, progress.begin(), terms, inbox)) {
        print(inbox, interruption);
      } catch (ReaderGoneException _) {
        // No failure: there is nobody to print for.
      } finally {
        if (reader != null) {
          reader.close();
        }
        progress.save();
      }
      return interruption.came() ? ExitCode.SIGNALLED : Math.max(fates.code(), progress.code());
    }
  }

  private void print(Inbox inbox, Interruption interruption) throws IOException {
    while (!interruption.came() && (reader == null || !reader.isGone())) {
      Event event = inbox.poll();
      if (event != null) {
        fates.take(event);
        if (System.nanoTime() - flushed > LONGEST_BATCH.toNanos()) {
          flush();
        }
        continue;
      }
      flush();
      if (!fates.isRunning()) {
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
    if (progress.isUnsaved()) {
      return Progress.BETWEEN_SAVES;
    }
    return reader == null ? FIRST_WAIT : LONG;
  }

  private void watchReader() {
    if (reader == null) {
      reader = StdoutReader.watch(bell);
    }
    progress.saveIfDue();
  }

  // ---- what comes

  @Override
  public void entry(Target target, ServerMessage.Entry entry) throws IOException {
    try {
      renderer.entry(sources.get(target), entry.entry());
    } catch (IOException e) {
      throw OutputException.of(e);
    }
    progress.rendered(target, entry.cursor());
  }

  /** A line that goes on is written by itself: it is another kind of record. */
  @Override
  public void lines(Target target, ServerMessage.Lines lines) throws IOException {
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
    progress.rendered(target, lines.cursor());
  }

  @Override
  public void gap(Target target, String why, long dropped) throws IOException {
    try {
      if (renderer.gap(sources.get(target), why, dropped)) {
        return;
      }
    } catch (IOException e) {
      throw OutputException.of(e);
    }
    say(target, Fates.gap(target, why, dropped));
  }

  @Override
  public void say(Target target, String sentence) throws IOException {
    flush();
    shell.complain(target, sentence);
  }

  private void flush() throws IOException {
    try {
      renderer.flush();
    } catch (IOException e) {
      throw OutputException.of(e);
    }
    flushed = System.nanoTime();
    progress.printed();
  }
}

package dev.logtap.cli;

import dev.logtap.log.AllowedLog;
import dev.logtap.log.Bell;
import dev.logtap.log.DirectoryWatch;
import dev.logtap.log.Excerpt;
import dev.logtap.log.Follower;
import dev.logtap.log.LogName;
import dev.logtap.log.Reading.Gap;
import dev.logtap.log.Reading.Lines;
import dev.logtap.log.Reading.Notice;
import dev.logtap.log.Reading.Trouble;
import dev.logtap.output.ByteOutput;
import dev.logtap.render.JsonLines;
import dev.logtap.render.Renderer;
import dev.logtap.render.Source;
import dev.logtap.render.TextLines;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One run of {@code tail}, on the main thread from begin to end. */
final class Tail {
  /** How often to look when nothing tells of changes: quick for a person, nothing for a processor. */
  private static final Duration POLL = Duration.ofMillis(250);

  /** After so much of one log the others have their turn. */
  private static final int TURN = 1 << 20;

  private final Shell shell;
  private final List<AllowedLog> logs;
  private final long lines;
  private final ByteOutput out;
  private final Renderer renderer;
  private final Map<LogName, Source> sources = new HashMap<>();
  private final Bell bell = new Bell();

  /** Whether lines have come that no event had told of: then events are not to be relied on. */
  private boolean distrust;

  Tail(Shell shell, List<AllowedLog> logs, long lines, boolean json, boolean colour) {
    this.shell = shell;
    this.logs = logs;
    this.lines = lines;
    logs.forEach(log -> sources.put(log.name(), Source.log(log.name())));
    this.out = OutputFormat.output(shell, json);
    this.renderer =
        json
            ? new JsonLines(out)
            : new TextLines(out, new TextLines.Style(logs.size() > 1, colour, shell.terminal()));
  }

  /** Prints what is there; the exit code. */
  int print() throws IOException {
    try (Interruption interruption = new Interruption(bell);
        out) {
      int code = ExitCode.DONE;
      try {
        for (AllowedLog log : logs) {
          code = Math.max(code, print(log, interruption));
        }
        flush();
      } catch (ReaderGoneException _) {
        // No failure; but a log that could not be read before is remembered.
      }
      return interruption.came() ? ExitCode.SIGNALLED : code;
    }
  }

  private int print(AllowedLog log, Interruption interruption) throws IOException {
    try (Excerpt excerpt = Excerpt.ofLastLines(log, lines)) {
      for (Lines some = excerpt.next(); some != null && !interruption.came(); some = excerpt.next()) {
        write(log, some);
      }
      return ExitCode.DONE;
    } catch (OutputException e) {
      throw e;
    } catch (IOException e) {
      flush();
      boolean saysWhatToDo = e.getMessage().contains("; ");
      shell.complain(log.name(), e.getMessage() + (saysWhatToDo ? "" : "; 'logtap logs' shows what can be read"));
      return ExitCode.FAILED;
    }
  }

  /** Prints what is there, then what comes, until a signal or the reader's end; the exit code. */
  int follow(boolean poll, boolean debug) throws IOException {
    List<Follower> followers = new ArrayList<>();
    try (Interruption interruption = new Interruption(bell);
        out) {
      try {
        follow(followers, poll, debug, interruption);
      } catch (ReaderGoneException _) {
        // No failure: there is nobody to follow for.
      } finally {
        followers.forEach(Follower::close);
      }
      return interruption.came() ? ExitCode.SIGNALLED : ExitCode.DONE;
    }
  }

  private void follow(List<Follower> followers, boolean poll, boolean debug, Interruption interruption)
      throws IOException {
    for (AllowedLog log : logs) {
      Follower follower = Follower.fromLastLines(log, lines);
      followers.add(follower);
      // What is there of one log comes before the next; what is written meanwhile does not hold that up.
      Turn turn = Turn.MORE;
      for (long left = log.path().toFile().length(); left >= 0 && turn == Turn.MORE; left -= TURN) {
        turn = interruption.came() ? Turn.EMPTY : turn(follower);
      }
    }
    flush();
    if (poll && debug) {
      shell.complain("following by looking, as --poll asks");
    }
    try (StdoutReader reader = StdoutReader.watch(bell);
        DirectoryWatch watch = poll ? null : openWatch(debug)) {
      boolean expected = true;
      while (!interruption.came() && !reader.isGone()) {
        boolean more = false;
        for (Follower follower : followers) {
          more |= turn(follower) != Turn.EMPTY;
        }
        if (more) {
          distrust = !expected;
          expected = true;
          continue;
        }
        flush();
        expected = await(followers, watch);
      }
    }
    for (Follower follower : followers) {
      for (Lines rest = follower.rest(); rest != null; rest = follower.rest()) {
        write(follower.log(), rest);
      }
    }
    flush();
  }

  /** What came of giving one log its turn. */
  private enum Turn {
    EMPTY,
    DRAINED,
    MORE
  }

  /** Writes what a log has, but not for ever. */
  private Turn turn(Follower follower) throws IOException {
    int written = 0;
    while (written < TURN) {
      switch (follower.next()) {
        case null -> {
          return written > 0 ? Turn.DRAINED : Turn.EMPTY;
        }
        case Lines some -> {
          written += some.length();
          write(follower.log(), some);
        }
        case Gap(String why) -> {
          written++;
          if (!gap(follower.log(), why)) {
            flush();
            shell.complain(follower.log().name(), "lines may be missing here: " + why);
          }
        }
        case Notice(String sentence) -> {
          written++;
          say(follower, sentence);
        }
        case Trouble trouble -> {
          written++;
          say(follower, trouble.sentence());
        }
      }
    }
    return Turn.MORE;
  }

  private void say(Follower follower, String sentence) throws IOException {
    flush();
    shell.complain(follower.log().name(), sentence);
  }

  private DirectoryWatch openWatch(boolean debug) {
    try {
      DirectoryWatch watch = DirectoryWatch.open();
      logs.forEach(log -> watch.ringOnChange(log, bell));
      if (debug) {
        shell.complain("following by file system events, and a look each second");
      }
      return watch;
    } catch (IOException e) {
      if (debug) {
        shell.complain("following by looking, because events can't be had: " + e.getMessage());
      }
      return null;
    }
  }

  /** Waits until a log may have changed; whether it was told, or would not have been. */
  private boolean await(List<Follower> followers, DirectoryWatch watch) {
    Duration longest = watch != null && !distrust ? Duration.ofSeconds(1) : POLL;
    boolean waitsForQuiet = false;
    for (Follower follower : followers) {
      if (follower.untilNextLook().compareTo(longest) < 0) {
        longest = follower.untilNextLook();
        waitsForQuiet = true;
      }
    }
    boolean rung = watch != null ? watch.await(bell, longest) : bell.await(longest);
    return rung || watch == null || waitsForQuiet;
  }

  private void write(AllowedLog log, Lines some) throws IOException {
    try {
      renderer.lines(sources.get(log.name()), some);
    } catch (IOException e) {
      throw OutputException.of(e);
    }
  }

  private boolean gap(AllowedLog log, String why) throws IOException {
    try {
      return renderer.gap(sources.get(log.name()), why, 0);
    } catch (IOException e) {
      throw OutputException.of(e);
    }
  }

  private void flush() throws IOException {
    try {
      renderer.flush();
    } catch (IOException e) {
      throw OutputException.of(e);
    }
  }
}

package dev.logtap.cli;

import dev.logtap.log.AllowedLog;
import dev.logtap.log.Bell;
import dev.logtap.log.DirectoryWatch;
import dev.logtap.log.Excerpt;
import dev.logtap.log.Follower;
import dev.logtap.log.Reading.Gap;
import dev.logtap.log.Reading.Lines;
import dev.logtap.log.Reading.Notice;
import dev.logtap.render.ByteOutput;
import dev.logtap.render.JsonLines;
import dev.logtap.render.Renderer;
import dev.logtap.render.TextLines;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One run of {@code tail}, on the main thread from begin to end. */
final class Tail {
  /** How often to look when nothing tells of changes: quick for a person, nothing for a processor. */
  private static final Duration POLL = Duration.ofMillis(250);

  /** After so much of one log the others have their turn. */
  private static final int TURN = 1 << 20;

  private final Shell shell;
  private final List<AllowedLog> logs;
  private final long lines;
  private final Renderer renderer;
  private final Bell bell = new Bell();

  /** Whether lines have come that no event had told of: then events are not to be relied on. */
  private boolean distrust;

  Tail(Shell shell, List<AllowedLog> logs, long lines, boolean json, boolean colour) {
    this.shell = shell;
    this.logs = logs;
    this.lines = lines;
    ByteOutput out = new ByteOutput(shell.out());
    this.renderer =
        json
            ? new JsonLines(out)
            : new TextLines(out, new TextLines.Style(logs.size() > 1, colour, shell.terminal()));
  }

  /** Prints what is there; the exit code. */
  int print() throws IOException {
    int code = ExitCode.DONE;
    try (Interruption interruption = new Interruption(bell)) {
      for (AllowedLog log : logs) {
        try (Excerpt excerpt = Excerpt.ofLastLines(log, lines)) {
          for (Lines some = excerpt.next(); some != null && !interruption.came(); some = excerpt.next()) {
            write(log, some);
          }
        } catch (ReaderGoneException e) {
          throw e;
        } catch (IOException e) {
          flush();
          shell.complain(log.name(), e.getMessage());
          code = ExitCode.FAILED;
        }
      }
      flush();
      return interruption.came() ? ExitCode.SIGNALLED : code;
    }
  }

  /** Prints what is there, then what comes, until a signal or the reader's end; the exit code. */
  int follow(boolean poll, boolean debug) throws IOException {
    List<Follower> followers = new ArrayList<>();
    DirectoryWatch watch = null;
    try (Interruption interruption = new Interruption(bell)) {
      for (AllowedLog log : logs) {
        Follower follower = Follower.fromLastLines(log, lines);
        followers.add(follower);
        while (!interruption.came() && turn(follower)) {
          // What is there of one log comes before the next.
        }
      }
      flush();
      StdoutReader reader = StdoutReader.watch(bell);
      watch = poll ? null : openWatch(debug);
      boolean expected = true;
      while (!interruption.came() && !reader.isGone()) {
        boolean more = false;
        for (Follower follower : followers) {
          more |= turn(follower);
        }
        if (more) {
          distrust |= !expected;
          continue;
        }
        flush();
        expected = await(followers, watch != null);
      }
      for (Follower follower : followers) {
        for (Lines rest = follower.rest(); rest != null; rest = follower.rest()) {
          write(follower.log(), rest);
        }
      }
      flush();
      return interruption.came() ? ExitCode.SIGNALLED : ExitCode.DONE;
    } finally {
      followers.forEach(Follower::close);
      if (watch != null) {
        watch.close();
      }
    }
  }

  /** Writes what a log has, but not for ever; false when it has no more now. */
  private boolean turn(Follower follower) throws IOException {
    int written = 0;
    while (written < TURN) {
      switch (follower.next()) {
        case null -> {
          return written > 0;
        }
        case Lines some -> {
          written += some.length();
          write(follower.log(), some);
        }
        case Gap(String why) -> {
          if (!gap(follower.log(), why)) {
            flush();
            shell.complain(follower.log().name(), "lines may be missing here: " + why);
          }
        }
        case Notice(String sentence) -> {
          flush();
          shell.complain(follower.log().name(), sentence);
        }
      }
    }
    return true;
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
  private boolean await(List<Follower> followers, boolean watched) {
    Duration longest = watched && !distrust ? Duration.ofSeconds(1) : POLL;
    boolean waitsForQuiet = false;
    for (Follower follower : followers) {
      if (follower.untilNextLook().compareTo(longest) < 0) {
        longest = follower.untilNextLook();
        waitsForQuiet = true;
      }
    }
    return bell.await(longest) || !watched || waitsForQuiet;
  }

  private void write(AllowedLog log, Lines some) throws IOException {
    try {
      renderer.lines(log.name(), some);
    } catch (IOException e) {
      throw ReaderGoneException.orOther(e);
    }
  }

  private boolean gap(AllowedLog log, String why) throws IOException {
    try {
      return renderer.gap(log.name(), why);
    } catch (IOException e) {
      throw ReaderGoneException.orOther(e);
    }
  }

  private void flush() throws IOException {
    try {
      renderer.flush();
    } catch (IOException e) {
      throw ReaderGoneException.orOther(e);
    }
  }
}

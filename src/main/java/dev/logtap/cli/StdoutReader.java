package dev.logtap.cli;

import dev.logtap.kernel.Pipe;
import dev.logtap.log.Bell;

/**
 * Notices that the reader of our pipe has gone while there is nothing to write, which a write would
 * tell: {@code logtap tail -f app | head -1} must end, also when no next line ever comes.
 *
 * <p>To ask the system costs 50 ms of processor time once, so it waits on a daemon thread of its own, begun when the
 * first lines are out.
 */
final class StdoutReader {
  private static final int STDOUT = 1;

  private final Bell bell;
  private volatile boolean gone;

  private StdoutReader(Bell bell) {
    this.bell = bell;
  }

  /** Begins to watch; {@code bell} rings when the reader has gone. */
  static StdoutReader watch(Bell bell) {
    StdoutReader reader = new StdoutReader(bell);
    Thread.ofPlatform().name("stdout-reader").daemon().start(reader::await);
    return reader;
  }

  boolean isGone() {
    return gone;
  }

  private void await() {
    try {
      gone = Pipe.awaitReaderGone(STDOUT);
    } catch (RuntimeException | LinkageError _) {
      // No native access here: the next write will tell.
      return;
    }
    bell.ring();
  }
}

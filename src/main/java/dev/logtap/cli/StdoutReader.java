package dev.logtap.cli;

import dev.logtap.kernel.Poll;
import dev.logtap.log.Bell;
import java.io.Closeable;
import java.io.IOException;

/**
 * Notices that the reader of our pipe has gone while there is nothing to write, which a write would
 * tell: {@code logtap tail -f app | head -1} must end, also when no next line ever comes.
 *
 * <p>To ask the system costs 50 ms of processor time once, so it waits on a daemon thread of its own, begun when the
 * first lines are out.
 */
final class StdoutReader implements Closeable {
  private static final int STDOUT = 1;

  private final Bell bell;
  private volatile boolean gone;

  // Guarded by this.
  /** Null while the thread does not wait. */
  private Poll poll;

  private boolean closed;

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
    try (Poll made = Poll.forReaderGone(STDOUT)) {
      if (begin(made) && made.await()) {
        gone = true;
        bell.ring();
      }
    } catch (IOException | RuntimeException | LinkageError _) {
      // No native access here: the next write will tell.
    }
  }

  private synchronized boolean begin(Poll made) {
    poll = made;
    return !closed;
  }

  /** Ends the thread, and waits for nothing: least of all for what it takes to begin. */
  @Override
  public synchronized void close() {
    closed = true;
    if (poll != null) {
      poll.end();
    }
  }
}

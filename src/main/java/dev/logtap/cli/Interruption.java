package dev.logtap.cli;

import dev.logtap.log.Bell;
import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGINT and SIGTERM: the command stops reading, writes what it has read, and then the JVM exits with 130
 * or 143, as it does by itself after its shutdown hooks. The hook runs on a thread of the JVM's; the
 * command's thread asks {@link #came} and closes this when it has written all.
 */
final class Interruption implements Closeable {
  /**
   * A reader that takes nothing must not keep us from ending. But where the machine only stood still for a moment, what is
   * being written is to be whole, and where the next run goes on is to be saved.
   */
  private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(2);

  private final Duration longest;
  private final CountDownLatch done = new CountDownLatch(1);
  private final Bell bell;
  private volatile boolean came;

  /** Rings {@code bell} when a signal comes, to end the command's wait. */
  Interruption(Bell bell) {
    this(bell, LONGEST_FAREWELL);
  }

  /** @param longest how long the command may take to end */
  Interruption(Bell bell, Duration longest) {
    this.bell = bell;
    this.longest = longest;
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "signal"));
    } catch (IllegalStateException _) {
      // The JVM is shutting down already: the signal was quicker.
      came = true;
    }
  }

  boolean came() {
    return came;
  }

  /** All is written. */
  @Override
  public void close() {
    done.countDown();
  }

  private void stop() {
    came = true;
    bell.ring();
    try {
      done.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}

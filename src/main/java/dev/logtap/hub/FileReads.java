package dev.logtap.hub;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs what reads files on a few platform threads, {@code read-N}. A file can't be read without holding the
 * thread: a virtual one would hold its carrier, and two slow disks would stop the whole server. Any thread may
 * call it, and waits; there are never more calls than connections.
 */
public final class FileReads implements Closeable {
  private static final int THREADS = 8;

  /** A disk that needs longer is as good as broken. */
  static final long LONGEST_SECONDS = 30;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().daemon().name("read-", 1).factory());

  public FileReads() {
    threads.prestartAllCoreThreads();
  }

  /**
   * The result of {@code read}.
   *
   * @throws IOException what it threw, or that it took too long
   */
  public <T> T call(Callable<T> read) throws IOException {
    Future<T> result = threads.submit(read);
    try {
      return result.get(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException bug -> throw bug;
        case Error error -> throw error;
        default -> throw new IOException(e.getCause());
      }
    } catch (TimeoutException _) {
      // It may still wait for a thread: nobody wants it any more.
      result.cancel(false);
      threads.purge();
      throw new StalledDiskException(LONGEST_SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}

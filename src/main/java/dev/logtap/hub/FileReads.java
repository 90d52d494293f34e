package dev.logtap.hub;

import dev.logtap.log.AllowedLog;
import dev.logtap.log.LogName;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Runs what reads files on a few platform threads, {@code read-N}. A file can't be read without holding the
 * thread: a virtual one would hold its carrier, and two slow disks would stop the whole server. Each log has
 * threads of its own, so that a disk that does not answer holds up nobody but its readers. Any thread may call
 * it, and waits; there are never more calls than connections.
 */
public final class FileReads implements Closeable {
  /** A disk that needs longer is as good as broken. */
  static final Duration LONGEST = Duration.ofSeconds(30);

  private static final int THREADS_OF_A_LOG = 4;

  private static final Duration IDLE = Duration.ofSeconds(10);

  private final ThreadFactory factory = Thread.ofPlatform().daemon().name("read-", 1).factory();
  private final long longest;

  /** As {@link System#nanoTime}. */
  private final LongSupplier clock;

  /** By name of the log: there are as many as an administrator names. */
  private final Map<LogName, Lane> lanes = new ConcurrentHashMap<>();

  public FileReads() {
    this(LONGEST);
  }

  FileReads(Duration longest) {
    this(longest, System::nanoTime);
  }

  FileReads(Duration longest, LongSupplier clock) {
    this.longest = longest.toNanos();
    this.clock = clock;
  }

  /** The threads of one log. They end when nobody has read for a while. */
  private static final class Lane {
    private final ThreadPoolExecutor threads;
    private final LongSupplier clock;

    /** When a read last came to its end, by the clock. */
    private volatile long lastDone;

    Lane(ThreadFactory factory, LongSupplier clock) {
      this.clock = clock;
      lastDone = clock.getAsLong();
      threads =
          new ThreadPoolExecutor(
              THREADS_OF_A_LOG,
              THREADS_OF_A_LOG,
              IDLE.toSeconds(),
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              factory);
      threads.allowCoreThreadTimeOut(true);
    }
  }

  /** One call. Whether its caller or its thread comes first to the end decides to whom belongs what it worked on. */
  private static final class Read<T> extends FutureTask<T> {
    private final AtomicBoolean settled;
    private final Lane lane;
    private final long submitted;
    private volatile long begun;

    private Read(Lane lane, Callable<T> read, Consumer<T> whenAbandoned) {
      AtomicBoolean settled = new AtomicBoolean();
      super(
          () -> {
            T result = null;
            try {
              // It may have been abandoned when it had not yet begun.
              result = settled.get() ? null : read.call();
              return result;
            } finally {
              lane.lastDone = lane.clock.getAsLong();
              if (!settled.compareAndSet(false, true)) {
                whenAbandoned.accept(result);
              }
            }
          });
      this.settled = settled;
      this.lane = lane;
      this.submitted = lane.clock.getAsLong();
    }

    @Override
    public void run() {
      begun = lane.clock.getAsLong();
      super.run();
    }

    /** For how long the disk has not answered; the time behind others that were read is not the disk's. */
    long stalled() {
      long since = begun != 0 ? begun : Math.max(submitted, lane.lastDone);
      return lane.clock.getAsLong() - since;
    }

    /** Whether the thread has to care for what it works on from now on; if not, it is already at its end. */
    boolean abandon() {
      return settled.compareAndSet(false, true);
    }
  }

  /** The result of {@code read}, which leaves nothing behind. */
  public <T> T call(AllowedLog log, Callable<T> read) throws IOException {
    return call(log, read, _ -> {});
  }

  /**
   * The result of {@code read}.
   *
   * @param whenAbandoned releases what the read works on, and its result where it has one; called on its thread,
   *     after it, when this throws an {@link AbandonedReadException}
   * @throws IOException what it threw, that it took too long, or that the caller was interrupted
   */
  <T> T call(AllowedLog log, Callable<T> read, Consumer<T> whenAbandoned) throws IOException {
    Lane lane = lanes.computeIfAbsent(log.name(), _ -> new Lane(factory, clock));
    Read<T> result = new Read<>(lane, read, whenAbandoned);
    try {
      lane.threads.execute(result);
    } catch (RejectedExecutionException _) {
      throw new IOException("the server has ended");
    }
    try {
      return await(result);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException bug -> throw bug;
        case Error error -> throw error;
        default -> throw new IOException(e.getCause());
      }
    }
  }

  private <T> T await(Read<T> read) throws ExecutionException, AbandonedReadException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          // Once it can't be abandoned any more it is there in a moment.
          long left = longest - read.stalled();
          if (left > 0 || !read.abandon()) {
            return read.get(Math.max(left, 1), TimeUnit.NANOSECONDS);
          }
          throw AbandonedReadException.ofStalledDisk(Duration.ofNanos(longest));
        } catch (TimeoutException _) {
          // Others of the log may have been read meanwhile.
        } catch (InterruptedException _) {
          interrupted = true;
          if (read.abandon()) {
            throw new AbandonedReadException("interrupted while reading");
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    lanes.values().forEach(lane -> lane.threads.shutdown());
  }
}

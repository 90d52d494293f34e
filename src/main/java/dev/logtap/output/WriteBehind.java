package dev.logtap.output;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Writes filled buffers on a thread of its own, so that the next one is filled meanwhile: encoding and the
 * system's copying into a pipe take about the same time each.
 *
 * <p>Runs one daemon thread, {@code stdout}, from its making to {@link #close}. All else is called by the
 * thread that fills the buffers. It waits only where that thread would have waited in writing itself.
 */
final class WriteBehind implements Closeable {
  /** So many buffers wait at most. */
  private static final int MOST = 3;

  private final OutputStream out;
  private final Thread thread;

  // All guarded by this.
  private final Queue<ByteBuffer> filled = new ArrayDeque<>();
  private final Queue<ByteBuffer> written = new ArrayDeque<>();
  private boolean writing;
  private boolean closed;
  private IOException failure;

  WriteBehind(OutputStream out) {
    this.out = out;
    this.thread = Thread.ofPlatform().name("stdout").daemon().start(this::run);
  }

  /**
   * Takes a buffer over, from its start to its position.
   *
   * @return another one of its size to fill; null when a new one has to be made
   * @throws IOException when an earlier one could not be written
   */
  synchronized ByteBuffer exchange(ByteBuffer buffer) throws IOException {
    while (filled.size() == MOST && failure == null) {
      await();
    }
    check();
    filled.add(buffer);
    notifyAll();
    return written.poll();
  }

  /**
   * Waits until all is written.
   *
   * @throws IOException when something could not be
   */
  synchronized void drain() throws IOException {
    while ((writing || !filled.isEmpty()) && failure == null) {
      await();
    }
    check();
  }

  private void check() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  private void await() throws InterruptedIOException {
    try {
      wait();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while writing");
    }
  }

  private void run() {
    try {
      for (ByteBuffer buffer = next(); buffer != null; buffer = next()) {
        out.write(buffer.array(), 0, buffer.position());
        done(buffer);
      }
    } catch (IOException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      // Who waits for this thread has to know of it, whatever ends it.
      fail(new IOException(e));
    }
  }

  private synchronized void fail(IOException e) {
    failure = e;
    notifyAll();
  }

  private synchronized ByteBuffer next() throws IOException {
    while (filled.isEmpty() && !closed) {
      await();
    }
    writing = !filled.isEmpty();
    notifyAll();
    return filled.poll();
  }

  private synchronized void done(ByteBuffer buffer) {
    writing = false;
    written.add(buffer.clear());
    notifyAll();
  }

  /** Writes what was taken over, and ends the thread. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}

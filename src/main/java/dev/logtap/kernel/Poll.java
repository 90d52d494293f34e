package dev.logtap.kernel;

import static dev.logtap.kernel.SystemCall.INT;
import static dev.logtap.kernel.SystemCall.LONG;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Waits by poll(2) for something to happen to a descriptor. One thread waits in {@link #await}; any may end that. It has to
 * be ended before the process does: a JVM that exits waits 300 ms for threads that are in the kernel.
 */
public final class Poll implements Closeable {
  private static final short INPUT = 0x0001;
  private static final short ERROR_OR_HANGUP = 0x0008 | 0x0010;
  private static final int FOR_EVER = -1;

  /** Another failure than a signal's would come at once each time. */
  private static final int MOST_ATTEMPTS = 10_000;

  private static final MethodHandle POLL = SystemCall.of("poll", INT, ValueLayout.ADDRESS, LONG, INT);

  private final short awaited;
  private final Wake wake = new Wake();
  private final Arena memory = Arena.ofAuto();

  /** Two of struct pollfd { int fd; short events; short revents; }, for the descriptor and {@link #wake}. */
  private final MemorySegment polled = memory.allocate(16, 4);

  /** Guarded by this. */
  private boolean closed;

  private Poll(int descriptor, short asked, short awaited) throws IOException {
    this.awaited = awaited;
    polled.set(INT, 0, descriptor);
    polled.set(ValueLayout.JAVA_SHORT, 4, asked);
    polled.set(INT, 8, wake.descriptor());
    polled.set(ValueLayout.JAVA_SHORT, 12, INPUT);
  }

  /** For something to read, its end included. */
  public static Poll forInput(int descriptor) throws IOException {
    return new Poll(descriptor, INPUT, (short) (INPUT | ERROR_OR_HANGUP));
  }

  /** For the end of a pipe that is written to: nobody reads it any more, which nothing but poll(2) tells. */
  public static Poll forReaderGone(int descriptor) throws IOException {
    // It is told without having been asked for.
    return new Poll(descriptor, (short) 0, ERROR_OR_HANGUP);
  }

  /** Waits until it has happened; false where it was ended before, or can't be told. */
  public boolean await() {
    long ready = -1;
    for (int attempts = 0; ready < 0 && attempts < MOST_ATTEMPTS; attempts++) {
      // -1 is EINTR here: a signal was handled, for example to take a thread dump.
      ready = SystemCall.run(() -> (int) POLL.invokeExact(polled, 2L, FOR_EVER));
    }
    return polled.get(ValueLayout.JAVA_SHORT, 14) == 0 && (polled.get(ValueLayout.JAVA_SHORT, 6) & awaited) != 0;
  }

  /** Ends the wait that is going on, and all later ones. */
  public synchronized void end() {
    if (!closed) {
      wake.ring();
    }
  }

  /** Nobody may wait in {@link #await} any more. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      wake.close();
    }
  }
}

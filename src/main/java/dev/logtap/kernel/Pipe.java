package dev.logtap.kernel;

import static dev.logtap.kernel.SystemCall.INT;
import static dev.logtap.kernel.SystemCall.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What only poll(2) tells of a pipe that this process writes to. */
public final class Pipe {
  private static final short ERROR_OR_HANGUP = 0x0008 | 0x0010;
  private static final int FOR_EVER = -1;

  /** Another failure than a signal's would come at once each time. */
  private static final int MOST_ATTEMPTS = 10_000;

  private Pipe() {}

  /** Waits until nobody reads the pipe any more; false where that can't be told. */
  public static boolean awaitReaderGone(int descriptor) {
    MethodHandle poll = SystemCall.of("poll", INT, ValueLayout.ADDRESS, LONG, INT);
    try (Arena arena = Arena.ofConfined()) {
      // struct pollfd { int fd; short events; short revents; }, no event asked for: these are always told.
      MemorySegment polled = arena.allocate(8, 4);
      polled.set(INT, 0, descriptor);
      long ready = -1;
      for (int attempts = 0; ready < 0 && attempts < MOST_ATTEMPTS; attempts++) {
        // -1 is EINTR here: a signal was handled, for example to take a thread dump.
        ready = SystemCall.run(() -> (int) poll.invokeExact(polled, 1L, FOR_EVER));
      }
      return (polled.get(ValueLayout.JAVA_SHORT, 6) & ERROR_OR_HANGUP) != 0;
    }
  }
}

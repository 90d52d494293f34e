package dev.logtap.kernel;

import static dev.logtap.kernel.SystemCall.INT;
import static dev.logtap.kernel.SystemCall.LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A descriptor of eventfd(2), by which one thread ends the wait of another in poll(2). Who owns it sees to it that nobody
 * uses it any more when it is closed: the number is given to somebody else then.
 */
final class Wake {
  // As Linux has them on all that this Java runs on.
  private static final int CLOEXEC = 0x80000;
  private static final int NONBLOCK = 0x800;

  private static final MethodHandle EVENTFD = SystemCall.of("eventfd", INT, INT, INT);
  private static final MethodHandle READ = SystemCall.of("read", LONG, INT, ValueLayout.ADDRESS, LONG);
  private static final MethodHandle WRITE = SystemCall.of("write", LONG, INT, ValueLayout.ADDRESS, LONG);

  private final Arena memory = Arena.ofAuto();
  private final MemorySegment one = memory.allocateFrom(LONG, 1);
  private final MemorySegment count = memory.allocate(LONG);
  private final int descriptor;

  /** @throws IOException past the limit of open files */
  Wake() throws IOException {
    long made = SystemCall.run(() -> (int) EVENTFD.invokeExact(0, CLOEXEC | NONBLOCK));
    if (made < 0) {
      throw new IOException("no eventfd can be had");
    }
    this.descriptor = (int) made;
  }

  int descriptor() {
    return descriptor;
  }

  /** From now on there is something to read. */
  void ring() {
    SystemCall.run(() -> (long) WRITE.invokeExact(descriptor, one, one.byteSize()));
  }

  /** From now on there is nothing to read, until it rings again. */
  void silence() {
    SystemCall.run(() -> (long) READ.invokeExact(descriptor, count, count.byteSize()));
  }

  void close() {
    SystemCall.close(descriptor);
  }
}

package dev.logtap.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/** The end of systemd: a datagram socket at a path, or by an abstract name with {@code @} in front. */
final class NotifyReceiver implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int CLOCK_MONOTONIC = 1;
  private static final int SECONDS = 30;
  private static final int SIZE = 4096;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment buffer = arena.allocate(SIZE);
  private final int descriptor;

  NotifyReceiver(String address) {
    byte[] path = address.getBytes(StandardCharsets.UTF_8);
    MemorySegment name = arena.allocate(2 + path.length, 2);
    name.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(path, 0, name, ValueLayout.JAVA_BYTE, 2, path.length);
    if (path[0] == '@') {
      name.set(ValueLayout.JAVA_BYTE, 2, (byte) 0);
    }
    MemorySegment timeout = arena.allocateFrom(LONG, SECONDS, 0);
    try {
      descriptor = (int) call("socket", INT, INT, INT, INT).invokeExact(AF_UNIX, SOCK_DGRAM, 0);
      int bound =
          (int) call("bind", INT, INT, ValueLayout.ADDRESS, INT).invokeExact(descriptor, name, (int) name.byteSize());
      int set =
          (int)
              call("setsockopt", INT, INT, INT, INT, ValueLayout.ADDRESS, INT)
                  .invokeExact(descriptor, SOL_SOCKET, SO_RCVTIMEO, timeout, (int) timeout.byteSize());
      if (descriptor < 0 || bound != 0 || set != 0) {
        throw new AssertionError("no socket at " + address);
      }
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** The next message; fails when none comes. */
  String next() {
    try {
      long length =
          (long)
              call("recv", LONG, INT, ValueLayout.ADDRESS, LONG, INT)
                  .invokeExact(descriptor, buffer, (long) SIZE, 0);
      if (length < 0) {
        throw new AssertionError("no message within " + SECONDS + " s");
      }
      return new String(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** CLOCK_MONOTONIC, as systemd reads it. */
  static long monotonicMicros() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(LONG, 2);
      int _ = (int) call("clock_gettime", INT, INT, ValueLayout.ADDRESS).invokeExact(CLOCK_MONOTONIC, time);
      return time.getAtIndex(LONG, 0) * 1_000_000 + time.getAtIndex(LONG, 1) / 1000;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    try {
      int _ = (int) call("close", INT, INT).invokeExact(descriptor);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    arena.close();
  }

  @SuppressWarnings("restricted")
  private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
  }
}

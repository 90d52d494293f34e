package dev.logtap.kernel;

import static dev.logtap.kernel.SystemCall.INT;
import static dev.logtap.kernel.SystemCall.LONG;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One instance of inotify(7). One thread at a time waits in {@link #await}, and reads what has happened itself; all else
 * may be called by any thread, meanwhile as well.
 */
public final class Inotify implements Closeable {
  // As Linux has them on all that this Java runs on.
  private static final int CLOEXEC = 0x80000;
  private static final int NONBLOCK = 0x800;
  private static final short POLLIN = 1;

  private static final int IN_MODIFY = 0x2;
  private static final int IN_ATTRIB = 0x4;
  private static final int IN_MOVED_FROM = 0x40;
  private static final int IN_MOVED_TO = 0x80;
  private static final int IN_CREATE = 0x100;
  private static final int IN_DELETE = 0x200;
  private static final int IN_Q_OVERFLOW = 0x4000;
  private static final int IN_IGNORED = 0x8000;
  private static final int IN_ONLYDIR = 0x1000000;
  private static final int CHANGES =
      IN_MODIFY | IN_ATTRIB | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ONLYDIR;

  /** struct inotify_event: wd, mask, cookie, length of the name, which follows with NULs at its end. */
  private static final int HEAD = 16;

  private static final int BUFFER = 64 << 10;

  private static final MethodHandle INIT = SystemCall.of("inotify_init1", INT, INT);
  private static final MethodHandle ADD = SystemCall.of("inotify_add_watch", INT, INT, ValueLayout.ADDRESS, INT);
  private static final MethodHandle REMOVE = SystemCall.of("inotify_rm_watch", INT, INT, INT);
  private static final MethodHandle PPOLL =
      SystemCall.of("ppoll", INT, ValueLayout.ADDRESS, LONG, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
  private static final MethodHandle READ = SystemCall.of("read", LONG, INT, ValueLayout.ADDRESS, LONG);

  private final Arena memory = Arena.ofAuto();

  /** Two of struct pollfd, for {@link #events} and {@link #wake}, and the struct timespec. */
  private final MemorySegment polled = memory.allocate(16, 4);

  private final MemorySegment timeout = memory.allocate(16, 8);
  private final MemorySegment buffer = memory.allocate(BUFFER, 8);

  /** The same: it is the way of each line, and quick also before it is compiled. */
  private final ByteBuffer bytes = buffer.asByteBuffer().order(ByteOrder.nativeOrder());

  /** A descriptor. */
  private final int events;

  private final Wake wake;

  /** Guarded by this, as is whatever uses the descriptors but {@link #await}. */
  private boolean closed;

  /**
   * Something in a watched directory.
   *
   * @param watch as {@link #watch} gave it; {@link #ALL} when more has happened than the kernel kept
   * @param name of the file; null when it is the directory, which is not watched any more
   */
  public record Event(int watch, String name) {}

  /** All directories. */
  public static final int ALL = -1;

  /** @throws IOException past the system's limit of instances, or where this JVM does not let us call it */
  public Inotify() throws IOException {
    this.events = descriptor(SystemCall.run(() -> (int) INIT.invokeExact(CLOEXEC | NONBLOCK)), "no inotify instance can be had");
    try {
      this.wake = new Wake();
    } catch (IOException e) {
      SystemCall.close(events);
      throw e;
    }
    polled.set(INT, 0, events);
    polled.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
    polled.set(INT, 8, wake.descriptor());
    polled.set(ValueLayout.JAVA_SHORT, 12, POLLIN);
  }

  private static int descriptor(long result, String sentence) throws IOException {
    if (result < 0) {
      throw new IOException(sentence);
    }
    return (int) result;
  }

  /** Watches a directory; two paths to the same one are the same watch. */
  public synchronized int watch(Path directory) throws IOException {
    refuseWhenClosed();
    try (Arena path = Arena.ofConfined()) {
      MemorySegment name = path.allocateFrom(directory.toAbsolutePath().toString());
      long watch = SystemCall.run(() -> (int) ADD.invokeExact(events, name, CHANGES));
      return descriptor(watch, "'" + directory + "' can't be watched");
    }
  }

  /** Ends a watch, if it has not ended. What is on its way may still be told. */
  public synchronized void unwatch(int watch) {
    if (!closed) {
      SystemCall.run(() -> (int) REMOVE.invokeExact(events, watch));
    }
  }

  /**
   * Waits until something happens, {@link #wake} is called, or the time is over.
   *
   * @param longest nanoseconds
   * @return what has happened, in order; empty for nothing
   */
  public List<Event> await(long longest) throws IOException {
    timeout.set(LONG, 0, Math.max(0, longest) / 1_000_000_000);
    timeout.set(LONG, 8, Math.max(0, longest) % 1_000_000_000);
    polled.set(ValueLayout.JAVA_SHORT, 6, (short) 0);
    polled.set(ValueLayout.JAVA_SHORT, 14, (short) 0);
    // -1 where a signal interrupts it, which somebody else has handled.
    long ready = SystemCall.run(() -> (int) PPOLL.invokeExact(polled, 2L, timeout, MemorySegment.NULL));
    synchronized (this) {
      refuseWhenClosed();
      if (ready > 0 && polled.get(ValueLayout.JAVA_SHORT, 14) != 0) {
        wake.silence();
      }
      return ready > 0 && polled.get(ValueLayout.JAVA_SHORT, 6) != 0
          ? read(SystemCall.run(() -> (long) READ.invokeExact(events, buffer, buffer.byteSize())))
          : List.of();
    }
  }

  private List<Event> read(long length) {
    List<Event> happened = new ArrayList<>(1);
    for (int at = 0; at + HEAD <= length; ) {
      int watch = bytes.getInt(at);
      int mask = bytes.getInt(at + 4);
      int name = bytes.getInt(at + 12);
      if ((mask & IN_Q_OVERFLOW) != 0) {
        happened.add(new Event(ALL, null));
      } else if ((mask & IN_IGNORED) != 0) {
        happened.add(new Event(watch, null));
      } else if (name > 0) {
        happened.add(new Event(watch, text(at + HEAD, name)));
      }
      at += HEAD + name;
    }
    return happened;
  }

  private String text(int from, int length) {
    byte[] text = new byte[length];
    bytes.get(from, text);
    int end = length;
    while (end > 0 && text[end - 1] == 0) {
      end--;
    }
    return new String(text, 0, end, StandardCharsets.UTF_8);
  }

  /** Ends the wait that is going on, or the next one. */
  public synchronized void wake() {
    if (!closed) {
      wake.ring();
    }
  }

  /** Nobody may wait in {@link #await} any more. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      SystemCall.close(events);
      wake.close();
    }
  }

  private void refuseWhenClosed() throws IOException {
    if (closed) {
      throw new IOException("it is closed");
    }
  }
}

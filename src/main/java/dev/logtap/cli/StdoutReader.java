package dev.logtap.cli;

import dev.logtap.log.Bell;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Notices that the reader of our pipe has gone while there is nothing to write, which a write would
 * tell: {@code logtap tail -f app | head -1} must end, also when no next line ever comes.
 *
 * <p>Java cannot ask, so this calls poll(2), which reports an error or a hang-up though no event is asked
 * for. It costs 50 ms of processor time once, so it waits on a daemon thread of its own, begun when the
 * first lines are out.
 */
final class StdoutReader {
  private static final int STDOUT = 1;
  private static final short ERROR_OR_HANGUP = 0x0008 | 0x0010;
  private static final int FOR_EVER = -1;

  /** Another failure than that would come at once each time: then only the next write tells. */
  private static final int MOST_ATTEMPTS = 10_000;

  private final Bell bell;
  private volatile boolean gone;

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

  @SuppressWarnings("restricted") // The launcher allows this module native access, for this call.
  private void await() {
    Linker linker = Linker.nativeLinker();
    MethodHandle poll =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("poll"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      // struct pollfd { int fd; short events; short revents; }
      MemorySegment descriptor = arena.allocate(8, 4);
      descriptor.set(ValueLayout.JAVA_INT, 0, STDOUT);
      int ready = -1;
      for (int attempts = 0; ready < 0 && attempts < MOST_ATTEMPTS; attempts++) {
        // -1 is EINTR here: a signal was handled, for example to take a thread dump.
        ready = (int) poll.invokeExact(descriptor, 1L, FOR_EVER);
      }
      gone = (descriptor.get(ValueLayout.JAVA_SHORT, 6) & ERROR_OR_HANGUP) != 0;
    } catch (Throwable _) {
      // No native access here: the next write will tell.
      return;
    }
    bell.ring();
  }
}

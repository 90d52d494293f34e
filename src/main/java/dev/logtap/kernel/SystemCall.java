package dev.logtap.kernel;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The C library's functions as Java can call them. */
final class SystemCall {
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private static final MethodHandle CLOSE = of("close", INT, INT);

  private SystemCall() {}

  /** What a handle's exact invocation gives. */
  interface Invocation {
    long run() throws Throwable;
  }

  /** The function's result; -1 is usually its failure. */
  static long run(Invocation invocation) {
    try {
      return invocation.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static MethodHandle of(String name, MemoryLayout result, MemoryLayout... arguments) {
    return handle(name, FunctionDescriptor.of(result, arguments));
  }

  static void close(int descriptor) {
    run(() -> (int) CLOSE.invokeExact(descriptor));
  }

  /** Of a function whose arguments from the {@code first} on, counted from 0, are of its variable ones. */
  static MethodHandle variadic(int first, String name, MemoryLayout result, MemoryLayout... arguments) {
    return handle(name, FunctionDescriptor.of(result, arguments), Linker.Option.firstVariadicArg(first));
  }

  @SuppressWarnings("restricted") // The launcher allows this module native access.
  private static MethodHandle handle(String name, FunctionDescriptor function, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), function, options);
  }
}

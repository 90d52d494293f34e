package dev.logtap.kernel;

import static dev.logtap.kernel.SystemCall.INT;
import static dev.logtap.kernel.SystemCall.LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The terminal that this process reads from: its size, and its settings, of which each byte is restored. (JLine's own, up
 * to 4, forgets the line's speed: a speed of 0 hangs up a serial one.) Used by one thread; any may restore.
 */
public final class Tty {
  private static final int STDIN = 0;
  private static final int STDOUT = 1;

  // asm-generic/termbits.h, struct termios of the C library.
  private static final int TERMIOS_SIZE = 60;
  private static final int INPUT_FLAGS = 0;
  private static final int LOCAL_FLAGS = 12;
  private static final int CHARACTERS = 17;
  private static final int VQUIT = 1;
  private static final int VTIME = 5;
  private static final int VMIN = 6;
  private static final int ICRNL = 0x100;
  private static final int IXON = 0x400;
  private static final int ICANON = 0x2;
  private static final int ECHO = 0x8;
  private static final int IEXTEN = 0x8000;
  private static final int TCSANOW = 0;
  private static final int TCOFLUSH = 1;
  private static final int TCOOFF = 0;
  private static final int TCOON = 1;

  /** In place of a character, that none has its effect: _POSIX_VDISABLE. */
  private static final byte DISABLED = 0;

  /** asm-generic/ioctls.h. */
  private static final long TIOCGWINSZ = 0x5413;

  private static final int SIGSTOP = 19;

  private static final MethodHandle TCGETATTR = SystemCall.of("tcgetattr", INT, INT, ValueLayout.ADDRESS);
  private static final MethodHandle TCSETATTR = SystemCall.of("tcsetattr", INT, INT, INT, ValueLayout.ADDRESS);
  private static final MethodHandle TCFLUSH = SystemCall.of("tcflush", INT, INT, INT);
  private static final MethodHandle TCFLOW = SystemCall.of("tcflow", INT, INT, INT);
  private static final MethodHandle TCGETPGRP = SystemCall.of("tcgetpgrp", INT, INT);
  private static final MethodHandle GETPGRP = SystemCall.of("getpgrp", INT);
  private static final MethodHandle IOCTL = SystemCall.variadic(2, "ioctl", INT, INT, LONG, ValueLayout.ADDRESS);
  private static final MethodHandle RAISE = SystemCall.of("raise", INT, INT);

  private final byte[] former;
  private final byte[] raw;

  private Tty(byte[] former) {
    this.former = former;
    this.raw = raw(former);
  }

  /** Notes the settings as they are. */
  public static Tty open() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      // More than the structure, whose end differs between libraries.
      MemorySegment settings = arena.allocate(2 * TERMIOS_SIZE, 8);
      if (SystemCall.run(() -> (int) TCGETATTR.invokeExact(STDIN, settings)) != 0) {
        throw new IOException("stdin is no terminal");
      }
      return new Tty(settings.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /**
   * Keys come one by one and unseen. Ctrl-C and ctrl-Z stay signals; ctrl-S, by which we could not go on, is a key, and so
   * is ctrl-\\, at which a JVM prints all of its threads.
   */
  private static byte[] raw(byte[] former) {
    byte[] raw = former.clone();
    MemorySegment settings = MemorySegment.ofArray(raw);
    clear(settings, INPUT_FLAGS, ICRNL | IXON);
    clear(settings, LOCAL_FLAGS, ICANON | ECHO | IEXTEN);
    raw[CHARACTERS + VQUIT] = DISABLED;
    raw[CHARACTERS + VMIN] = 1;
    raw[CHARACTERS + VTIME] = 0;
    return raw;
  }

  private static void clear(MemorySegment settings, int at, int flags) {
    settings.set(ValueLayout.JAVA_INT_UNALIGNED, at, settings.get(ValueLayout.JAVA_INT_UNALIGNED, at) & ~flags);
  }

  /** From now on keys come one by one. */
  public void makeRaw() {
    set(raw);
  }

  /** All is as it was when it was opened. A terminal that is gone, or somebody else's now, needs no restoring. */
  public void restore() {
    if (!isSomebodyElses()) {
      set(former);
    }
  }

  /** Whether another job of the shell has the terminal now: who sets it nevertheless is stopped. */
  public boolean isSomebodyElses() {
    long theirs = SystemCall.run(() -> (int) TCGETPGRP.invokeExact(STDIN));
    // Where it is not the one that we are controlled by, nobody is stopped.
    return theirs > 0 && theirs != SystemCall.run(() -> (int) GETPGRP.invokeExact());
  }

  /** Throws away what was written and not taken yet, so that who waits in writing can go on. */
  public void discardOutput() {
    if (!isSomebodyElses()) {
      SystemCall.run(() -> (int) TCFLUSH.invokeExact(STDOUT, TCOFLUSH));
      // Of a pseudo-terminal's room the kernel tells no writer, until its output was off and is on again.
      SystemCall.run(() -> (int) TCFLOW.invokeExact(STDOUT, TCOOFF));
      SystemCall.run(() -> (int) TCFLOW.invokeExact(STDOUT, TCOON));
    }
  }

  private static void set(byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment settings = arena.allocate(bytes.length, 8);
      settings.copyFrom(MemorySegment.ofArray(bytes));
      SystemCall.run(() -> (int) TCSETATTR.invokeExact(STDIN, TCSANOW, settings));
    }
  }

  /** How many columns there are, and how many lines; 0 where that is not known. */
  public record Size(int columns, int lines) {}

  public Size size() {
    try (Arena arena = Arena.ofConfined()) {
      // struct winsize { unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel; }
      MemorySegment size = arena.allocate(8, 8);
      SystemCall.run(() -> (int) IOCTL.invokeExact(STDIN, TIOCGWINSZ, size));
      return new Size(Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, 2)), Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, 0)));
    }
  }

  /** Stops this process, until it is continued. */
  public static void stop() {
    SystemCall.run(() -> (int) RAISE.invokeExact(SIGSTOP));
  }
}

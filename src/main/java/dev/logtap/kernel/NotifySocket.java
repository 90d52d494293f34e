package dev.logtap.kernel;

import static dev.logtap.kernel.SystemCall.INT;
import static dev.logtap.kernel.SystemCall.LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * Sends single datagrams to a Unix socket, which Java can't: so this calls the system. Any thread may call it;
 * it waits for a second at most, when who reads is behind.
 */
public final class NotifySocket {
  // As Linux has them on all that this Java runs on.
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDTIMEO = 21;

  /** What struct sockaddr_un has room for. */
  private static final int LONGEST_PATH = 108;

  private final MethodHandle socket = SystemCall.of("socket", INT, INT, INT, INT);
  private final MethodHandle setsockopt = SystemCall.of("setsockopt", INT, INT, INT, INT, ValueLayout.ADDRESS, INT);
  private final MethodHandle sendto =
      SystemCall.of("sendto", LONG, INT, ValueLayout.ADDRESS, LONG, INT, ValueLayout.ADDRESS, INT);
  private final byte[] path;

  /**
   * @param address a path, or with {@code @} in front a name in the abstract namespace
   * @throws IOException when it is neither, or too long, or this JVM does not let us call the system
   */
  public NotifySocket(String address) throws IOException {
    path = address.getBytes(StandardCharsets.UTF_8);
    if (path.length < 2 || path[0] != '/' && path[0] != '@' || path.length > LONGEST_PATH) {
      throw new IOException("its address is neither an absolute path nor @ and a name, of 108 bytes at most");
    }
    if (path[0] == '@') {
      path[0] = 0;
    }
  }

  /** Sends it, or throws when it was not taken within a second. */
  public void send(String message) throws IOException {
    int descriptor = (int) SystemCall.run(() -> (int) socket.invokeExact(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (descriptor < 0) {
      throw new IOException("no socket can be had");
    }
    try {
      send(descriptor, message.getBytes(StandardCharsets.UTF_8));
    } finally {
      SystemCall.close(descriptor);
    }
  }

  private void send(int descriptor, byte[] message) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      // struct timeval: a second.
      MemorySegment timeout = arena.allocateFrom(LONG, 1, 0);
      SystemCall.run(
          () -> (int) setsockopt.invokeExact(descriptor, SOL_SOCKET, SO_SNDTIMEO, timeout, (int) timeout.byteSize()));
      // struct sockaddr_un: of an abstract name the length is part of the name.
      MemorySegment address = arena.allocate(2 + path.length, 2);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, 2, path.length);
      MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
      long sent =
          SystemCall.run(
              () ->
                  (long)
                      sendto.invokeExact(
                          descriptor, text, text.byteSize(), MSG_NOSIGNAL, address, (int) address.byteSize()));
      if (sent != message.length) {
        throw new IOException("nobody took it");
      }
    }
  }
}

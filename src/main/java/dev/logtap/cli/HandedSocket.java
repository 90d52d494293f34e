package dev.logtap.cli;

import dev.logtap.config.ConfigException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;

/**
 * The listening socket that this process was started with, as systemd's socket units hand one down: sd_listen_fds(3).
 * Java finds one only as descriptor 0; the launcher puts it there where the protocol has it as descriptor 3, and a unit
 * with {@code StandardInput=socket} needs no protocol.
 */
final class HandedSocket {
  private HandedSocket() {}

  /**
   * The socket, or null where none was handed down. Whoever takes it closes it when all has been said: with it, Java turns
   * stdout and stderr to /dev/null.
   *
   * @throws ConfigException when several were, or one that no client can connect to
   */
  static ServerSocketChannel take(Map<String, String> environment) throws IOException {
    boolean announced = Long.toString(ProcessHandle.current().pid()).equals(environment.get("LISTEN_PID"));
    String count = announced ? environment.getOrDefault("LISTEN_FDS", "0") : "0";
    Channel stdin = System.inheritedChannel();
    if (stdin instanceof ServerSocketChannel socket && socket.getLocalAddress() instanceof InetSocketAddress) {
      return socket;
    }
    if (stdin instanceof ServerSocketChannel || !count.equals("0")) {
      throw new ConfigException(
          "the socket unit hands down what can't be served: it takes one listening TCP socket; give it one ListenStream=HOST:PORT");
    }
    return null;
  }
}

package dev.logtap.cli;

import dev.logtap.config.Setting;
import dev.logtap.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Where to listen, as it was given.
 *
 * @param host a name or an address, of IPv6 in brackets
 */
record Listen(String host, int port) {
  static final Listen DEFAULT = new Listen("127.0.0.1", 8000);

  /** Null where nothing was given. */
  static final Setting<Listen> SETTING =
      new Setting<>("listen", "HOST:PORT, such as 127.0.0.1:8000 or [::1]:8000", Listen::parse, null);

  private static final int CONNECT_MS = 1000;

  static Listen parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    String port = text.substring(colon + 1);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    boolean digits = !port.isEmpty() && port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9');
    if (host.isEmpty() || host.indexOf(':') >= 0 && !bracketed || !digits || Integer.parseInt(port) > 0xffff) {
      throw new IllegalArgumentException(text);
    }
    return new Listen(host, Integer.parseInt(port));
  }

  static Listen of(Settings settings) {
    Listen given = settings.get(SETTING);
    return given == null ? DEFAULT : given;
  }

  static Listen of(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    String text = host.getHostAddress();
    return new Listen(text.indexOf(':') < 0 ? text : "[" + text + "]", address.getPort());
  }

  InetSocketAddress address() throws IOException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException("there is no address of that name");
    }
    return address;
  }

  /** Whether only this machine can come there; also where the name has no address, which is said when it is to be had. */
  boolean isLoopback() {
    InetSocketAddress address = new InetSocketAddress(host, port);
    return address.isUnresolved() || address.getAddress().isLoopbackAddress();
  }

  /** Whether somebody listens there: that an address can't be had may have other reasons, such as that it is not ours. */
  boolean isTaken() {
    try (Socket socket = new Socket()) {
      socket.connect(address(), CONNECT_MS);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}

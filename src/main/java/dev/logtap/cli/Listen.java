package dev.logtap.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Where to listen, as it was given.
 *
 * @param host a name or an address, of IPv6 in brackets
 */
record Listen(String host, int port) {
  static final Listen DEFAULT = new Listen("127.0.0.1", 8000);

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

  @Override
  public String toString() {
    return host + ":" + port;
  }
}

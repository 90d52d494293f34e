package dev.logtap.server;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * Which web pages may use the server from a browser. A page of ours is one whose origin is the Host it asked
 * for, where that is a name or address that nobody else can let lead here: a stranger's page that rebinds its
 * own name to us does not pass.
 *
 * @param listed as browsers send them, for example {@code https://dash.example.org}
 * @param listening the host name or address that was given to listen on
 */
public record Origins(Set<String> listed, String listening) {

  /** Whether {@code text} is an origin as browsers send it: scheme and authority, nothing behind. */
  public static boolean isOrigin(String text) {
    return parse(text) != null && text.equals(text.toLowerCase(Locale.ROOT)) && !text.endsWith("/");
  }

  /**
   * Whether a page of {@code origin} may.
   *
   * @param host as the request has it
   * @param tls whether the connection is encrypted by us
   * @param local the address that the connection has come to
   */
  boolean allow(String origin, String host, boolean tls, InetAddress local) {
    if (listed.contains(origin)) {
      return true;
    }
    URI page = parse(origin);
    URI asked = host == null ? null : parse((tls ? "https://" : "http://") + host);
    return page != null
        && asked != null
        && page.getScheme().equalsIgnoreCase(asked.getScheme())
        && page.getHost().equalsIgnoreCase(asked.getHost())
        && portOf(page) == portOf(asked)
        && isOurs(asked.getHost(), local);
  }

  private boolean isOurs(String host, InetAddress local) {
    return isLoopback(host) || host.equalsIgnoreCase(listening) || host.equals(textOf(local));
  }

  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost") || host.equals("[::1]") || isLoopbackV4(host);
  }

  /** An address and not a name that begins like one: 127.0.0.1.example.org is somebody's. */
  private static boolean isLoopbackV4(String host) {
    return host.startsWith("127.") && host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  }

  private static String textOf(InetAddress address) {
    String text = address.getHostAddress();
    return text.indexOf(':') < 0 ? text : "[" + text + "]";
  }

  private static int portOf(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }

  private static URI parse(String text) {
    try {
      URI uri = new URI(text);
      if (uri.getScheme() == null || uri.getHost() == null) {
        return null;
      }
      boolean nothingElse =
          uri.getRawUserInfo() == null
              && uri.getRawPath().isEmpty()
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null;
      return nothingElse ? uri : null;
    } catch (URISyntaxException _) {
      return null;
    }
  }
}

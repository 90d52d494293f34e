package dev.logtap.client;

import java.net.URI;
import java.util.Locale;

/**
 * Whom a connection is made with: scheme, host and port. A token goes to one of them only.
 *
 * @param host a name, or an address without brackets
 */
record Origin(boolean secure, String host, int port) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /** Of an address of any of the schemes http, https, ws, wss; null where it is none such, or says who the user is. */
  static Origin of(URI address) {
    String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
    boolean secure = scheme.equals("https") || scheme.equals("wss");
    boolean known = secure || scheme.equals("http") || scheme.equals("ws");
    String host = address.getHost();
    if (!known || host == null || address.getRawUserInfo() != null || address.getPort() > 0xffff || address.getPort() == 0) {
      return null;
    }
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host.toLowerCase(Locale.ROOT);
    return new Origin(secure, bare, address.getPort() < 0 ? (secure ? HTTPS : HTTP) : address.getPort());
  }

  /** {@code host:port} as a Host field has it: without the scheme's own port. */
  String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (secure ? HTTPS : HTTP) ? name : name + ":" + port;
  }

  /** {@code https://host:port}. */
  @Override
  public String toString() {
    return (secure ? "https://" : "http://") + authority();
  }
}

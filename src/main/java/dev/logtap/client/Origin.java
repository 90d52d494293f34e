package dev.logtap.client;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom a connection is made with: scheme, host and port. A token goes to one of them only.
 *
 * @param host a name, or an address without brackets
 */
record Origin(boolean secure, String host, int port) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /** Where a URI has no host: a name that is none of RFC 952, as networks of containers give them. */
  private static final Pattern NAME_AND_PORT = Pattern.compile("([A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");

  /** Of an address of any of the schemes http, https, ws, wss; null where it is none such, or says who the user is. */
  static Origin of(URI address) {
    String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
    boolean secure = scheme.equals("https") || scheme.equals("wss");
    boolean known = secure || scheme.equals("http") || scheme.equals("ws");
    String host = address.getHost();
    int port = address.getPort();
    if (host == null && address.getRawAuthority() != null) {
      Matcher authority = NAME_AND_PORT.matcher(address.getRawAuthority());
      host = authority.matches() ? authority.group(1) : null;
      port = host == null || authority.group(2) == null ? -1 : Integer.parseInt(authority.group(2));
    }
    if (!known || host == null || address.getRawUserInfo() != null || port > 0xffff || port == 0) {
      return null;
    }
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host.toLowerCase(Locale.ROOT);
    return new Origin(secure, bare, port < 0 ? (secure ? HTTPS : HTTP) : port);
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

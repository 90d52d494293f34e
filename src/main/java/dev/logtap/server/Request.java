package dev.logtap.server;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The head of one request.
 *
 * @param target as it came
 * @param version {@code HTTP/1.1} or before
 * @param headers in order, a line each
 * @param body whether one follows
 * @param persistent whether the client will use the connection again, and can
 */
record Request(
    String method, String target, String version, List<Map.Entry<String, String>> headers, boolean body, boolean persistent) {

  /** Of RFC 9110 9.3 and RFC 5789. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

  /** The value of a header that may be there once; null where it is not. */
  String header(String name) throws BadRequestException {
    String value = null;
    for (Map.Entry<String, String> header : headers) {
      if (header.getKey().equalsIgnoreCase(name)) {
        if (value != null) {
          throw new BadRequestException(400, "there is more than one " + name + "; send one");
        }
        value = header.getValue();
      }
    }
    return value;
  }

  /** Without what may hold a token: a method that is none may be anything. */
  @Override
  public String toString() {
    return (METHODS.contains(method) ? method : "-") + " " + LoggedTarget.of(target);
  }
}

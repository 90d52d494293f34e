package dev.logtap.client;

import dev.logtap.log.LogName;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One stream of a server: of a log, or of an environment whose logs are relayed. Equal to itself only. */
public final class Target {
  private static final String RELAY = "railway:";
  private static final String LOGS = "/api/v1/server/logs/";
  private static final String ENVIRONMENTS = "/api/environments/";
  private static final Pattern LOG_PATH = Pattern.compile(".*" + LOGS + "([^/]+)/ws");
  private static final Pattern ENVIRONMENT_PATH = Pattern.compile(".*" + ENVIRONMENTS + "([^/]+)/logs/stream");

  private final String label;
  private final String name;
  private final boolean relay;
  private final Origin origin;
  private final String path;

  /** Of the address that was given, encoded as they were; they count more than ours. */
  private final Map<String, String> parameters;

  /** Whether it is the server's that the token is for. */
  private final boolean trusted;

  private Target(
      String name, boolean relay, Origin origin, String path, Map<String, String> parameters, boolean trusted) {
    this.name = name;
    this.relay = relay;
    this.origin = origin;
    this.path = path;
    this.parameters = parameters;
    this.trusted = trusted;
    this.label = (trusted ? "" : origin.authority() + "/") + (relay ? RELAY : "") + name;
  }

  /**
   * Reads what was asked for: a log's name, {@code railway:ENVIRONMENT}, or an address.
   *
   * @throws IllegalArgumentException where it is neither, with a sentence
   */
  public static Target parse(String text, ServerAddress server) {
    if (text.startsWith("ws://") || text.startsWith("wss://")) {
      return ofAddress(text, server);
    }
    if (text.startsWith(RELAY) && text.length() > RELAY.length()) {
      String environment = text.substring(RELAY.length());
      String path = server.path() + ENVIRONMENTS + encoded(environment) + "/logs/stream";
      return new Target(environment, true, server.origin(), path, Map.of(), true);
    }
    if (LogName.isValid(text)) {
      return new Target(text, false, server.origin(), server.path() + LOGS + text + "/ws", Map.of(), true);
    }
    throw new IllegalArgumentException(
        "is no target; give a log's name, railway:ENVIRONMENT, or a ws:// or wss:// address of a stream");
  }

  private static Target ofAddress(String text, ServerAddress server) {
    URI address;
    try {
      address = new URI(text);
    } catch (URISyntaxException e) {
      throw noStream(e);
    }
    Origin origin = Origin.of(address);
    if (origin == null || address.getRawFragment() != null) {
      throw noStream(null);
    }
    Matcher log = LOG_PATH.matcher(address.getRawPath());
    Matcher environment = ENVIRONMENT_PATH.matcher(address.getRawPath());
    boolean isLog = log.matches();
    if (!isLog && !environment.matches() || isLog && !LogName.isValid(log.group(1))) {
      throw noStream(null);
    }
    String name = isLog ? log.group(1) : decoded(environment.group(1));
    return new Target(
        name, !isLog, origin, address.getRawPath(), parameters(address.getRawQuery()), origin.equals(server.origin()));
  }

  private static IllegalArgumentException noStream(Throwable cause) {
    return new IllegalArgumentException(
        "is no address of a stream; give wss://HOST" + LOGS + "NAME/ws or wss://HOST" + ENVIRONMENTS + "ID/logs/stream",
        cause);
  }

  private static String decoded(String text) {
    // Where a form would have a blank, a path has a plus.
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String parameter : query == null ? new String[0] : query.split("&")) {
      String[] pair = parameter.split("=", 2);
      if (!pair[0].isEmpty()) {
        parameters.put(pair[0], pair.length > 1 ? pair[1] : "");
      }
    }
    return parameters;
  }

  /** As it is called for eyes; another server's with that server before it. */
  public String label() {
    return label;
  }

  /** The log, or the environment as it was asked for. */
  public String name() {
    return name;
  }

  public boolean relay() {
    return relay;
  }

  /** The server, where it is another than the one that names are asked of; else null. */
  public String otherServer() {
    return trusted ? null : origin.toString();
  }

  /** By which a cursor is kept: the stream's address, without parameters, of which one may be a token. */
  public String key() {
    return (origin.secure() ? "wss://" : "ws://") + origin.authority() + path;
  }

  /** The address at which the server names what a token opens. */
  String names() {
    String before = path.substring(0, path.lastIndexOf(relay ? ENVIRONMENTS : LOGS));
    return origin + before + LOGS.substring(0, LOGS.length() - 1);
  }

  Origin origin() {
    return origin;
  }

  boolean trusted() {
    return trusted;
  }

  /**
   * What to ask for: path and query.
   *
   * @param cursor to go on behind; null to begin
   * @param since where there is no cursor, only what is after this; null for all
   */
  String request(Wanted wanted, String cursor, Instant since) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("lines", Integer.toString(wanted.lines()));
    if (wanted.search() != null) {
      all.put("search", encoded(wanted.search()));
    }
    if (relay && !wanted.services().isEmpty()) {
      all.put("services", encoded(String.join(",", wanted.services())));
    }
    if (relay && !wanted.severities().isEmpty()) {
      all.put("severity", encoded(String.join(",", wanted.severities())));
    }
    all.putAll(parameters);
    if (cursor != null) {
      all.put("cursor", encoded(cursor));
    } else if (relay && since != null) {
      all.put("lastTimestamp", encoded(since.toString()));
    }
    StringBuilder target = new StringBuilder(path);
    char separator = '?';
    for (Map.Entry<String, String> parameter : all.entrySet()) {
      target.append(separator).append(parameter.getKey()).append('=').append(parameter.getValue());
      separator = '&';
    }
    return target.toString();
  }

  /** RFC 3986 2.3: all but the unreserved characters, so that it is the same in a path and in a query. */
  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean unreserved = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || "-._~".indexOf(b) >= 0;
      if (unreserved) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)));
        encoded.append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
      }
    }
    return encoded.toString();
  }

  /** Without parameters, of which one may be a token. */
  @Override
  public String toString() {
    return label;
  }
}

package dev.logtap.server;

import dev.logtap.protocol.ClientMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request asks for. The path is divided before it is decoded, and {@code ..} is a name like any other:
 * no segment can become two, and none means another directory.
 *
 * @param path the decoded segments
 * @param query the decoded parameters, by name in the order of their values
 */
record Target(List<String> path, Map<String, List<String>> query) {
  private static final int LINES = 50;
  private static final int MOST_LINES = 500;

  /** Reads a request's target in origin or absolute form (RFC 9112 3.2). */
  static Target parse(String text) throws BadRequestException {
    String target = text;
    if (!target.startsWith("/")) {
      int authority = target.indexOf("://");
      if (authority < 0) {
        throw new BadRequestException(400, "the request's target is no path; ask for one that begins with '/'");
      }
      int slash = target.indexOf('/', authority + 3);
      target = slash < 0 ? "/" : target.substring(slash);
    }
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    List<String> segments = new ArrayList<>();
    for (String segment : path.substring(1).split("/", -1)) {
      segments.add(decode(segment, false));
    }
    return new Target(List.copyOf(segments), query(question < 0 ? "" : target.substring(question + 1)));
  }

  private static Map<String, List<String>> query(String text) {
    Map<String, List<String>> query = new HashMap<>();
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
      query.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    }
    return query;
  }

  /** The one value of a parameter; null where it is not there. */
  String parameter(String name) throws BadRequestException {
    List<String> values = query.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new BadRequestException(400, "'" + name + "' is there more than once; give it once");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  /** The values of a parameter that is a list by commas; empty where it is not there. */
  List<String> list(String name) throws BadRequestException {
    String list = parameter(name);
    return list == null ? List.of() : ClientMessage.split(list);
  }

  /**
   * The parameter {@code lines}: a whole number from {@code least}; what is too many is {@value #MOST_LINES}.
   */
  int lines(int least) throws BadRequestException {
    String text = parameter("lines");
    if (text == null) {
      return LINES;
    }
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    String number = digits ? text.replaceFirst("^0+(?=.)", "") : "";
    if (!digits || number.length() == 1 && number.charAt(0) - '0' < least) {
      throw new BadRequestException(400, "'lines' is not a whole number from " + least + "; give one, up to " + MOST_LINES);
    }
    return number.length() > 3 ? MOST_LINES : Math.min(MOST_LINES, Integer.parseInt(number));
  }

  /** Percent-encoding (RFC 3986 2.1), with {@code +} for a blank in a form's fields. What is encoded wrongly stays as it is. */
  private static String decode(String text, boolean form) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
      if (low >= 0) {
        bytes.write(high << 4 | low);
        i += 2;
      } else if (c == '+' && form) {
        bytes.write(' ');
      } else {
        bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

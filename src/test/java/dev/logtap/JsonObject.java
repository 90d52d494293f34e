package dev.logtap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the flat objects of the JSON lines, as strictly as RFC 8259 has it. */
final class JsonObject {
  private final String text;
  private int at;

  private JsonObject(String text) {
    this.text = text;
  }

  /** The objects of an output that must consist of whole lines of one object each. */
  static List<Map<String, Object>> parseLines(byte[] output) {
    String text = decode(output);
    if (!text.isEmpty() && !text.endsWith("\n")) {
      throw new AssertionError("the output ends within a line: ..." + text.substring(Math.max(0, text.length() - 200)));
    }
    return text.lines().map(JsonObject::parse).toList();
  }

  /** The members of one object, each a string or {@code true}. */
  static Map<String, Object> parse(String line) {
    JsonObject object = new JsonObject(line);
    Map<String, Object> members = object.members();
    if (object.at < line.length()) {
      throw object.unexpected();
    }
    return members;
  }

  private static String decode(byte[] output) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(output)).toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("the output is not UTF-8", e);
    }
  }

  private Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    expect('{');
    do {
      String name = string();
      expect(':');
      if (members.put(name, text.startsWith("true", at) ? literal() : string()) != null) {
        throw unexpected();
      }
    } while (follows(','));
    expect('}');
    return members;
  }

  private Boolean literal() {
    at += "true".length();
    return true;
  }

  private String string() {
    StringBuilder string = new StringBuilder();
    expect('"');
    while (!follows('"')) {
      char c = next();
      if (c < ' ') {
        throw unexpected();
      }
      string.append(c == '\\' ? escaped() : c);
    }
    return string.toString();
  }

  private char escaped() {
    char c = next();
    if (c == 'u') {
      at += 4;
      return (char) Integer.parseInt(text, at - 4, at, 16);
    }
    int known = "\"\\/bfnrt".indexOf(c);
    if (known < 0) {
      throw unexpected();
    }
    return "\"\\/\b\f\n\r\t".charAt(known);
  }

  private boolean follows(char c) {
    boolean follows = at < text.length() && text.charAt(at) == c;
    at += follows ? 1 : 0;
    return follows;
  }

  private void expect(char c) {
    if (next() != c) {
      throw unexpected();
    }
  }

  private char next() {
    if (at == text.length()) {
      throw unexpected();
    }
    return text.charAt(at++);
  }

  private AssertionError unexpected() {
    return new AssertionError("no JSON at " + at + ": " + text.substring(0, Math.min(text.length(), at + 100)));
  }
}

package dev.logtap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON lines as strictly as RFC 8259 is written, with nothing of the program's own: objects of
 * strings, whole numbers, true, false and null, and lists and objects of these.
 */
public final class JsonRecord {
  private final String text;
  private int at;

  private JsonRecord(String text) {
    this.text = text;
  }

  /** The records of an output, which is UTF-8 to the last byte and ends with a newline unless empty. */
  public static List<Map<String, Object>> ofLines(byte[] output) {
    String text = decode(output);
    if (!text.isEmpty() && !text.endsWith("\n")) {
      throw new AssertionError("the last record has no newline: " + text);
    }
    List<Map<String, Object>> records = new ArrayList<>();
    int from = 0;
    for (int to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      records.add(of(text.substring(from, to)));
      from = to + 1;
    }
    return records;
  }

  /** The fields of one record. */
  static Map<String, Object> of(String line) {
    JsonRecord record = new JsonRecord(line);
    record.expect('{');
    Map<String, Object> fields = record.object();
    if (record.at < line.length()) {
      throw record.wrong("more than one object");
    }
    return fields;
  }

  private static String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("not UTF-8", e);
    }
  }

  private Map<String, Object> object() {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (skip('}')) {
      return fields;
    }
    do {
      String name = string();
      expect(':');
      if (fields.containsKey(name)) {
        throw wrong("the name '" + name + "' twice");
      }
      fields.put(name, value());
    } while (skip(','));
    expect('}');
    return fields;
  }

  private Object value() {
    if (skip("true")) {
      return true;
    }
    if (skip("false")) {
      return false;
    }
    if (skip("null")) {
      return null;
    }
    if (skip('[')) {
      return list();
    }
    if (skip('{')) {
      return object();
    }
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at > from ? Long.valueOf(text.substring(from, at)) : string();
  }

  private List<Object> list() {
    List<Object> values = new ArrayList<>();
    if (!skip(']')) {
      do {
        values.add(value());
      } while (skip(','));
      expect(']');
    }
    return values;
  }

  private String string() {
    expect('"');
    StringBuilder value = new StringBuilder();
    while (!skip('"')) {
      char c = next();
      if (c < ' ') {
        throw wrong("a control character that is not escaped");
      }
      value.append(c == '\\' ? escaped() : c);
    }
    return value.toString();
  }

  private char escaped() {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        at += 4;
        yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      default -> throw wrong("an escape that is not known");
    };
  }

  private char next() {
    if (at == text.length()) {
      throw wrong("no end");
    }
    return text.charAt(at++);
  }

  private boolean skip(char c) {
    return skip(String.valueOf(c));
  }

  private boolean skip(String word) {
    boolean found = text.startsWith(word, at);
    at += found ? word.length() : 0;
    return found;
  }

  private void expect(char c) {
    if (!skip(c)) {
      throw wrong("no '" + c + "'");
    }
  }

  private AssertionError wrong(String what) {
    String around = text.substring(Math.max(0, at - 250), Math.min(text.length(), at + 250));
    return new AssertionError(what + " at " + at + " of a record, in: " + around);
  }
}

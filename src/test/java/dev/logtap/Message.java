package dev.logtap;

import java.util.List;
import java.util.Map;

/** One message of a stream, by its fields. */
record Message(Map<String, Object> fields) {

  static Message of(String text) {
    return new Message(JsonRecord.of(text));
  }

  /** Empty where it has none. */
  List<String> lines() {
    return fields.get("lines") instanceof List<?> lines ? lines.stream().map(String.class::cast).toList() : List.of();
  }

  String cursor() {
    return text("cursor");
  }

  String gap() {
    return text("gap");
  }

  String type() {
    return text("type");
  }

  boolean partial() {
    return Boolean.TRUE.equals(fields.get("partial"));
  }

  private String text(String name) {
    return (String) fields.get(name);
  }
}

package dev.logtap.railway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;

/**
 * What a query or a {@code next} brought.
 *
 * @param entries without the names of their services; null where there was no {@code environmentLogs}
 * @param unreadable rows whose time can't be read
 * @param rest the other fields of {@code data} by name; empty where there was none
 */
record Answer(List<Entry> entries, int unreadable, JsonNode rest, List<Complaint> complaints) {
  /** How many rows Railway gave. */
  int rows() {
    return entries == null ? 0 : entries.size() + unreadable;
  }

  /**
   * One of a GraphQL answer's {@code errors}.
   *
   * @param field the first of its {@code path}; empty where there is none
   */
  record Complaint(String message, String field) {
    boolean isRefusal() {
      return message.toLowerCase(Locale.ROOT).contains("not authorized");
    }
  }
}

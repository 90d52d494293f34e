package dev.logtap.railway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingJsonFactory;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.logtap.railway.Answer.Complaint;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads GraphQL answers, of several megabytes without a tree of them. Lenient: what is not known is passed over, and a
 * row that can't be read does not take the others with it. Any thread may call it.
 */
final class AnswerReader {
  /** No log's time, and nanoseconds since 1970 would not hold it: what is before or after this can't be read. */
  private static final Instant EARLIEST = Instant.parse("1700-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("2250-01-01T00:00:00Z");

  private static final JsonFactory JSON = factory();

  private AnswerReader() {}

  /** A row may be as long as a message, which has its own limit. */
  private static JsonFactory factory() {
    JsonFactory factory = new MappingJsonFactory();
    factory.setStreamReadConstraints(
        StreamReadConstraints.builder().maxStringLength(Connection.LONGEST_MESSAGE).build());
    return factory;
  }

  static Answer read(byte[] body) throws IOException {
    try (JsonParser json = JSON.createParser(body)) {
      json.nextToken();
      return answer(json);
    }
  }

  /** Reads the {@code payload} of a frame. */
  static Answer readPayload(String frame) throws IOException {
    try (JsonParser json = JSON.createParser(frame)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
          json.nextToken();
          if (name.equals("payload")) {
            return answer(json);
          }
          json.skipChildren();
        }
      }
    }
    return new Answer(null, 0, JsonNodeFactory.instance.objectNode(), List.of());
  }

  /** What a frame of graphql-transport-ws is, without reading its payload where that comes last; null if it is none. */
  static Frame readHead(String frame) {
    String type = null;
    String id = null;
    try (JsonParser json = JSON.createParser(frame)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (type == null || id == null) {
        String name = json.nextFieldName();
        if (name == null) {
          break;
        }
        json.nextToken();
        switch (name) {
          case "type" -> type = json.getValueAsString();
          case "id" -> id = json.getValueAsString();
          default -> json.skipChildren();
        }
      }
    } catch (IOException _) {
      return null;
    }
    return type == null ? null : new Frame(type, id, frame);
  }

  private static Answer answer(JsonParser json) throws IOException {
    Reading reading = new Reading();
    if (json.currentToken() == JsonToken.START_ARRAY) {
      // The payload of an error frame is the list of errors itself.
      reading.complaints(json);
    } else if (json.currentToken() == JsonToken.START_OBJECT) {
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        switch (name) {
          case "data" -> reading.data(json);
          case "errors" -> reading.complaints(json);
          default -> json.skipChildren();
        }
      }
    } else {
      throw new IOException("not an object");
    }
    return new Answer(reading.entries, reading.unreadable, reading.rest, reading.complaints);
  }

  /** An answer that is being read. */
  private static final class Reading {
    private List<Entry> entries;
    private int unreadable;
    private final ObjectNode rest = JsonNodeFactory.instance.objectNode();
    private final List<Complaint> complaints = new ArrayList<>();

    private void data(JsonParser json) throws IOException {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        json.skipChildren();
        return;
      }
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        if (!name.equals("environmentLogs")) {
          rest.set(name, json.<JsonNode>readValueAsTree());
        } else if (value == JsonToken.START_ARRAY) {
          rows(json);
        } else {
          json.skipChildren();
        }
      }
    }

    private void rows(JsonParser json) throws IOException {
      entries = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        Entry entry = json.currentToken() == JsonToken.START_OBJECT ? row(json) : null;
        if (entry == null) {
          json.skipChildren();
          unreadable++;
        } else {
          entries.add(entry);
        }
      }
    }

    private void complaints(JsonParser json) throws IOException {
      if (json.currentToken() != JsonToken.START_ARRAY) {
        json.skipChildren();
        return;
      }
      while (json.nextToken() != JsonToken.END_ARRAY) {
        JsonNode error = json.readValueAsTree();
        complaints.add(
            new Complaint(
                error.path("message").asText("an error without a message"), error.path("path").path(0).asText("")));
      }
    }
  }

  /** Null when its time can't be read. The row is read to its end in any case. */
  private static Entry row(JsonParser json) throws IOException {
    String timestamp = null;
    String message = "";
    String severity = null;
    Map<String, String> tags = Map.of();
    List<Entry.Attribute> attributes = List.of();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      switch (name) {
        case "timestamp" -> timestamp = text(json);
        case "message" -> message = value == JsonToken.VALUE_NULL ? "" : text(json);
        case "severity" -> severity = text(json);
        case "tags" -> tags = tags(json);
        case "attributes" -> attributes = attributes(json);
        default -> json.skipChildren();
      }
    }
    Instant time = time(timestamp);
    return time == null
        ? null
        : new Entry(
            time,
            timestamp,
            severity,
            tags.get("serviceId"),
            null,
            tags.get("deploymentId"),
            tags.get("deploymentInstanceId"),
            message == null ? "" : message,
            attributes);
  }

  private static Instant time(String timestamp) {
    if (timestamp == null) {
      return null;
    }
    try {
      Instant time = Instant.parse(timestamp);
      return time.isBefore(EARLIEST) || time.isAfter(LATEST) ? null : time;
    } catch (DateTimeException _) {
      return null;
    }
  }

  private static Map<String, String> tags(JsonParser json) throws IOException {
    Map<String, String> tags = new LinkedHashMap<>();
    if (json.currentToken() == JsonToken.START_OBJECT) {
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        tags.put(name, text(json));
      }
    }
    json.skipChildren();
    return tags;
  }

  private static List<Entry.Attribute> attributes(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return List.of();
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        json.skipChildren();
        continue;
      }
      String key = null;
      String value = null;
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        switch (name) {
          case "key" -> key = text(json);
          case "value" -> value = text(json);
          default -> json.skipChildren();
        }
      }
      if (key != null && value != null) {
        attributes.put(key, asJson(value));
      }
    }
    List<Entry.Attribute> list = new ArrayList<>(attributes.size());
    attributes.forEach((key, value) -> list.add(new Entry.Attribute(key, value)));
    return List.copyOf(list);
  }

  /** A scalar's text; null for null, and for what is none. */
  private static String text(JsonParser json) throws IOException {
    if (json.currentToken().isStructStart()) {
      json.skipChildren();
      return null;
    }
    return json.currentToken() == JsonToken.VALUE_NULL ? null : json.getText();
  }

  /** The text itself where it is JSON, on one line, else as a JSON string. */
  static String asJson(String text) {
    // In a JSON text line ends stand between values only.
    return isJson(text) ? text.replace('\n', ' ').replace('\r', ' ') : '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  private static boolean isJson(String text) {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() == null) {
        return false;
      }
      int depth = 0;
      do {
        if (json.currentToken().isStructStart()) {
          depth++;
        } else if (json.currentToken().isStructEnd()) {
          depth--;
        } else if (json.currentToken() == JsonToken.VALUE_STRING) {
          // Strings are decoded, and found to be wrong, only when they are asked for.
          json.getText();
        }
      } while (json.nextToken() != null && depth > 0);
      return depth == 0 && json.currentToken() == null;
    } catch (IOException _) {
      return false;
    }
  }
}

package dev.logtap.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a client says on an open stream. */
public sealed interface ClientMessage {
  /** To be answered {@code {"type":"pong"}}. */
  record Ping() implements ClientMessage {}

  /**
   * Replaces all of the stream's filters.
   *
   * @param search only what has this text; null for all
   * @param services only of these, by name or id; empty for all, as it is for a log
   * @param severity only with one of these; empty for all, as it is for a log
   */
  record Filter(String search, List<String> services, List<String> severity) implements ClientMessage {}

  /** A token that is to take the place of the one that runs out. */
  record Token(String token) implements ClientMessage {
    /** Without the token. */
    @Override
    public String toString() {
      return "Token[...]";
    }
  }

  /**
   * Something else.
   *
   * @param why a sentence for the client
   */
  record Unreadable(String why) implements ClientMessage {}

  /** Reads a message, which may be anything. */
  static ClientMessage parse(String text) {
    JsonNode message;
    try {
      message = Json.MAPPER.readTree(text);
    } catch (JsonProcessingException _) {
      return new Unreadable("the message is not JSON; send an object with a type");
    }
    JsonNode type = message.get("type");
    if (type == null || !type.isTextual()) {
      return new Unreadable("the message has no type; send ping, filter or token");
    }
    return switch (type.textValue()) {
      case "ping" -> new Ping();
      case "filter" -> filter(message);
      case "token" ->
          message.path("token").isTextual()
              ? new Token(message.get("token").textValue())
              : new Unreadable("the message has no token; send it as the text 'token'");
      default -> new Unreadable("the message's type is not known; send ping, filter or token");
    };
  }

  private static ClientMessage filter(JsonNode message) {
    JsonNode search = message.path("search");
    if (!search.isTextual() && !isAbsent(search)) {
      return new Unreadable("'search' is not a text; send the text to look for");
    }
    List<String> services = list(message.path("services"));
    if (services == null) {
      return new Unreadable("'services' is no list of texts; send names or ids by commas, or an array of them");
    }
    List<String> severity = list(message.path("severity"));
    if (severity == null) {
      return new Unreadable("'severity' is no list of texts; send levels by commas, or an array of them");
    }
    return new Filter(search.asText("").isEmpty() ? null : search.textValue(), services, severity);
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  /** Null where it is neither a text nor an array of texts. */
  private static List<String> list(JsonNode value) {
    if (isAbsent(value)) {
      return List.of();
    }
    if (value.isTextual()) {
      return split(value.textValue());
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : value) {
      if (!element.isTextual()) {
        return null;
      }
      texts.add(element.textValue());
    }
    return value.isArray() ? split(String.join(",", texts)) : null;
  }

  /** The parts of a list by commas, as parameters have them too; empty ones are left out. */
  static List<String> split(String list) {
    return Arrays.stream(list.split(",")).map(String::strip).filter(part -> !part.isEmpty()).toList();
  }
}

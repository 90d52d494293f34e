package dev.logtap.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

/** What a client says on an open stream. */
public sealed interface ClientMessage {
  /** To be answered {@code {"type":"pong"}}. */
  record Ping() implements ClientMessage {}

  /**
   * Replaces all of the stream's filters.
   *
   * @param search only lines with this text; null for all
   */
  record Filter(String search) implements ClientMessage {}

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
      case "filter" -> filter(message.get("search"));
      case "token" ->
          message.path("token").isTextual()
              ? new Token(message.get("token").textValue())
              : new Unreadable("the message has no token; send it as the text 'token'");
      default -> new Unreadable("the message's type is not known; send ping, filter or token");
    };
  }

  private static ClientMessage filter(JsonNode search) {
    if (search == null || search.isNull()) {
      return new Filter(null);
    }
    return search.isTextual()
        ? new Filter(search.textValue().isEmpty() ? null : search.textValue())
        : new Unreadable("'search' is not a text; send the text to look for");
  }
}

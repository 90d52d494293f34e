package dev.logtap.protocol;

import java.nio.charset.StandardCharsets;

/** Reads one message of a server, member by member, into what its kind of message has. Made for one message. */
final class MessageParser {
  /** More digits count nothing that there can be. */
  private static final int MOST_DIGITS = 18;

  private final JsonScanner json;

  private LineBytes lines;
  private RelayEntry entry;
  private boolean partial;
  private long dropped;
  private String type = "";
  private String gap;
  private String cursor;
  private String message;
  private String timestamp;

  private MessageParser(JsonScanner json) {
    this.json = json;
  }

  static ServerMessage parse(String text) throws UnreadableMessageException {
    MessageParser parser = new MessageParser(new JsonScanner(text));
    parser.read();
    return parser.message();
  }

  private void read() throws UnreadableMessageException {
    json.expect('{');
    if (!json.passes('}')) {
      do {
        String name = json.string();
        json.expect(':');
        member(name);
      } while (json.passes(','));
      json.expect('}');
    }
    json.expectEnd();
  }

  private void member(String name) throws UnreadableMessageException {
    switch (name) {
      case "lines" -> readLines();
      case "data" -> readEntry();
      case "partial" -> partial = raw().equals("true");
      case "dropped" -> dropped = count(raw());
      case "type" -> type = text("");
      case "gap" -> gap = text(null);
      case "cursor" -> cursor = text(null);
      case "message" -> message = text(null);
      case "timestamp" -> timestamp = text(null);
      default -> json.skipValue();
    }
  }

  /** A text, or what stands for another value, which is skipped. */
  private String text(String otherwise) throws UnreadableMessageException {
    if (json.peek() == '"') {
      return json.string();
    }
    json.skipValue();
    return otherwise;
  }

  private String raw() throws UnreadableMessageException {
    StringBuilder value = new StringBuilder();
    json.copyValue(value);
    return value.toString();
  }

  private static long count(String number) {
    boolean whole = number.length() <= MOST_DIGITS;
    for (int i = 0; i < number.length(); i++) {
      whole &= number.charAt(i) >= '0' && number.charAt(i) <= '9';
    }
    return whole ? Long.parseLong(number) : 0;
  }

  private void readLines() throws UnreadableMessageException {
    if (!json.passes('[')) {
      throw new UnreadableMessageException("the message's lines are no list");
    }
    lines = new LineBytes();
    if (json.passes(']')) {
      return;
    }
    do {
      json.readString();
      lines.add(json.chars(), 0, json.length());
    } while (json.passes(','));
    json.expect(']');
  }

  private void readEntry() throws UnreadableMessageException {
    if (!json.passes('{')) {
      throw new UnreadableMessageException("the message's data is no object");
    }
    String time = null;
    String severity = null;
    String service = null;
    String said = null;
    StringBuilder members = new StringBuilder();
    if (!json.passes('}')) {
      do {
        StringBuilder member = new StringBuilder();
        json.copyString(member);
        String name = json.last();
        json.expect(':');
        char kind = json.peek();
        json.copyValue(member.append(':'));
        if (kind == '"') {
          switch (name) {
            case "timestamp" -> time = json.last();
            case "severity" -> severity = json.last();
            case "serviceName" -> service = json.last();
            case "message" -> said = json.last();
            default -> {}
          }
        }
        // What is null is left out; and how the environment is called is the reader's own word.
        if (kind != 'n' && !name.equals("environment")) {
          members.append(members.isEmpty() ? "" : ",").append(member);
        }
      } while (json.passes(','));
      json.expect('}');
    }
    entry = new RelayEntry(time, severity, service, said, members.toString().getBytes(StandardCharsets.UTF_8));
  }

  private ServerMessage message() throws UnreadableMessageException {
    if (lines != null) {
      int length = lines.end(partial);
      return new ServerMessage.Lines(lines.bytes(), length, partial, gap, cursor);
    }
    return switch (type) {
      case "log" -> {
        if (entry == null) {
          throw new UnreadableMessageException("the message has no data");
        }
        yield new ServerMessage.Entry(entry, cursor);
      }
      case "gap" -> new ServerMessage.Gap(dropped, message == null ? "the server does not say why" : message);
      case "status" -> new ServerMessage.Status(message == null ? "" : message);
      case "heartbeat" -> new ServerMessage.Heartbeat(timestamp);
      case "error" -> new ServerMessage.Trouble(message == null ? "the server does not say what went wrong" : message);
      case "" -> throw new UnreadableMessageException("the message has neither lines nor a type");
      default -> new ServerMessage.Other();
    };
  }
}

package dev.logtap.server;

import dev.logtap.auth.Access;
import dev.logtap.log.AllowedLog;
import dev.logtap.log.Cursor;
import dev.logtap.log.Needle;
import dev.logtap.relay.Ask;
import dev.logtap.relay.RelayCursor;
import dev.logtap.relay.Wanted;
import dev.logtap.websocket.CloseCode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;

/** What a client has asked for that may read it. */
sealed interface Opening {
  /**
   * A log's lines.
   *
   * @param needle null for all lines
   * @param cursor null to begin with the last lines
   */
  record OfLog(AllowedLog log, int lines, Needle needle, Cursor cursor) implements Opening {
    @Override
    public String kind() {
      return "log";
    }

    @Override
    public boolean isOpenedBy(Rules rules, Access access) {
      return access.logs().covers(log.name().value());
    }

    @Override
    public Ending endingBy(Rules rules) {
      AllowedLog present = rules.logs().get(log.name().value());
      if (present == null) {
        return new Ending(CloseCode.UNKNOWN_NAME, "the log has left the allowlist");
      }
      return present.equals(log) ? null : new Ending(CloseCode.GOING_AWAY, "the log lies elsewhere now; come back");
    }

    @Override
    public Feed feed(Connection connection, Transport transport, Server server) throws IOException, RefusedStreamException {
      return new LogFeed(connection, transport, server.hubs(), this);
    }
  }

  /**
   * An environment's entries.
   *
   * @param name as the client calls it: by its name or its id
   */
  record OfEnvironment(String name, String id, Ask ask) implements Opening {
    @Override
    public String kind() {
      return "environment";
    }

    @Override
    public boolean isOpenedBy(Rules rules, Access access) {
      return rules.opens(access, id);
    }

    @Override
    public Ending endingBy(Rules rules) {
      return id.equals(rules.environmentId(name))
          ? null
          : new Ending(CloseCode.UNKNOWN_NAME, "the environment has left the allowlist");
    }

    @Override
    public Feed feed(Connection connection, Transport transport, Server server) throws RefusedStreamException {
      return new RelayFeed(transport, server, this);
    }
  }

  /**
   * Checks what a client asks for: the name, the token's scope, the parameters, in this order.
   *
   * @throws RefusedStreamException where it may not have that
   * @throws BadRequestException where a parameter can't be understood
   */
  static Opening of(Route route, Target target, Rules rules, Access access)
      throws RefusedStreamException, BadRequestException {
    return switch (route) {
      case Route.LogStream(String name) -> ofLog(name, target, rules, access);
      case Route.EnvironmentStream(String name) -> ofEnvironment(name, target, rules, access);
      default -> throw new IllegalArgumentException("no stream: " + route);
    };
  }

  private static Opening ofLog(String name, Target target, Rules rules, Access access)
      throws RefusedStreamException, BadRequestException {
    AllowedLog log = rules.logs().get(name);
    if (log == null) {
      throw new RefusedStreamException(CloseCode.UNKNOWN_NAME, "there is no log of that name", false);
    }
    if (!access.logs().covers(name)) {
      throw new RefusedStreamException(CloseCode.FORBIDDEN, "the token does not open this log; get one that does", false);
    }
    String search = target.parameter("search");
    String cursor = target.parameter("cursor");
    try {
      return new OfLog(
          log,
          target.lines(0),
          search == null || search.isEmpty() ? null : new Needle(search),
          cursor == null || cursor.isEmpty() ? null : Cursor.parse(log.name(), cursor));
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(400, e.getMessage());
    }
  }

  private static Opening ofEnvironment(String name, Target target, Rules rules, Access access)
      throws RefusedStreamException, BadRequestException {
    String id = rules.environmentId(name);
    if (id == null) {
      throw new RefusedStreamException(CloseCode.UNKNOWN_NAME, "there is no environment of that name", true);
    }
    if (!rules.opens(access, id)) {
      throw new RefusedStreamException(
          CloseCode.FORBIDDEN, "the token does not open this environment; get one that does", false);
    }
    String search = target.parameter("search");
    int lines = target.lines(0);
    try {
      Wanted wanted =
          Wanted.of(
              target.list("services"), target.list("severity"), search == null || search.isEmpty() ? null : search);
      return new OfEnvironment(name, id, new Ask(wanted, begin(id, target, lines)));
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(400, e.getMessage());
    }
  }

  /** The cursor counts, else the time stamp, else the number of entries. */
  private static Ask.Begin begin(String id, Target target, int lines) throws BadRequestException {
    String cursor = target.parameter("cursor");
    String timestamp = target.parameter("lastTimestamp");
    if (cursor != null && !cursor.isEmpty()) {
      return new Ask.Begin.Behind(RelayCursor.parse(id, cursor));
    }
    if (timestamp == null || timestamp.isEmpty()) {
      return new Ask.Begin.Last(lines);
    }
    try {
      // A plus sign that was not encoded has become a blank, as in a form.
      return new Ask.Begin.After(OffsetDateTime.parse(timestamp.replace(' ', '+')).toInstant());
    } catch (DateTimeException _) {
      throw new BadRequestException(400, "'lastTimestamp' is not RFC 3339; give one like 2026-11-23T01:02:03.5Z");
    }
  }

  /** The word for it. */
  String kind();

  boolean isOpenedBy(Rules rules, Access access);

  /** How the stream ends where other rules have come into force; null where it goes on. */
  Ending endingBy(Rules rules);

  /** What a close frame says. */
  record Ending(CloseCode code, String reason) {}

  /** Begins to feed the stream. Called on its writing thread. */
  Feed feed(Connection connection, Transport transport, Server server) throws IOException, RefusedStreamException;
}

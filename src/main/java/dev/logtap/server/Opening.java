package dev.logtap.server;

import dev.logtap.auth.Access;
import dev.logtap.log.AllowedLog;
import dev.logtap.log.Cursor;
import dev.logtap.log.Needle;
import dev.logtap.websocket.CloseCode;
import java.io.IOException;

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
    public boolean isOpenedBy(Access access) {
      return access.logs().covers(log.name().value());
    }

    @Override
    public boolean isListedIn(Rules rules) {
      return log.equals(rules.logs().get(log.name().value()));
    }

    @Override
    public Feed feed(Connection connection, Transport transport, Server server) throws IOException, RefusedStreamException {
      return new LogFeed(connection, transport, server.hubs(), this);
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
    if (!(route instanceof Route.LogStream(String name))) {
      throw new RefusedStreamException(CloseCode.UNKNOWN_NAME, "there is no environment of that name", true);
    }
    return ofLog(name, target, rules, access);
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

  /** The word for it. */
  String kind();

  boolean isOpenedBy(Access access);

  /** Whether clients may still have it. */
  boolean isListedIn(Rules rules);

  /** Begins to feed the stream. Called on its writing thread. */
  Feed feed(Connection connection, Transport transport, Server server) throws IOException, RefusedStreamException;
}

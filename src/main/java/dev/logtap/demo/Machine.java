package dev.logtap.demo;

import java.time.Instant;
import java.util.List;

/** The machine that the shop runs on: what its programs are called, and the numbers that they count. For one thread. */
final class Machine {
  static final String ROOT = "/srv/www/shop/public";
  static final String SOCKET = "unix:/run/php/php8.2-fpm.sock";

  /** nginx's master process. */
  private static final int MASTER = 811;

  private static final List<Integer> WORKERS = List.of(812, 813, 814, 815);

  /** How many children of PHP-FPM there are. */
  private static final int CHILDREN = 12;

  private final Dice dice;
  private long connection = 48_000;
  private long session = 10_400;
  private int newestChild = 2200;

  Machine(Dice dice) {
    this.dice = dice;
  }

  // ---- nginx

  /** An error about a request that nginx answers by itself. */
  ErrorLine error(Instant time, String message, Request request) {
    return new ErrorLine(time, "error", worker(), connection(), message + about(request, null));
  }

  /** An error about a request that nginx passes to PHP. */
  ErrorLine upstreamError(Instant time, String message, Request request) {
    String all = message + about(request, "fastcgi://" + SOCKET + ":");
    return new ErrorLine(time, "error", worker(), connection(), all);
  }

  /** What PHP said into stderr at a request. */
  ErrorLine said(Instant time, String message, Request request) {
    String said = "FastCGI sent in stderr: \"" + message + "\" while reading response header from upstream";
    return upstreamError(time, said, request);
  }

  ErrorLine notice(Instant time, String message) {
    return new ErrorLine(time, "notice", MASTER, 0, message);
  }

  int worker() {
    return dice.of(WORKERS);
  }

  /** The number of a connection that has just come. */
  long connection() {
    connection += dice.between(1, 9);
    return connection;
  }

  /** @param upstream null where it is not passed on */
  private static String about(Request request, String upstream) {
    StringBuilder text = new StringBuilder();
    text.append(", client: ").append(request.client().address()).append(", server: ").append(Request.HOST);
    text.append(", request: \"").append(request.line()).append('"');
    if (upstream != null) {
      text.append(", upstream: \"").append(upstream).append('"');
    }
    text.append(", host: \"").append(Request.HOST).append('"');
    if (!request.referrer().equals(Request.NO_REFERRER)) {
      text.append(", referrer: \"").append(request.referrer()).append('"');
    }
    return text.toString();
  }

  // ---- PHP-FPM

  FpmLine notice(Instant time, int child, String message) {
    return new FpmLine(time, "NOTICE", "[pool www] child " + child + message);
  }

  FpmLine warning(Instant time, int child, String message) {
    return new FpmLine(time, "WARNING", "[pool www] child " + child + message);
  }

  /** The process of some child that runs. */
  int child() {
    return newestChild - dice.between(0, CHILDREN - 1);
  }

  int newChild() {
    return ++newestChild;
  }

  /** A text such as {@code 12.345678}, as PHP-FPM writes how many seconds it was. */
  String seconds(int least, int most) {
    return dice.between(least, most) + "." + dice.between(100_000, 999_999);
  }

  // ---- MySQL

  /** What the server says of a connection that has just come. */
  MysqlLine session(Instant time, String level, String code, String part, String message) {
    return new MysqlLine(time, ++session, level, code, part, message);
  }

  MysqlLine aborted(Instant time, String why) {
    session++;
    String message = "Aborted connection " + session + " to db: 'shop' user: 'shop' host: 'localhost' (" + why + ").";
    return new MysqlLine(time, session, "Note", "MY-010914", "Server", message);
  }
}

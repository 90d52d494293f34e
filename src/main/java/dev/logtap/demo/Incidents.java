package dev.logtap.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What goes wrong with the shop for some seconds, and shows in several of its logs at once. For one thread. */
final class Incidents {
  /** How long nginx waits for PHP, and PHP calls a request slow. */
  private static final int UPSTREAM_SECONDS = 10;

  private static final int SLOW_SECONDS = 5;

  private static final int BUSY_ANSWERS = 40;
  private static final int GUESSES = 15;

  /** Of the guesses, those that are let through. */
  private static final int TRIED_GUESSES = 10;

  // nginx's own pages.
  private static final int FORBIDDEN_BYTES = 146;
  private static final int NOT_FOUND_BYTES = 146;
  private static final int BAD_GATEWAY_BYTES = 150;
  private static final int TIMEOUT_BYTES = 160;
  private static final int TOO_MANY_BYTES = 162;

  /** What a scanner tries everywhere. */
  private static final List<String> TRIED =
      List.of(
          "/.env",
          "/.git/config",
          "/wp-login.php",
          "/xmlrpc.php",
          "/phpmyadmin/index.php",
          "/.aws/credentials",
          "/actuator/health",
          "/cgi-bin/luci",
          "/solr/admin/info/system",
          "/backup.sql",
          "/config.json",
          "/?q=<script>alert(document.domain)</script>",
          "/old/index.php?page=../../../../etc/passwd",
          "/.DS_Store",
          "/server-status",
          "/shell.php",
          "/api/v1/pods",
          "/login.action",
          "/owa/auth/logon.aspx");

  private final Dice dice;
  private final Crowd crowd;
  private final Machine machine;

  Incidents(Dice dice, Crowd crowd, Machine machine) {
    this.dice = dice;
    this.crowd = crowd;
    this.machine = machine;
  }

  /** One after the other. */
  void tell(int number, Instant begin, Timeline<Line> lines) {
    switch (number % 5) {
      case 0 -> allBusy(begin, lines);
      case 1 -> scan(begin, lines);
      case 2 -> slowQuery(begin, lines);
      case 3 -> guessing(begin, lines);
      default -> reload(begin, lines);
    }
  }

  /** All of PHP's children are busy, and nginx has nobody to ask. */
  private void allBusy(Instant begin, Timeline<Line> lines) {
    String busy =
        "[pool www] seems busy (you may need to increase pm.start_servers, or pm.min/max_spare_servers), spawning 8 children,"
            + " there are 0 idle, and 14 total children";
    lines.add(new FpmLine(begin, "WARNING", busy));
    Instant full = begin.plusSeconds(1);
    lines.add(new FpmLine(full, "WARNING", "[pool www] server reached pm.max_children setting (16), consider raising it"));
    String why = "connect() to " + Machine.SOCKET + " failed (11: Resource temporarily unavailable) while connecting to upstream";
    for (int i = 0; i < BUSY_ANSWERS; i++) {
      Instant time = dice.within(Duration.ofSeconds(8), full);
      Request request = Request.get(crowd.visitor(), dice.oneIn(3) ? "/cart" : Shop.product(dice)).from(Shop.SITE + "/");
      lines.add(machine.upstreamError(time, why, request));
      lines.add(new AccessLine(time, request, 502, BAD_GATEWAY_BYTES));
    }
    Instant crash = begin.plusSeconds(6);
    String exit = " exited on signal 11 (SIGSEGV) after " + machine.seconds(20, 90) + " seconds from start";
    lines.add(machine.warning(crash, machine.child(), exit));
    lines.add(machine.notice(crash.plusMillis(3), machine.newChild(), " started"));
  }

  /** A stranger looks for what others have left open. */
  private void scan(Instant begin, Timeline<Line> lines) {
    Client scanner = crowd.stranger("Mozilla/5.0 zgrab/0.x");
    Instant time = begin;
    for (String path : TRIED) {
      time = time.plusMillis(dice.between(100, 500));
      Request request = Request.get(scanner, path);
      if (path.contains(".php")) {
        lines.add(machine.said(time, "Primary script unknown", request));
        lines.add(new AccessLine(time, request, 404, 27));
      } else if (path.startsWith("/.")) {
        lines.add(machine.error(time, "access forbidden by rule", request));
        lines.add(new AccessLine(time, request, 403, FORBIDDEN_BYTES));
      } else if (path.startsWith("/?")) {
        lines.add(new AccessLine(time, request, 200, dice.between(9_000, 12_000)));
      } else {
        notFound(time, request, path, lines);
      }
    }
    // TLS where none is spoken; nginx writes what is not printable like this.
    String hello = "\\x16\\x03\\x01\\x00\\xEE\\x01\\x00\\x00\\xEA\\x03\\x03";
    Request nonsense = new Request(new Client(scanner.address(), "-"), hello, Request.NO_REFERRER);
    lines.add(new AccessLine(time.plusMillis(300), nonsense, 400, BAD_GATEWAY_BYTES));
    String handshake =
        "SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL handshaking, client: "
            + scanner.address()
            + ", server: 0.0.0.0:443";
    lines.add(new ErrorLine(time.plusMillis(600), "crit", machine.worker(), machine.connection(), handshake));
  }

  /** Searches wait for MySQL longer than nginx waits for them. */
  private void slowQuery(Instant begin, Timeline<Line> lines) {
    String flush = "Page cleaner took " + dice.between(3000, 6000) + "ms to flush " + dice.between(200, 2000) + " and evict 0 pages";
    lines.add(new MysqlLine(begin.plusSeconds(4), 0, "Note", "MY-011953", "InnoDB", flush));
    for (int i = 0; i < 4; i++) {
      Instant asked = begin.plusMillis(700L * i);
      String path = Shop.search(dice) + "&sort=price&page=" + dice.between(20, 90);
      Request request = Request.get(crowd.visitor(), path).from(Shop.SITE + "/search");
      String slow =
          ", script '"
              + Machine.ROOT
              + "/index.php' (request: \"GET /index.php\") executing too slow ("
              + machine.seconds(SLOW_SECONDS, SLOW_SECONDS)
              + " sec), logging";
      lines.add(machine.warning(asked.plusSeconds(SLOW_SECONDS), machine.child(), slow));
      Instant gaveUp = asked.plusSeconds(UPSTREAM_SECONDS);
      String why = "upstream timed out (110: Connection timed out) while reading response header from upstream";
      lines.add(machine.upstreamError(gaveUp, why, request));
      lines.add(new AccessLine(gaveUp, request, 504, TIMEOUT_BYTES));
      lines.add(machine.aborted(gaveUp.plusMillis(200), "Got an error reading communication packets"));
    }
  }

  /** Somebody guesses passwords: the shop's, and the database's. */
  private void guessing(Instant begin, Timeline<Line> lines) {
    Client guesser = crowd.stranger("python-requests/2.31.0");
    Request guess = Request.post(guesser, "/admin/login");
    Instant time = begin;
    for (int i = 0; i < GUESSES; i++) {
      time = time.plusMillis(dice.between(300, 500));
      if (i < TRIED_GUESSES) {
        lines.add(new AccessLine(time, guess, 401, 1_482));
      } else {
        lines.add(machine.error(time, "limiting requests, excess: 5." + dice.between(100, 999) + " by zone \"login\"", guess));
        lines.add(new AccessLine(time, guess, 429, TOO_MANY_BYTES));
      }
    }
    for (String user : List.of("root", "admin", "shop", "root")) {
      String denied = "Access denied for user '" + user + "'@'" + guesser.address() + "' (using password: YES)";
      Instant asked = dice.within(Duration.ofSeconds(5), begin);
      lines.add(machine.session(asked, "Note", "MY-010926", "Server", denied));
    }
  }

  /** A new version of the shop: PHP-FPM and nginx read their configurations again. */
  private void reload(Instant begin, Timeline<Line> lines) {
    List<String> fpm =
        List.of(
            "Reloading in progress ...",
            "reloading: execvp(\"/usr/sbin/php-fpm8.2\", {\"/usr/sbin/php-fpm8.2\", \"--nodaemonize\", \"--fpm-config\","
                + " \"/etc/php/8.2/fpm/php-fpm.conf\"})",
            "using inherited socket fd=8, \"/run/php/php8.2-fpm.sock\"",
            "fpm is running, pid 911",
            "ready to handle connections",
            "systemd monitor interval set to 10000ms");
    Instant time = begin;
    for (String message : fpm) {
      lines.add(new FpmLine(time, "NOTICE", message));
      time = time.plusMillis(dice.between(1, 90));
    }
    List<String> nginx =
        List.of(
            "signal 1 (SIGHUP) received from " + dice.between(3000, 9000) + ", reconfiguring",
            "reconfiguring",
            "using the \"epoll\" event method",
            "start worker processes",
            "start worker process " + dice.between(9001, 9999));
    time = begin.plusSeconds(1);
    for (String message : nginx) {
      lines.add(machine.notice(time, message));
      time = time.plusMillis(dice.between(1, 20));
    }
  }

  /** A file that somebody asks for, and that there is not. */
  void notFound(Instant time, Request request, String path, Timeline<Line> lines) {
    String why = "open() \"" + Machine.ROOT + path + "\" failed (2: No such file or directory)";
    lines.add(machine.error(time, why, request));
    lines.add(new AccessLine(time, request, 404, NOT_FOUND_BYTES));
  }
}

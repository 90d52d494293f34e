package dev.logtap.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A web shop behind nginx, PHP-FPM and MySQL: people who look around and buy, and what goes wrong with it. For one thread. */
final class Shop implements Timeline.Plan<Line> {
  static final String SITE = "https://" + Request.HOST;

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int BETWEEN_INCIDENTS = 20;

  /** People come in waves: so many seconds long, of which the first ones are busier. */
  private static final int WAVE = 50;

  private static final int CREST = 15;

  private static final List<String> PRODUCTS =
      List.of("teapot", "kettle", "mug-blue", "mug-green", "tray-oak", "strainer", "tin-large", "sencha", "assam", "oolong");
  private static final List<String> SEARCHES = List.of("green+tea", "tea%20pot", "gift+set", "caf%C3%A9", "kettle+1l");
  private static final List<String> ASSETS =
      List.of("/assets/app.4f1c2a.css", "/assets/app.9be07d.js", "/assets/logo.svg", "/assets/fonts/inter.woff2");

  private final Dice dice;
  private final Crowd crowd;
  private final Machine machine;
  private final Incidents incidents;
  private long seconds;
  private int order = 88_100;

  Shop(Dice dice) {
    this.dice = dice;
    this.crowd = new Crowd(dice);
    this.machine = new Machine(dice);
    this.incidents = new Incidents(dice, crowd, machine);
  }

  @Override
  public void plan(Instant second, Timeline<Line> lines) {
    int visits = dice.between(1, 2) + (seconds % WAVE < CREST ? 1 : 0);
    for (int i = 0; i < visits; i++) {
      visit(dice.within(SECOND, second), lines);
    }
    if (dice.oneIn(3)) {
      Instant time = dice.within(SECOND, second);
      String path = dice.oneIn(5) ? "/robots.txt" : product(dice);
      lines.add(new AccessLine(time, Request.get(crowd.robot(), path), 200, dice.between(900, 12_000)));
    }
    if (dice.oneIn(6)) {
      grumble(dice.within(SECOND, second), lines);
    }
    // The first one soon, for who has just come.
    if (seconds % BETWEEN_INCIDENTS == BETWEEN_INCIDENTS / 4) {
      incidents.tell((int) (seconds / BETWEEN_INCIDENTS), second, lines);
    }
    seconds++;
  }

  static String product(Dice dice) {
    return "/products/" + dice.of(PRODUCTS);
  }

  static String search(Dice dice) {
    return "/search?q=" + dice.of(SEARCHES);
  }

  /** A page, what belongs to it, and perhaps an order. */
  private void visit(Instant time, Timeline<Line> lines) {
    Client client = crowd.visitor();
    String page =
        switch (dice.between(0, 5)) {
          case 0 -> "/";
          case 1 -> search(dice);
          case 2 -> "/cart";
          default -> product(dice);
        };
    Request request = Request.get(client, page).from(dice.oneIn(4) ? "https://www.example.com/" : SITE + "/");
    lines.add(new AccessLine(time, request, 200, dice.between(4_000, 38_000)));
    int assets = dice.between(1, ASSETS.size());
    for (String asset : ASSETS.subList(0, assets)) {
      Request also = Request.get(client, asset).from(SITE + page);
      boolean known = dice.oneIn(3);
      lines.add(new AccessLine(dice.within(SECOND, time), also, known ? 304 : 200, known ? 0 : dice.between(700, 90_000)));
    }
    if (page.equals("/cart") && dice.oneIn(2)) {
      buy(client, dice.within(SECOND, time.plusSeconds(1)), lines);
    }
  }

  private void buy(Client client, Instant time, Timeline<Line> lines) {
    order++;
    String said = "NOTICE: PHP message: order " + order + " paid in " + dice.between(90, 420) + " ms";
    lines.add(machine.warning(time, machine.child(), " said into stderr: \"" + said + "\""));
    lines.add(new AccessLine(time.plusMillis(3), Request.post(client, "/checkout").from(SITE + "/cart"), 303, 5));
    Request thanks = Request.get(client, "/orders/" + order).from(SITE + "/cart");
    lines.add(new AccessLine(time.plusMillis(180), thanks, 200, dice.between(3_000, 6_000)));
  }

  /** What stands in logs, and nobody does anything about it. */
  private void grumble(Instant time, Timeline<Line> lines) {
    switch (dice.between(0, 5)) {
      case 0 -> incidents.notFound(time, Request.get(crowd.visitor(), "/apple-touch-icon.png"), "/apple-touch-icon.png", lines);
      case 1 -> {
        String warning = "PHP message: PHP Warning:  Undefined array key \"coupon\" in /srv/www/shop/src/Cart.php on line 118";
        Request request = Request.post(crowd.visitor(), "/cart").from(SITE + "/cart");
        lines.add(machine.said(time, warning, request));
        lines.add(new AccessLine(time.plusMillis(40), request, 303, 5));
      }
      case 2 -> {
        String exit = " exited with code 0 after " + machine.seconds(600, 4000) + " seconds from start";
        lines.add(machine.notice(time, machine.child(), exit));
        lines.add(machine.notice(time.plusMillis(2), machine.newChild(), " started"));
      }
      case 3 -> lines.add(machine.aborted(time, "Got timeout reading communication packets"));
      case 4 -> {
        String old =
            "Plugin mysql_native_password reported: ''mysql_native_password' is deprecated and will be removed in a future"
                + " release. Please use caching_sha2_password instead'";
        lines.add(machine.session(time, "Warning", "MY-013360", "Server", old));
      }
      default -> {
        String deadlock = "Transactions deadlock detected, dumping detailed information.";
        lines.add(machine.session(time, "Note", "MY-012468", "InnoDB", deadlock));
      }
    }
  }
}

package dev.logtap.demo;

import java.util.ArrayList;
import java.util.List;

/** Who comes to the shop: from addresses that are kept for documentation (RFC 5737, RFC 3849). */
final class Crowd {
  private static final int VISITORS = 40;

  private static final List<String> BROWSERS =
      List.of(
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
              + " Edg/142.0.0.0",
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1"
              + " Safari/605.1.15",
          "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1"
              + " Mobile/15E148 Safari/604.1",
          "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36");

  private static final List<String> ROBOTS =
      List.of(
          "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
          "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
          "curl/8.14.1",
          "python-requests/2.32.5");

  private final Dice dice;
  private final List<Client> visitors = new ArrayList<>();
  private final List<Client> robots = new ArrayList<>();

  Crowd(Dice dice) {
    this.dice = dice;
    for (int i = 0; i < VISITORS; i++) {
      visitors.add(new Client(address(i), dice.of(BROWSERS)));
    }
    for (String robot : ROBOTS) {
      robots.add(new Client("192.0.2." + dice.between(1, 254), robot));
    }
  }

  private String address(int number) {
    return switch (number % 4) {
      case 0 -> "2001:db8:" + dice.hex(3) + ":" + number + "::" + dice.hex(2);
      case 1 -> "192.0.2." + dice.between(1, 254);
      default -> "198.51.100." + dice.between(1, 254);
    };
  }

  Client visitor() {
    return dice.of(visitors);
  }

  Client robot() {
    return dice.of(robots);
  }

  /** One with bad intentions. */
  Client stranger(String agent) {
    return new Client("203.0.113." + dice.between(1, 254), agent);
  }
}

package dev.logtap.demo;

/**
 * What a client of the shop asks for.
 *
 * @param line method, target and version, as nginx writes it
 * @param referrer the page that led there, as nginx writes it
 */
record Request(Client client, String line, String referrer) {
  static final String HOST = "shop.example.org";
  static final String NO_REFERRER = "-";

  static Request get(Client client, String target) {
    return new Request(client, "GET " + target + " HTTP/1.1", NO_REFERRER);
  }

  static Request post(Client client, String target) {
    return new Request(client, "POST " + target + " HTTP/1.1", NO_REFERRER);
  }

  /** The same with the page that led there. */
  Request from(String page) {
    return new Request(client, line, page);
  }
}

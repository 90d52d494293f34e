package dev.logtap.railway;

import java.time.Duration;

/**
 * How long things take and may take. Other figures than {@link #USUAL} are for tests.
 *
 * @param connect the longest that a connection may take, and then the handshake up to {@code connection_ack}
 * @param request the longest that a query may take
 * @param asking one query each such time, after five at once: the least that a plan allows are ten a second
 * @param ping how often the socket is pinged
 * @param pong how long it may stay silent after a ping
 * @param shortestWait the first wait before something is tried again
 * @param longestWait the last
 * @param opening one subscription may be begun each such time, after three at once: Railway limits how many open together
 * @param healthy what has worked so long begins anew with the shortest wait
 * @param sweep how often late rows are looked for, where the budget of requests is large
 * @param idleSweep how often, while nothing comes
 * @param overlap how far a subscription goes back behind the newest row known
 * @param names how often unknown services may be asked for
 */
record Timing(
    Duration connect,
    Duration request,
    Duration asking,
    Duration ping,
    Duration pong,
    Duration shortestWait,
    Duration longestWait,
    Duration opening,
    Duration healthy,
    Duration sweep,
    Duration idleSweep,
    Duration overlap,
    Duration names) {
  static final Timing USUAL =
      new Timing(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMillis(150),
          Duration.ofSeconds(25),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofMillis(1_333),
          Duration.ofMinutes(1),
          Duration.ofSeconds(20),
          Duration.ofMinutes(5),
          Duration.ofSeconds(15),
          Duration.ofSeconds(30));
}

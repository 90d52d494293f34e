package dev.logtap.client;

import java.time.Duration;

/**
 * How long we wait for a server.
 *
 * @param open for a connection, from its first step to the answer
 * @param ping between two pings
 * @param stall for any byte, before the connection counts as dead
 */
public record Patience(Duration open, Duration ping, Duration stall) {
  /** Two pings fit into what a peer may be silent, and routers on the way forget nobody who speaks so often. */
  public static final Patience DEFAULT =
      new Patience(Duration.ofSeconds(30), Duration.ofSeconds(25), Duration.ofSeconds(60));
}

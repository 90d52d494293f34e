package dev.logtap.server;

import java.time.Duration;

/**
 * What strangers can make grow, and how far.
 *
 * @param connections in all; each has two threads of a few KiB, and its sockets' buffers
 * @param anonymous connections that have not shown a token yet
 * @param headBytes of a request's head
 * @param headers lines of it
 * @param headTime for the whole head to come
 * @param frameBytes of a message and of each of its frames
 * @param fragments of a message
 * @param idle how long a connection may wait for its next request
 * @param stall how long a peer may neither take a byte nor send one
 * @param ping how often a stream's peer is asked whether it is there
 * @param environmentClients of one environment
 * @param filters different texts that clients of one log look for
 */
public record Limits(
    int connections,
    int anonymous,
    int headBytes,
    int headers,
    Duration headTime,
    int frameBytes,
    int fragments,
    Duration idle,
    Duration stall,
    Duration ping,
    int environmentClients,
    int filters) {

  public static final Limits DEFAULT =
      new Limits(
          1000,
          256,
          16 << 10,
          100,
          Duration.ofSeconds(10),
          64 << 10,
          16,
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(54),
          10,
          64);
}

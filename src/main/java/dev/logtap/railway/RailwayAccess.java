package dev.logtap.railway;

import java.net.URI;

/**
 * Where Railway's API is, and what opens it.
 *
 * @param url of the HTTP endpoint; the socket's is the same with {@code ws} or {@code wss}
 */
public record RailwayAccess(URI url, RailwayToken token) implements EnvironmentSource {
  @Override
  public EnvironmentLogs open() {
    return new Railway(this);
  }
}

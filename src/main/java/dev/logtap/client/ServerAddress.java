package dev.logtap.client;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where the server is that names are asked of.
 *
 * @param path what stands before all of its paths, behind a proxy for example; empty or without a slash at its end
 */
public record ServerAddress(Origin origin, String path) {

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static ServerAddress parse(String text) {
    try {
      URI address = new URI(text);
      Origin origin = Origin.of(address);
      if (origin == null || address.getRawQuery() != null || address.getRawFragment() != null) {
        throw new IllegalArgumentException("no address of a server");
      }
      return new ServerAddress(origin, address.getRawPath().replaceFirst("/+$", ""));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("no address of a server", e);
    }
  }

  @Override
  public String toString() {
    return origin + path;
  }
}

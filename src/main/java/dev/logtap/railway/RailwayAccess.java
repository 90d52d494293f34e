package dev.logtap.railway;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * Where Railway's API is, and what opens it.
 *
 * @param url of the HTTP endpoint; the socket's is the same with {@code ws} or {@code wss}
 */
public record RailwayAccess(URI url, RailwayToken token) implements EnvironmentSource {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  /** Whether the token goes over a network unencrypted. */
  public boolean isInTheClear() {
    return url.getScheme().equalsIgnoreCase("http") && !LOOPBACK.matcher(url.getHost()).matches();
  }

  @Override
  public EnvironmentLogs open() {
    return new Railway(this);
  }
}

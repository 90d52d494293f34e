package dev.logtap.railway;

import dev.logtap.railway.RequestBudget.Purpose;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * Railway's API, opened with one token: streams of environments over one shared socket, queries over HTTP. Any thread
 * may call it.
 */
final class Railway implements EnvironmentLogs {
  private static final Duration CLOSING = Duration.ofSeconds(1);

  private final RailwayToken token;
  private final Timing timing;
  private final RequestBudget budget = new RequestBudget(System::nanoTime);
  private final Endpoint endpoint;
  private final Queries queries;
  private final SharedSocket socket;
  private final Map<String, ServiceNames> names = new ConcurrentHashMap<>();
  private final Set<EnvironmentStream> streams = ConcurrentHashMap.newKeySet();

  /** Guarded by this. */
  private boolean closed;

  /** @throws IllegalArgumentException where the URL is none of http or https */
  Railway(RailwayAccess access) {
    this(access.url(), access.token(), null, Timing.USUAL);
  }

  /** @param tls null for the JDK's own trust */
  Railway(URI url, RailwayToken token, SSLContext tls, Timing timing) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    if (url.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new IllegalArgumentException("'" + url + "' is no address of Railway's API; it begins with https://");
    }
    this.token = token;
    this.timing = timing;
    this.endpoint = new Endpoint(url, token, tls, timing, budget);
    this.queries = new Queries(endpoint, token);
    URI socketUrl = URI.create((scheme.equals("https") ? "wss" : "ws") + url.toString().substring(scheme.length()));
    this.socket = new SharedSocket(socketUrl, token, tls, timing);
  }

  @Override
  public Stream stream(String environmentId, Consumer<Happening> listener) {
    EnvironmentStream[] own = new EnvironmentStream[1];
    EnvironmentStream stream =
        new EnvironmentStream(
            environmentId,
            listener,
            token,
            queries,
            names(environmentId),
            socket,
            budget,
            timing,
            streams::size,
            () -> streams.remove(own[0]));
    own[0] = stream;
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("Railway has been closed");
      }
      streams.add(stream);
      stream.start();
    }
    return stream;
  }

  @Override
  public Map<String, String> services(String environmentId) throws RailwayException, InterruptedException {
    return names(environmentId).all();
  }

  @Override
  public Page stored(String environmentId, Collection<String> serviceIds, Instant after, Instant until, int most)
      throws RailwayException, InterruptedException {
    String filter = Queries.filter(serviceIds);
    if (filter != null && filter.isEmpty()) {
      return new Page(List.of(), false);
    }
    int wanted = Math.min(most, Queries.MOST_ROWS);
    // One more shows whether there are more; Railway gives no more than the most.
    int asked = Math.min(wanted + 1, Queries.MOST_ROWS);
    Queries.Rows rows = queries.logs(environmentId, filter, until, after, asked, Purpose.NEEDED);
    List<Entry> within =
        rows.entries().stream()
            .filter(entry -> !entry.time().isAfter(until) && (after == null || entry.time().isAfter(after)))
            .toList();
    boolean reachesBack = after != null && !rows.entries().isEmpty() && !rows.entries().getFirst().time().isAfter(after);
    boolean more = within.size() > wanted || (rows.full() && !reachesBack);
    List<Entry> newest = within.subList(Math.max(0, within.size() - wanted), within.size());
    return new Page(names(environmentId).name(newest), more);
  }

  private ServiceNames names(String environmentId) {
    return names.computeIfAbsent(environmentId, id -> new ServiceNames(id, queries, timing));
  }

  @Override
  public void close() {
    List<EnvironmentStream> last;
    synchronized (this) {
      closed = true;
      last = List.copyOf(streams);
    }
    last.forEach(EnvironmentStream::stop);
    long end = System.nanoTime() + CLOSING.toNanos();
    for (EnvironmentStream stream : last) {
      stream.awaitEnd(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
    }
    socket.close();
    endpoint.close();
  }
}

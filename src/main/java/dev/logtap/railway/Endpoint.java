package dev.logtap.railway;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.logtap.railway.RequestBudget.Purpose;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Sends queries to the HTTP endpoint, within the budget. Any thread may call it, and waits. */
final class Endpoint implements AutoCloseable {
  /** 5,000 rows are a few megabytes. */
  static final int LONGEST_ANSWER = 32 << 20;

  static final String USER_AGENT = "logtap";

  /** When Railway refuses without saying for how long. */
  private static final Duration REFUSED = Duration.ofMinutes(1);

  private static final JsonMapper JSON = new JsonMapper();

  private final URI url;
  private final RailwayToken token;
  private final Timing timing;
  private final RequestBudget budget;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;

  private final Pace pace;

  /** Null until Railway has told. */
  private volatile ClockReading clock;

  /** What time Railway had, and when that was by a clock that does not jump. */
  private record ClockReading(Instant time, long at) {}

  /** The answer did not fit. */
  static final class TooLargeException extends Exception {
    private static final long serialVersionUID = 1;
  }

  /** @param tls null for the JDK's own trust */
  Endpoint(URI url, RailwayToken token, SSLContext tls, Timing timing, RequestBudget budget) {
    this.url = url;
    this.token = token;
    this.timing = timing;
    this.budget = budget;
    this.pace = new Pace(5, timing.asking());
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(timing.connect())
            .executor(threads);
    this.http = (tls == null ? client : client.sslContext(tls)).build();
  }

  /**
   * Asks.
   *
   * @param refusal the sentence for a token that does not open what is asked for
   */
  Answer ask(String query, Map<String, ?> variables, Purpose purpose, String refusal)
      throws RailwayException, TooLargeException, InterruptedException {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("query", query);
    body.set("variables", JSON.valueToTree(variables));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .header("User-Agent", USER_AGENT)
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    token.addTo(request);

    HttpResponse<byte[]> response;
    try {
      response = send(request.build(), purpose);
    } catch (IOException first) {
      // The server may have just closed a connection that was kept: the client itself does not repeat a POST.
      try {
        response = send(request.build(), purpose);
      } catch (IOException e) {
        throw unreachable(e);
      }
    }
    return read(response, refusal);
  }

  /** The time as Railway has it, to the second. */
  Instant now() {
    ClockReading last = clock;
    return last == null ? Instant.now() : last.time().plusNanos(System.nanoTime() - last.at());
  }

  private HttpResponse<byte[]> send(HttpRequest request, Purpose purpose)
      throws IOException, RailwayException, TooLargeException, InterruptedException {
    if (!budget.take(purpose)) {
      Duration wait = budget.wait(purpose);
      String why =
          budget.isFreeFor(Purpose.NEEDED)
              ? "what is left of Railway's limit of requests is kept for what clients wait for"
              : "Railway's limit of requests is used up";
      throw new RailwayException(why + "; the next can be made in " + seconds(wait) + " s", false, wait);
    }
    pace.await();
    CompletableFuture<HttpResponse<byte[]>> answer;
    try {
      answer =
          http.sendAsync(
              request,
              HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), LONGEST_ANSWER));
    } catch (RejectedExecutionException e) {
      throw new IOException("it is closed", e);
    }
    try {
      // A request's own time-out is over when the body begins.
      HttpResponse<byte[]> response = answer.get(timing.request().toNanos(), TimeUnit.NANOSECONDS);
      learn(response);
      return response;
    } catch (TimeoutException _) {
      throw new RailwayException(
          "Railway at " + url.getHost() + " has not answered within " + timing.request().toSeconds() + " s", false);
    } catch (ExecutionException e) {
      if (String.valueOf(e.getCause().getMessage()).contains("exceeds capacity")) {
        throw new TooLargeException();
      }
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private void learn(HttpResponse<byte[]> response) {
    response
        .headers()
        .firstValue("Date")
        .ifPresent(
            date -> {
              try {
                clock = new ClockReading(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from), System.nanoTime());
              } catch (DateTimeException _) {
                // Then what it told before has to do.
              }
            });
    budget.learn(
        number(response, "X-RateLimit-Limit"),
        number(response, "X-RateLimit-Remaining"),
        response.headers().firstValue("X-RateLimit-Reset").orElse(null),
        now());
  }

  private static OptionalLong number(HttpResponse<?> response, String header) {
    Optional<String> value = response.headers().firstValue(header).map(String::strip);
    return value.isPresent() && value.get().matches("\\d{1,15}")
        ? OptionalLong.of(Long.parseLong(value.get()))
        : OptionalLong.empty();
  }

  private Answer read(HttpResponse<byte[]> response, String refusal) throws RailwayException {
    int status = response.statusCode();
    if (status == 401 || status == 403) {
      throw new RailwayException(refusal, true);
    }
    if (status == 429) {
      throw refused(response.headers().firstValue("Retry-After").orElse(null));
    }
    Answer answer;
    try {
      answer = AnswerReader.read(response.body());
    } catch (IOException _) {
      throw new RailwayException(
          status == 200
              ? "Railway at " + url.getHost() + " has answered with something that is no GraphQL answer"
              : "Railway at " + url.getHost() + " has answered with status " + status,
          false);
    }
    for (Answer.Complaint complaint : answer.complaints()) {
      if (complaint.isRefusal()) {
        throw new RailwayException(refusal, true);
      }
    }
    if (status != 200 && answer.complaints().isEmpty()) {
      throw new RailwayException("Railway at " + url.getHost() + " has answered with status " + status, false);
    }
    return answer;
  }

  private RailwayException refused(String retryAfter) {
    Duration wait = RequestBudget.until(retryAfter, now());
    Duration pause = wait == null ? REFUSED : wait;
    budget.refused(pause);
    return new RailwayException(
        "Railway refuses more requests for now; it is asked again in " + seconds(pause) + " s", false, pause);
  }

  /** As many as are enough. */
  private static long seconds(Duration wait) {
    return wait.plusSeconds(1).minusNanos(1).toSeconds();
  }

  private RailwayException unreachable(IOException e) {
    return new RailwayException(unreachable(url.getHost(), e), false);
  }

  /** A sentence about why a host can't be reached. */
  static String unreachable(String host, Throwable failure) {
    String why =
        switch (failure) {
          case SSLException _ -> "TLS with it fails (" + failure.getMessage() + ")";
          case SocketTimeoutException _ -> "it does not answer";
          case HttpTimeoutException _ -> "it does not answer";
          case UnknownHostException _ -> "no address is known for it";
          case ConnectException _ ->
              failure.getCause() instanceof UnresolvedAddressException
                  ? "no address is known for it"
                  : "the connection is refused or finds no way";
          default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        };
    return "Railway at " + host + " can't be reached: " + why;
  }

  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdownNow();
  }
}

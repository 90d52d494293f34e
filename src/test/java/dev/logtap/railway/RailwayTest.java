package dev.logtap.railway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries against the stand-in. */
class RailwayTest {
  private static final Instant T = Instant.parse("2026-11-01T10:00:00.123456789Z");
  private static final RailwayToken TOKEN = new RailwayToken(RailwayToken.Kind.ACCOUNT, "open-sesame");

  private final RailwayStandIn standIn = RailwayStandIn.start();
  private final Railway railway = new Railway(standIn.url(), TOKEN, null, StreamScene.quick());

  @BeforeEach
  void furnish() {
    standIn
        .environment("env-1", "production")
        .service("env-1", "api", "API")
        .service("env-1", "web", "Web")
        .service("env-1", "cron", "Cron")
        .allow(TOKEN, "env-1");
  }

  @AfterEach
  void close() {
    railway.close();
    standIn.close();
  }

  @Test
  void services_of_all_pages_are_named() throws Exception {
    standIn.servicesPerPage(2);

    assertEquals(Map.of("api", "API", "web", "Web", "cron", "Cron"), railway.services("env-1"));
    assertEquals(2, standIn.requests().size());
  }

  @Test
  void services_are_kept_for_a_while() throws Exception {
    railway.services("env-1");
    railway.services("env-1");

    assertEquals(1, standIn.requests().size());
  }

  @Test
  void one_header_carries_the_token() throws Exception {
    railway.services("env-1");

    Set<String> headers = standIn.requests().getFirst().headers();
    assertTrue(headers.contains("Authorization"));
    assertFalse(headers.contains("Project-Access-Token"));
  }

  @Test
  void newest_stored_entries_come_oldest_first() throws Exception {
    store(10);

    Page page = stored(null, T.plusMillis(7), 3);

    assertEquals(List.of("5", "6", "7"), messages(page));
    assertEquals("API", page.entries().getFirst().serviceName());
    assertTrue(page.more());
  }

  @Test
  void bounds_are_kept_to_the_nanosecond() throws Exception {
    standIn.store(
        "env-1",
        row(T, "at the lower bound"),
        row(T.plusNanos(1), "a"),
        row(T.plusNanos(2), "b"),
        row(T.plusNanos(3), "behind the upper bound"));

    assertEquals(List.of("a", "b"), messages(stored(T, T.plusNanos(2), 50)));
  }

  @Test
  void entries_at_the_upper_bound_come_even_where_railway_leaves_them_out() throws Exception {
    standIn.leaveOutAnchor();
    standIn.store("env-1", row(T, "a"), row(T, "b"));

    assertEquals(List.of("a", "b"), messages(stored(null, T, 50)));
  }

  @Test
  void last_page_says_so() throws Exception {
    store(10);

    assertFalse(stored(T.plusMillis(3), T.plusMillis(9), 6).more());
    assertTrue(stored(T.plusMillis(3), T.plusMillis(9), 5).more());
    assertFalse(stored(null, T.plusMillis(9), 10).more());
  }

  @Test
  void row_too_many_is_left_out() throws Exception {
    standIn.giveOneMore();
    store(10);

    assertEquals(List.of("7", "8", "9"), messages(stored(null, T.plusMillis(9), 3)));
  }

  @Test
  void pages_reach_back_over_everything() throws Exception {
    store(6_000);

    Page newest = stored(null, T.plusMillis(5_999), 5_000);
    Page rest = stored(null, newest.entries().getFirst().time().minusNanos(1), 5_000);

    assertEquals(5_000, newest.entries().size());
    assertTrue(newest.more());
    assertEquals(1_000, rest.entries().size());
    assertFalse(rest.more());
  }

  @Test
  void only_the_services_asked_for_come() throws Exception {
    standIn.store(
        "env-1",
        row(T, "a"),
        StandInRow.of(T.plusMillis(1), "web", "b"),
        StandInRow.of(T.plusMillis(2), "cron", "c"));

    Page page = railway.stored("env-1", List.of("web", "cron"), null, T.plusMillis(9), 50);

    assertEquals(List.of("b", "c"), messages(page));
  }

  @Test
  void text_that_is_no_id_gets_into_no_filter() throws Exception {
    store(3);

    Page page = railway.stored("env-1", List.of("web OR @service:api", "\" OR "), null, T.plusMillis(9), 50);

    assertEquals(List.of(), page.entries());
    assertEquals(List.of(), standIn.requests());
    assertEquals("@service:a-1 OR @service:b", Queries.filter(List.of("a-1", "b", "c d", "(")));
  }

  @Test
  void token_that_does_not_open_it_is_a_lasting_failure() {
    RailwayException failure =
        assertThrows(RailwayException.class, () -> railway.services("env-2"));

    assertTrue(failure.isLasting());
    assertTrue(failure.getMessage().contains("RAILWAY_API_TOKEN"));
  }

  @Test
  void too_many_requests_are_a_passing_failure_and_railway_is_left_alone() {
    standIn.answerWith429(Duration.ofSeconds(30), 1);

    for (int i = 0; i < 3; i++) {
      RailwayException failure = assertThrows(RailwayException.class, () -> railway.services("env-1"));
      assertFalse(failure.isLasting());
    }

    assertEquals(1, standIn.requests().size());
  }

  @Test
  void wait_that_railway_asks_for_is_told_to_the_second() {
    standIn.answerWith429(Duration.ofSeconds(7), 1);

    RailwayException seconds = assertThrows(RailwayException.class, () -> railway.services("env-1"));
    assertTrue(seconds.getMessage().endsWith(" in 7 s"), seconds.getMessage());
    assertEquals(Duration.ofSeconds(7), seconds.pause());
  }

  @Test
  void wait_up_to_a_date_is_believed_up_to_an_hour() {
    ZonedDateTime later = ZonedDateTime.now(ZoneOffset.UTC).plusHours(12);
    standIn.answerWith429(DateTimeFormatter.RFC_1123_DATE_TIME.format(later), 1);

    RailwayException failure = assertThrows(RailwayException.class, () -> railway.services("env-1"));
    assertTrue(failure.getMessage().endsWith(" in 3600 s"), failure.getMessage());
    assertEquals(Duration.ofHours(1), failure.pause());
  }

  @Test
  void token_of_a_file_is_refused_with_the_option_that_names_it() {
    for (RailwayToken.Kind kind : RailwayToken.Kind.values()) {
      String sentence = new RailwayToken(kind, "knock-knock", true).refusal("env-1");
      assertTrue(sentence.contains("--railway-token-file"), sentence);
      assertFalse(sentence.contains("RAILWAY_"), sentence);
    }
  }

  @Test
  void spent_limit_is_told_and_railway_is_left_alone() {
    standIn.header("X-RateLimit-Limit", "100");
    standIn.header("X-RateLimit-Remaining", "0");
    standIn.header("X-RateLimit-Reset", "600");
    assertThrows(RailwayException.class, () -> stored("nothing"));
    RailwayException failure = assertThrows(RailwayException.class, () -> railway.services("env-1"));

    assertTrue(failure.getMessage().contains("used up"), failure.getMessage());
    assertEquals(1, standIn.requests().size());
  }

  @Test
  void answer_that_is_too_large_is_asked_for_in_fewer_rows() throws Exception {
    standIn.store(
        "env-1",
        IntStream.range(0, 900).mapToObj(i -> row(T.plusMillis(i), i + "x".repeat(50_000))).toList());

    Page page = stored(null, T.plusMillis(899), 900);

    assertEquals(90, page.entries().size());
    assertTrue(page.more());
  }

  @Test
  void answer_in_time_is_waited_for_and_no_longer() {
    standIn.holdAnswers();
    Timing timing = StreamScene.givingUp(StreamScene.LONG, Duration.ofMillis(50), StreamScene.LONG);
    try (Railway hasty = new Railway(standIn.url(), TOKEN, null, timing)) {
      RailwayException failure = assertThrows(RailwayException.class, () -> hasty.services("env-1"));

      assertTrue(failure.getMessage().contains("not answered"));
    }
  }

  @Test
  void redirect_is_not_followed() throws IOException {
    HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Location", standIn.url().toString());
          exchange.sendResponseHeaders(308, -1);
          exchange.close();
        });
    other.start();
    URI url = URI.create("http://127.0.0.1:" + other.getAddress().getPort() + "/graphql/v2");
    try (Railway redirected = new Railway(url, TOKEN, null, StreamScene.quick())) {
      RailwayException failure = assertThrows(RailwayException.class, () -> redirected.services("env-1"));

      assertTrue(failure.getMessage().contains("308"), failure.getMessage());
      assertEquals(List.of(), standIn.requests());
    } finally {
      other.stop(0);
    }
  }

  @Test
  void host_that_nobody_knows_is_said() {
    try (Railway nowhere =
        new Railway(URI.create("https://railway.invalid/graphql/v2"), TOKEN, null, StreamScene.quick())) {
      RailwayException failure = assertThrows(RailwayException.class, () -> nowhere.services("env-1"));

      assertTrue(failure.getMessage().contains("railway.invalid can't be reached: no address"), failure.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with blank", "line\nbreak", "umläut"})
  void token_that_fits_into_no_header_is_refused_unseen(String secret) {
    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> new RailwayToken(RailwayToken.Kind.PROJECT, secret));

    assertTrue(secret.isEmpty() || !failure.getMessage().contains(secret));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://railway.com/", "railway.com", "https:/graphql"})
  void address_that_is_none_is_refused(String url) {
    assertThrows(IllegalArgumentException.class, () -> new Railway(new RailwayAccess(URI.create(url), TOKEN)));
  }

  private Page stored(Instant after, Instant until, int most) throws RailwayException, InterruptedException {
    return railway.stored("env-1", List.of(), after, until, most);
  }

  /** Fails: the environment is not there. */
  private Page stored(String environmentId) throws RailwayException, InterruptedException {
    return railway.stored(environmentId, List.of(), null, T, 1);
  }

  private void store(int rows) {
    standIn.store(
        "env-1", IntStream.range(0, rows).mapToObj(i -> row(T.plusMillis(i), String.valueOf(i))).toList());
  }

  private static StandInRow row(Instant time, String message) {
    return StandInRow.of(time, "api", message);
  }

  private static List<String> messages(Page page) {
    return page.entries().stream().map(Entry::message).toList();
  }
}

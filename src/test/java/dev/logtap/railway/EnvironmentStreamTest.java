package dev.logtap.railway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Certificate;
import dev.logtap.railway.Happening.Arrived;
import dev.logtap.railway.Happening.Connected;
import dev.logtap.railway.Happening.Failed;
import dev.logtap.railway.Happening.Lost;
import dev.logtap.railway.Happening.Past;
import dev.logtap.railway.Happening.Trouble;
import dev.logtap.server.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What streams tell, and how they begin and end. */
class EnvironmentStreamTest extends StreamScene {
  // What it begins with.

  @Test
  void what_is_stored_is_told_first_then_what_comes() {
    railway.store("env-1", row(1, "a"), row(2, "b"));
    begin();

    railway.store("env-1", row(3, "c"));
    heard.awaitEntries(3);

    assertEquals(List.of(Past.class, Connected.class, Arrived.class), kinds());
    assertEquals(List.of("a", "b", "c"), heard.messages());
    assertTrue(heard.awaitFirst(Past.class).whole());
  }

  @Test
  void entry_has_the_name_of_its_service_and_all_that_railway_gives() {
    railway.store("env-1", row(1, "a").withSeverity("fatal").withAttribute("user", "plain text"));
    stream("env-1");

    Entry entry = heard.awaitFirst(Past.class).entries().getFirst();
    assertEquals(
        new Entry(
            start.plusMillis(1),
            start.plusMillis(1).toString(),
            "fatal",
            "api",
            "API",
            "deployment-1",
            "replica-1",
            "a",
            List.of(new Entry.Attribute("level", "\"info\""), new Entry.Attribute("user", "\"plain text\""))),
        entry);
  }

  @Test
  void environment_with_more_than_a_page_begins_with_its_newest() {
    railway.giveOneMore();
    railway.store("env-1", rows(0, 6000));
    stream("env-1");

    Past past = heard.awaitFirst(Past.class);
    assertFalse(past.whole());
    assertEquals("5999", past.entries().getLast().message());
  }

  @Test
  void row_of_a_new_service_gets_its_name() {
    begin();

    railway.service("env-1", "cron", "Cron");
    railway.store("env-1", row(1, "a", "cron"));
    heard.awaitEntries(1);

    assertEquals("Cron", heard.entries().getFirst().serviceName());
  }

  @Test
  void row_of_a_service_that_nobody_knows_comes_without_a_name() {
    begin();

    railway.store("env-1", row(1, "a", "gone"), row(2, "b").withoutTags());
    heard.awaitEntries(2);

    assertEquals("gone", heard.entries().get(0).serviceId());
    assertEquals(null, heard.entries().get(0).serviceName());
    assertEquals(null, heard.entries().get(1).serviceId());
  }

  // Each row once.

  @Test
  void equal_rows_are_all_told() {
    railway.store("env-1", row(1, "a"), row(1, "a"));
    begin();

    railway.store("env-1", row(2, "b"), row(2, "b"), row(2, "b"));
    heard.awaitEntries(5);
    railway.cut();
    heard.awaitConnected(2);
    railway.store("env-1", row(3, "c"));
    heard.awaitEntries(6);

    assertEquals(List.of("a", "a", "b", "b", "b", "c"), heard.messages());
  }

  @Test
  void row_that_comes_twice_is_told_once() {
    begin();

    railway.store("env-1", row(1, "a"));
    railway.push("env-1", row(1, "a"));
    railway.store("env-1", row(2, "b"));
    heard.awaitEntries(2);

    assertEquals(List.of("a", "b"), heard.messages());
  }

  @Test
  void late_row_is_found_by_a_sweep() {
    begin();
    // Else both sweeps after the first row may be over before the late ones are there.
    railway.holdAnswers();
    railway.store("env-1", row(1000, "a"));
    heard.awaitEntries(1);

    railway.store("env-1", row(500, "late"), row(1000, "a"));
    railway.releaseAnswers();
    heard.awaitEntries(3);

    assertEquals(List.of("a", "late", "a"), heard.messages());
  }

  @Test
  void late_row_is_found_however_long_railway_could_not_be_asked() {
    railway.store("env-1", row(-600_000, "a"));
    begin();
    railway.answerWith(500, 1000);
    railway.store("env-1", row(0, "b"));
    heard.awaitEntries(2);

    railway.store("env-1", row(-599_000, "late"));
    awaitFailedSweep();
    railway.answerWell();
    railway.store("env-1", row(1, "c"));
    heard.awaitEntries(4);

    assertEquals(List.of("a", "b", "c", "late"), heard.messages().stream().sorted().toList());
    assertEquals(List.of(), heard.of(Lost.class));
  }

  @Test
  void sweeps_that_fail_are_told_once_a_reason_and_that_they_work_again() {
    begin();
    railway.answerWith(500, 1000);
    railway.store("env-1", row(0, "a"));
    heard.awaitEntries(1);
    heard.awaitFirst(Happening.SweepFailed.class);
    awaitFailedSweep();

    railway.answerWell();
    railway.store("env-1", row(1, "b"));
    heard.awaitFirst(Happening.SweepsAgain.class);

    List<Happening.SweepFailed> failures = heard.of(Happening.SweepFailed.class);
    assertEquals(1, failures.size(), heard::toString);
    assertTrue(failures.getFirst().sentence().contains("status 500"), heard::toString);
    assertEquals(List.of(), heard.of(Happening.Trouble.class));
  }

  @Test
  void late_rows_are_a_loss_where_more_came_meanwhile_than_is_asked_for_again() {
    begin();
    railway.answerWith(500, 1000);
    for (int stored = 0; stored < 44_000; ) {
      railway.store("env-1", rows(stored, 4_000));
      stored += 4_000;
      heard.awaitEntries(stored);
    }
    awaitFailedSweep();
    railway.answerWell();
    railway.store("env-1", row(50_000, "last"));

    assertTrue(heard.awaitFirst(Lost.class).why().contains("stored late"), heard::toString);
  }

  @Test
  void subscription_that_gives_nothing_any_more_is_begun_again() {
    begin();
    railway.pollEvery(Duration.ofHours(1));
    // Else both sweeps after the first row may be over before there is something to find.
    railway.holdAnswers();
    // It comes behind the last poll, so that nothing that is stored from now on is given.
    railway.push("env-1", row(1, "a"));
    heard.awaitEntries(1);

    railway.store("env-1", row(2, "b"));
    railway.releaseAnswers();
    heard.awaitConnected(2);

    assertEquals(List.of("a", "b"), heard.messages());
    assertTrue(heard.awaitFirst(Trouble.class).sentence().contains("silent"));
  }

  @Test
  void quiet_environment_is_not_swept_again_and_again() {
    begin();
    opened.getFirst().stream("env-2", new Heard());
    railway.awaitSubscriptions("env-2", 1);
    railway.store("env-1", row(1, "a"));
    railway.awaitRequests(request -> isSweepOf("env-1", request), 2);

    // The time that sweeps take is known by one that is not quiet.
    long before = railway.count(request -> isSweepOf("env-2", request));
    for (int i = 1; i <= 3; i++) {
      railway.store("env-2", row(i, "b"));
      railway.awaitRequests(request -> isSweepOf("env-2", request), before + i);
    }

    assertEquals(2, railway.count(request -> isSweepOf("env-1", request)));
    railway.store("env-1", row(2, "b"));
    railway.awaitRequests(request -> isSweepOf("env-1", request), 4);
  }

  @Test
  void attribute_that_is_filled_in_later_makes_no_new_row() {
    StandInRow row = row(1, "a");
    begin();
    railway.store("env-1", row);
    heard.awaitEntries(1);

    railway.replace("env-1", row, row.withAttribute("extra", "1"));
    railway.cut();
    heard.awaitConnected(2);
    railway.store("env-1", row(2, "b"));
    heard.awaitEntries(2);

    assertEquals(List.of("a", "b"), heard.messages());
  }

  @Test
  void stream_follows_a_redeploy() {
    begin();

    railway.store("env-1", row(1, "old"));
    railway.store("env-1", row(2, "new").withDeployment("deployment-2").withReplica("replica-9"));
    heard.awaitEntries(2);

    assertEquals("deployment-2", heard.entries().getLast().deploymentId());
    assertEquals(1, railway.subscribes());
  }

  // What Railway leaves out.

  @Test
  void full_poll_is_filled_up_by_queries() {
    begin();

    railway.store("env-1", rows(1, 12_000));
    heard.awaitEntries(12_000);

    assertEquals(IntStream.range(1, 12_001).mapToObj(String::valueOf).toList(), heard.messages());
    assertEquals(List.of(), heard.of(Lost.class));
  }

  @Test
  void full_poll_that_can_not_be_filled_up_is_a_loss() {
    begin();

    railway.refuseQueries("Problem processing request", 100);
    railway.store("env-1", rows(1, 6_000));
    heard.awaitEntries(5_000);

    assertEquals(List.of(Past.class, Connected.class, Lost.class, Arrived.class), kinds().subList(0, 4));
  }

  @Test
  void spent_budget_is_a_loss_in_place_of_a_storm() {
    begin();
    long before = railway.requests().size();

    railway.header("X-RateLimit-Limit", "100");
    railway.header("X-RateLimit-Remaining", "5");
    railway.header("X-RateLimit-Reset", "3600");
    railway.store("env-1", rows(1, 20_000));
    // The batch, and one page before it.
    heard.awaitEntries(9_000);

    String why = heard.awaitFirst(Lost.class).why();
    assertTrue(why.contains("what is left of Railway's limit of requests is kept for what clients wait for"), why);
    assertEquals(before + 1, railway.requests().size());
  }

  @Test
  void poll_after_a_cut_that_was_full_is_filled_up() {
    railway.store("env-1", row(1, "first"));
    begin();

    // Nobody is back before it is stored: else it would be a full poll without a cut.
    railway.refuseConnections();
    railway.cut();
    railway.store("env-1", rows(2, 7_000));
    railway.acceptConnections();
    heard.awaitEntries(7_001);

    assertEquals(7_001, heard.entries().size());
    assertEquals(List.of(), heard.of(Lost.class));
  }

  @Test
  void railways_own_loss_is_told_behind_its_line() {
    begin();

    railway.store(
        "env-1",
        row(1, "a"),
        row(2, "Railway rate limit of 500 logs/sec reached for replica, update your application. Messages dropped: 12"),
        row(3, "b"));
    heard.awaitEntries(3);

    assertEquals(List.of(Past.class, Connected.class, Arrived.class, Lost.class, Arrived.class), kinds());
    assertEquals(OptionalLong.of(12), heard.awaitFirst(Lost.class).dropped());
  }

  @Test
  void row_whose_time_can_not_be_read_is_a_loss_and_takes_no_other_with_it() {
    begin();

    railway.store("env-1", row(1, "a"), row(2, "b").withTimestamp("yesterday"), row(3, "c"));
    heard.await(heard -> heard.entries().size() == 2 && !heard.of(Lost.class).isEmpty());

    assertEquals(List.of("a", "c"), heard.messages());
    assertEquals(OptionalLong.of(1), heard.awaitFirst(Lost.class).dropped());
  }

  @Test
  void message_of_several_megabytes_comes_through() {
    begin();

    railway.store("env-1", Collections.nCopies(40, row(1, "x".repeat(200_000))));
    heard.awaitEntries(40);
  }

  @Test
  void batch_that_is_larger_than_a_message_may_be_is_asked_for_in_smaller_ones() {
    railway.store("env-1", row(1, "a"));
    begin();

    List<StandInRow> large = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      large.add(row(2 + i, i + "x".repeat(50_000)));
    }
    railway.store("env-1", large);
    heard.awaitEntries(701);

    assertEquals(List.of(), heard.of(Lost.class));
    assertEquals(701, heard.entries().size());
  }

  @Test
  void listener_that_is_slow_loses_nothing() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    Railway client = open(TOKEN);
    client.stream(
        "env-1",
        happening -> {
          heard.accept(happening);
          if (happening instanceof Arrived) {
            try {
              goOn.await();
            } catch (InterruptedException _) {
              Thread.currentThread().interrupt();
            }
          }
        });
    heard.awaitConnected(1);
    railway.awaitSubscriptions("env-1", 1);

    for (int i = 0; i < 40; i++) {
      railway.store("env-1", row(1 + i, i + "x".repeat(1_000_000)));
    }
    railway.awaitSubscriptions("env-1", 0);
    goOn.countDown();
    heard.awaitEntries(40);

    assertEquals(40, heard.entries().size());
    assertEquals(List.of(), heard.of(Lost.class));
    assertTrue(heard.awaitFirst(Trouble.class).sentence().contains("in time"));
  }

  @Test
  void error_of_our_own_ends_the_stream_and_is_told() {
    Railway client = open(TOKEN);
    client.stream(
        "env-1",
        happening -> {
          heard.accept(happening);
          if (happening instanceof Connected) {
            throw new IllegalStateException("a bug");
          }
        });

    assertTrue(heard.awaitFirst(Failed.class).sentence().contains("IllegalStateException at dev.logtap"), heard::toString);
    railway.awaitSubscriptions("env-1", 0);
  }

  // Several, and the end.

  @Test
  void environments_share_a_socket() {
    stream("env-1");
    stream("env-2");
    heard.awaitConnected(2);

    railway.store("env-1", row(1, "a"));
    railway.store("env-2", row(1, "b", "db"));
    heard.awaitEntries(2);

    assertEquals(1, railway.openSockets());
    assertTrue(heard.entries().stream().anyMatch(entry -> "Database".equals(entry.serviceName())));
  }

  @Test
  void socket_is_closed_with_the_last_stream() throws Exception {
    Railway client = open(TOKEN);
    AutoCloseable first = client.stream("env-1", heard);
    AutoCloseable second = client.stream("env-2", heard);
    heard.awaitConnected(2);

    assertTrue(running().contains("railway-env-1"));

    first.close();
    railway.awaitSubscriptions("env-1", 0);
    assertEquals(1, railway.openSockets());
    second.close();
    railway.awaitSockets(0);

    client.stream("env-1", heard);
    heard.awaitConnected(3);
  }

  @Test
  void streams_that_come_and_go_leave_nothing() throws Exception {
    Railway client = open(TOKEN);
    for (int round = 0; round < 20; round++) {
      List<AutoCloseable> streams = new ArrayList<>();
      Heard here = new Heard();
      for (int i = 0; i < 10; i++) {
        streams.add(client.stream(i % 2 == 0 ? "env-1" : "env-2", here));
      }
      if (round % 4 == 0) {
        here.awaitConnected(3);
      }
      for (AutoCloseable stream : streams) {
        stream.close();
      }
    }

    railway.awaitSockets(0);
    railway.awaitSubscriptions("env-1", 0);
    railway.awaitSubscriptions("env-2", 0);
  }

  @Test
  void everything_has_ended_soon_after_closing() {
    Railway client = open(TOKEN);
    client.stream("env-1", heard);
    heard.awaitConnected(1);
    railway.holdAnswers();
    client.stream("env-2", new Heard());
    railway.awaitRequests(request -> !request.subscription(), 2);

    long began = System.nanoTime();
    client.close();

    // The answer would be waited for a minute.
    assertTrue(System.nanoTime() - began < Duration.ofSeconds(10).toNanos());
    railway.awaitSockets(0);
  }

  @Test
  void stream_can_be_closed_by_its_own_listener() {
    Railway client = open(TOKEN);
    AutoCloseable[] stream = new AutoCloseable[1];
    Object known = new Object();
    synchronized (known) {
      stream[0] =
          client.stream(
              "env-1",
              happening -> {
                heard.accept(happening);
                synchronized (known) {
                  try {
                    stream[0].close();
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                }
              });
    }

    heard.awaitFirst(Past.class);
    railway.awaitSockets(0);
    assertEquals(1, heard.all().size());
  }

  @Test
  void tls_with_a_known_certificate_works_for_queries_and_the_socket(@TempDir Path directory) throws IOException {
    Certificate certificate = Certificate.make(directory, "EC");
    try (RailwayStandIn secure = RailwayStandIn.startTls(identity(directory, certificate))) {
      secure.environment("env-1", "production").allow(TOKEN, "env-1");
      try (Railway client = new Railway(secure.url(), TOKEN, certificate.trust(), quick())) {
        client.stream("env-1", heard);
        heard.awaitConnected(1);
        secure.store("env-1", row(1, "a"));
        heard.awaitEntries(1);
      }
    }
  }

  @Test
  void certificate_that_nobody_vouches_for_is_refused(@TempDir Path directory) throws IOException {
    Certificate certificate = Certificate.make(directory, "EC");
    try (RailwayStandIn secure = RailwayStandIn.startTls(identity(directory, certificate))) {
      try (Railway client = new Railway(secure.url(), TOKEN, null, quick())) {
        client.stream("env-1", heard);

        assertTrue(heard.awaitFirst(Trouble.class).sentence().contains("TLS"), heard::toString);
      }
    }
  }

  private static SSLContext identity(Path directory, Certificate certificate) throws IOException {
    Path chain = directory.resolve("chain.pem");
    Path key = directory.resolve("key.pem");
    certificate.install(chain, key);
    return TlsIdentity.load(chain, key);
  }
}

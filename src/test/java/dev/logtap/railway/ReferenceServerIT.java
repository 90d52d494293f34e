package dev.logtap.railway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.logtap.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams of Railway's logs from a server that is none of ours: {@code graphql-ws}, on Node. */
class ReferenceServerIT {
  private static final RailwayToken TOKEN = new RailwayToken(RailwayToken.Kind.PROJECT, "secret");

  /** Waits little, and never sweeps: rows come by the subscription or not at all. */
  private static final Timing QUICK =
      new Timing(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMillis(5),
          Duration.ofMillis(50),
          Duration.ofSeconds(10),
          Duration.ofMillis(10),
          Duration.ofMillis(100),
          Duration.ofMillis(10),
          Duration.ofMinutes(1),
          Duration.ofHours(1),
          Duration.ofHours(1),
          Duration.ofSeconds(15),
          Duration.ofMillis(10));

  @TempDir Path directory;

  private final Instant now = Instant.now();
  private final List<Happening> happenings = new CopyOnWriteArrayList<>();
  private ReferenceRailway reference;
  private Railway railway;

  /** How a subscription ends. */
  enum Fault {
    COMPLETE(ReferenceRailway::complete),
    ERROR(reference -> reference.error("broken")),
    CUT(ReferenceRailway::cut),
    INTERNAL_ERROR(reference -> reference.close(4500)),
    GOING_AWAY(reference -> reference.close(1001));

    private final Consumer<ReferenceRailway> action;

    Fault(Consumer<ReferenceRailway> action) {
      this.action = action;
    }
  }

  @BeforeAll
  static void needsNode() {
    assumeTrue(ReferenceRailway.isThere(), ReferenceRailway.NEEDS);
  }

  @BeforeEach
  void start() throws IOException {
    reference = ReferenceRailway.start(directory, TOKEN, "env-1");
    railway = new Railway(reference.url(), TOKEN, null, QUICK);
  }

  @AfterEach
  void stop() {
    if (railway != null) {
      railway.close();
    }
    if (reference != null) {
      reference.close();
    }
  }

  @Test
  void stored_and_live_rows_come_each_once() {
    reference.store(row(-2, "a"), row(-1, "b"));
    railway.stream("env-1", happenings::add);
    reference.awaitSubscriptions(1);
    reference.store(row(1, "c"), row(1, "c"));
    reference.store(row(2, "d"));

    awaitMessages("a", "b", "c", "c", "d");
    assertTrue(happenings.getFirst() instanceof Happening.Past past && past.whole(), this::told);
    assertEquals("api", entries().getFirst().serviceName());
  }

  @ParameterizedTest
  @EnumSource
  void stream_goes_on_after(Fault fault) {
    railway.stream("env-1", happenings::add);
    reference.awaitSubscriptions(1);
    reference.store(row(1, "a"));
    awaitMessages("a");

    fault.action.accept(reference);
    reference.store(row(2, "b"));
    awaitMessages("a", "b");
    reference.awaitSubscriptions(1);
    reference.store(row(3, "c"));

    awaitMessages("a", "b", "c");
    assertEquals(1, count(Happening.Reconnecting.class), this::told);
    assertEquals(2, count(Happening.Connected.class), this::told);
    assertEquals(0, count(Happening.Lost.class), this::told);
  }

  @Test
  void null_in_place_of_rows_is_told_and_the_stream_goes_on() {
    railway.stream("env-1", happenings::add);
    reference.awaitSubscriptions(1);
    reference.pushNull();
    Await.until(() -> count(Happening.Trouble.class) == 1, this::told);
    reference.store(row(1, "a"));

    awaitMessages("a");
    assertEquals(0, count(Happening.Reconnecting.class), this::told);
  }

  @Test
  void batch_of_several_megabytes_comes_whole() {
    String large = "ä".repeat(2 << 20);
    railway.stream("env-1", happenings::add);
    reference.awaitSubscriptions(1);
    reference.store(row(1, large), row(2, "b"));

    awaitMessages(large, "b");
  }

  @Test
  void environment_that_the_token_does_not_open_has_failed() {
    railway.stream("env-2", happenings::add);

    Await.until(() -> count(Happening.Failed.class) == 1, this::told);
  }

  @Test
  void socket_is_closed_with_the_last_stream() throws Exception {
    AutoCloseable stream = railway.stream("env-1", happenings::add);
    reference.awaitSubscriptions(1);

    stream.close();

    reference.awaitSubscriptions(0);
    reference.awaitSockets(0);
  }

  @Test
  void stored_rows_of_one_service_are_found() throws Exception {
    reference.store(row(-3, "a"), StandInRow.of(now.minusSeconds(2), "web", "b"), row(-1, "c"), row(1, "later"));

    Page page = railway.stored("env-1", List.of("api"), null, now, 1);

    assertEquals(List.of("c"), page.entries().stream().map(Entry::message).toList());
    assertTrue(page.more());
    assertEquals(Map.of("api", "api", "web", "web"), railway.services("env-1"));
  }

  private StandInRow row(int second, String message) {
    return StandInRow.of(now.plusSeconds(second), "api", message);
  }

  private void awaitMessages(String... messages) {
    Await.until(() -> entries().stream().map(Entry::message).toList().equals(List.of(messages)), this::told);
  }

  private List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (Happening happening : happenings) {
      switch (happening) {
        case Happening.Past past -> entries.addAll(past.entries());
        case Happening.Arrived arrived -> entries.addAll(arrived.entries());
        default -> {}
      }
    }
    return entries;
  }

  private long count(Class<? extends Happening> kind) {
    return happenings.stream().filter(kind::isInstance).count();
  }

  private String told() {
    String told = happenings.toString();
    return told.length() < 4000 ? told : told.substring(0, 4000) + "...";
  }
}

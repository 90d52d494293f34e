package dev.logtap.railway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.logtap.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A stream through everything that happens to streams, in random order: each stored row is told once. */
class EnvironmentStreamModelTest {
  private static final RailwayToken TOKEN = new RailwayToken(RailwayToken.Kind.PROJECT, "open-sesame");
  private static final int STEPS = 300;

  static List<Long> seeds() {
    return List.of(1L, 2L, System.nanoTime() * 31, System.nanoTime() * 37);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void each_stored_row_is_told_once(long seed) throws InterruptedException {
    Random random = new Random(seed);
    List<StandInRow> stored = new ArrayList<>();
    Heard heard = new Heard();
    // Rows are dated far quicker than the clock runs here.
    Instant start = Instant.now().minus(Duration.ofMinutes(30));
    int refusals = 0;
    int floods = 0;
    try (RailwayStandIn standIn = RailwayStandIn.start();
        Railway railway = new Railway(standIn.url(), TOKEN, null, StreamScene.quick())) {
      standIn.environment("env-1", "production").service("env-1", "api", "API").allow(TOKEN, "env-1");
      standIn.header("X-RateLimit-Limit", "1000000");
      standIn.header("X-RateLimit-Remaining", "1000000");
      if (random.nextBoolean()) {
        standIn.giveOneMore();
      }
      if (random.nextBoolean()) {
        standIn.pollEvery(Duration.ofMillis(20));
      }
      railway.stream("env-1", heard);
      // Else it would begin with the newest of what is stored meanwhile, and not know the others.
      heard.awaitFirst(Happening.Past.class);

      long now = 0;
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(20)) {
          case 0 -> standIn.cut();
          case 1 -> standIn.complete();
          case 2 -> standIn.error("Problem processing request");
          case 3 -> standIn.close(random.nextBoolean() ? 1001 : 4500);
          case 4 -> standIn.pushNull();
          case 5 -> standIn.pushEmptyBatch();
          case 6 -> {
            // A third in a row would be a loss.
            if (refusals++ < 2) {
              standIn.answerWith(502, 1);
            }
          }
          case 7 -> standIn.answerHandshakesWith(503, null, 1);
          case 8 -> {
            if (!stored.isEmpty()) {
              standIn.push("env-1", stored.get(random.nextInt(stored.size())));
            }
          }
          case 9 -> {
            // Goes on at some moment between two deliveries.
            int some = random.nextInt(stored.size() + 1);
            Await.until(() -> heard.entries().size() >= some, () -> "seed " + seed + ", waiting for " + some);
          }
          case 10 -> {
            List<StandInRow> many = new ArrayList<>();
            // More in half a second than a sweep would ask for in thirty could hide a late row.
            for (int i = floods++ < 6 ? random.nextInt(6_000) : 0; i >= 0; i--) {
              now++;
              many.add(row(start, now, random));
            }
            store(standIn, stored, many);
          }
          default -> {
            List<StandInRow> few = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
              now += random.nextInt(2);
              few.add(row(start, Math.max(0, now - (random.nextInt(5) == 0 ? random.nextInt(500) : 0)), random));
            }
            // Is given, and swept after: late ones alone, when it has been quiet for two sweeps, would not be looked for.
            now++;
            few.add(row(start, now, random));
            store(standIn, stored, few);
          }
        }
      }

      // Two sweeps after the last row find the late ones.
      Await.until(
          () -> count(heard).equals(count(stored)) || !heard.of(Happening.Lost.class).isEmpty(),
          () -> "seed " + seed + ", missing or too many: " + difference(stored, heard));
      assertEquals(List.of(), heard.of(Happening.Lost.class), "seed " + seed);
    }
    assertEquals(Map.of(), difference(stored, heard), "seed " + seed);
  }

  private static void store(RailwayStandIn standIn, List<StandInRow> stored, List<StandInRow> rows) {
    stored.addAll(rows);
    standIn.store("env-1", rows);
  }

  private static StandInRow row(Instant start, long millis, Random random) {
    return StandInRow.of(start.plusMillis(millis), "api", String.valueOf((char) ('a' + random.nextInt(3))));
  }

  private static Map<String, Integer> count(List<StandInRow> rows) {
    Map<String, Integer> counts = new HashMap<>();
    rows.forEach(row -> counts.merge(row.time() + " " + row.message(), 1, Integer::sum));
    return counts;
  }

  private static Map<String, Integer> count(Heard heard) {
    Map<String, Integer> counts = new HashMap<>();
    heard.entries().forEach(entry -> counts.merge(entry.time() + " " + entry.message(), 1, Integer::sum));
    return counts;
  }

  private static Map<String, Integer> difference(List<StandInRow> stored, Heard heard) {
    Map<String, Integer> difference = count(stored);
    count(heard).forEach((row, count) -> difference.merge(row, -count, Integer::sum));
    difference.values().removeIf(count -> count == 0);
    return difference;
  }
}

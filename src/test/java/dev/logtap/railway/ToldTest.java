package dev.logtap.railway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ToldTest {
  private static final Instant T = Instant.parse("2026-11-01T10:00:00Z");

  private final Told told = new Told();

  @Test
  void row_is_told_once() {
    assertEquals("ab", tell(entry(1, "a"), entry(2, "b")));
    assertEquals("c", tell(entry(1, "a"), entry(2, "b"), entry(3, "c")));
  }

  @Test
  void equal_rows_of_a_delivery_are_all_told() {
    assertEquals("aa", tell(entry(1, "a"), entry(1, "a")));
    assertEquals("", tell(entry(1, "a"), entry(1, "a")));
    assertEquals("a", tell(entry(1, "a"), entry(1, "a"), entry(1, "a")));
  }

  @Test
  void fewer_than_have_been_told_are_none() {
    tell(entry(1, "a"), entry(1, "a"));

    assertEquals("", tell(entry(1, "a")));
    assertEquals("", tell(entry(1, "a"), entry(1, "a")));
  }

  @Test
  void time_service_replica_and_message_make_the_difference() {
    Entry entry = entry(1, "a");
    assertEquals("a", tell(entry));

    assertEquals("a", tell(entry(2, "a")));
    assertEquals("a", tell(new Entry(entry.time(), "", null, "t", null, "d", "r", "a", List.of())));
    assertEquals("a", tell(new Entry(entry.time(), "", null, null, null, "d", "r", "a", List.of())));
    assertEquals("a", tell(new Entry(entry.time(), "", null, "s", null, "d", "q", "a", List.of())));
    assertEquals("a", tell(new Entry(entry.time(), "", null, "sr", null, "d", "", "a", List.of())));
    assertEquals("b", tell(entry(1, "b")));
  }

  @Test
  void attributes_severity_and_the_way_the_time_is_written_make_none() {
    Entry entry = entry(1, "a");
    tell(entry);

    assertEquals(
        "",
        tell(
            new Entry(
                entry.time(),
                "2026-11-01T10:00:00.001000Z",
                "error",
                "s",
                "Name",
                "d2",
                "r",
                "a",
                List.of(new Entry.Attribute("k", "1")))));
  }

  @Test
  void what_is_older_than_what_is_known_is_not_told() {
    tell(entry(1, "a"), entry(5_000, "b"));
    told.forgetBefore(T.plusMillis(4_000));

    assertEquals("c", tell(entry(1, "a"), entry(3_999, "x"), entry(4_000, "c"), entry(5_000, "b")));
  }

  @Test
  void floor_never_goes_back() {
    told.forgetBefore(T.plusMillis(4_000));
    told.forgetBefore(T);

    assertEquals("", tell(entry(3_999, "x")));
  }

  @Test
  void oldest_is_forgotten_when_it_gets_too_much() {
    Told small = new Told(100);
    for (int second = 0; second < 50; second++) {
      List<Entry> rows = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        rows.add(entry(second * 1_000 + i, "a"));
      }
      assertEquals(10, small.tell(rows).size());
    }

    assertEquals(0, small.tell(List.of(entry(49_003, "a"))).size());
    assertEquals(0, small.tell(List.of(entry(1, "new, but so old that nobody knows"))).size());
  }

  static List<Long> seeds() {
    List<Long> seeds = new ArrayList<>(List.of(1L, 2L, 3L, 4L, 5L));
    for (int i = 0; i < 20; i++) {
      seeds.add(System.nanoTime() * 31 + i);
    }
    return seeds;
  }

  /**
   * Railway as it has been seen: rows are stored in and out of order, many of one time; a subscription polls with an
   * exclusive cursor of time and gives the newest so many; it is cut, and begun again a little before what is known; pages
   * of queries overlap. When at last all was asked for once more, what was told is what is stored, each row once.
   */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void what_is_told_is_what_is_stored_each_row_once(long seed) {
    Random random = new Random(seed);
    List<Entry> stored = new ArrayList<>();
    List<Entry> out = new ArrayList<>();
    long now = 0;
    Instant cursor = T.minusMillis(1);
    Instant newest = T;
    for (int step = 0; step < 2_000; step++) {
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          now += random.nextInt(3);
          for (int i = random.nextInt(4); i >= 0; i--) {
            long late = random.nextInt(5) == 0 ? random.nextInt(40) : 0;
            stored.add(entry(Math.max(0, now - late), String.valueOf((char) ('a' + random.nextInt(3)))));
          }
        }
        case 2, 3 -> {
          List<Entry> batch = newest(between(stored, cursor, null), 5);
          if (!batch.isEmpty()) {
            cursor = batch.getLast().time();
            newest = cursor.isAfter(newest) ? cursor : newest;
            out.addAll(told.tell(batch));
            if (random.nextInt(10) == 0) {
              // Delivered twice, as no server should.
              out.addAll(told.tell(batch));
            }
          }
        }
        case 4 -> cursor = newest.minusMillis(random.nextInt(20));
        default -> {
          Instant from = newest.minusMillis(random.nextInt(50));
          out.addAll(told.tell(newest(between(stored, from, null), 1 + random.nextInt(20))));
        }
      }
    }
    Instant anchor = null;
    for (List<Entry> page = stored; !page.isEmpty(); ) {
      page = newest(between(stored, null, anchor), 100);
      out.addAll(told.tell(page));
      Instant first = page.getFirst().time();
      if (page.size() < 100 || first.equals(anchor)) {
        break;
      }
      anchor = first;
    }

    assertEquals(count(stored), count(out));
  }

  /** Later than the one, and not later than the other; oldest first. */
  private static List<Entry> between(List<Entry> stored, Instant after, Instant until) {
    return stored.stream()
        .filter(entry -> after == null || entry.time().isAfter(after))
        .filter(entry -> until == null || !entry.time().isAfter(until))
        .sorted(Comparator.comparing(Entry::time))
        .toList();
  }

  private static List<Entry> newest(List<Entry> sorted, int most) {
    return sorted.subList(Math.max(0, sorted.size() - most), sorted.size());
  }

  private static Map<String, Integer> count(List<Entry> entries) {
    Map<String, Integer> counts = new HashMap<>();
    entries.forEach(entry -> counts.merge(entry.time() + entry.message(), 1, Integer::sum));
    return counts;
  }

  private String tell(Entry... delivery) {
    StringBuilder messages = new StringBuilder();
    told.tell(Arrays.asList(delivery)).forEach(entry -> messages.append(entry.message()));
    return messages.toString();
  }

  private static Entry entry(long millis, String message) {
    Instant time = T.plusMillis(millis);
    return new Entry(time, time.toString(), "info", "s", null, "d", "r", message, List.of());
  }
}

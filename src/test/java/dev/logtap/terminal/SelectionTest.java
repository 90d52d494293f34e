package dev.logtap.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.log.LogName;
import dev.logtap.render.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SelectionTest {
  private static final Source APP = Source.log(new LogName("app"));
  private static final Sieve HITS = Sieve.OPEN.withFilter(Filter.of("hit"));

  private final Kept kept = new Kept(1 << 20);
  private final Selection selection = new Selection(kept);

  private void add(String text) {
    kept.add(new Line(APP, null, Instant.EPOCH, text));
    selection.added();
  }

  private void finish() {
    while (selection.work(Duration.ofSeconds(1))) {
      // There is an end.
    }
  }

  /** All that pass, upwards; the same must be found downwards. */
  private List<Long> passing() {
    LongStream.Builder up = LongStream.builder();
    for (long at = selection.next(0); at >= 0; at = selection.next(at + 1)) {
      up.add(at);
    }
    List<Long> found = up.build().boxed().toList();
    LongStream.Builder down = LongStream.builder();
    for (long at = selection.previous(Long.MAX_VALUE); at >= 0; at = selection.previous(at - 1)) {
      down.add(at);
    }
    assertEquals(found, down.build().boxed().sorted().toList());
    return found;
  }

  private List<Long> expected() {
    return LongStream.range(kept.from(), kept.to()).filter(at -> selection.sieve().passes(kept.get(at))).boxed().toList();
  }

  @Test
  void what_comes_is_selected_as_it_comes() {
    selection.begin(HITS, 0);
    add("hit");
    add("miss");
    add("hit");

    assertTrue(selection.isDone());
    assertEquals(List.of(0L, 2L), passing());
  }

  @Test
  void it_goes_outwards_from_where_one_is() {
    for (int i = 0; i < 1000; i++) {
      add("hit " + i);
    }
    selection.begin(HITS, 500);
    selection.work(Duration.ZERO);

    assertFalse(selection.isDone());
    List<Long> found = passing();
    assertTrue(found.getFirst() < 500 && found.getLast() >= 500 && found.size() < 100, found::toString);
    assertEquals(found.size() / 10, selection.percent());
    finish();
    assertEquals(expected(), passing());
  }

  @Test
  void lines_that_come_before_it_is_done_are_not_forgotten() {
    for (int i = 0; i < 1000; i++) {
      add("hit " + i);
    }
    selection.begin(HITS, 0);
    selection.work(Duration.ZERO);
    add("miss");
    add("last hit");
    finish();

    assertEquals(1001, selection.count());
    assertEquals(expected(), passing());
  }

  @Test
  void whatever_comes_and_is_dropped_it_holds_what_a_look_at_all_would() {
    Random random = new Random(1);
    for (int round = 0; round < 60; round++) {
      int lines = random.nextInt(3000);
      for (int i = 0; i < lines; i++) {
        add((random.nextInt(7) == 0 ? "hit " : "miss ") + "x".repeat(random.nextInt(100)));
      }
      if (random.nextInt(3) == 0) {
        selection.begin(random.nextBoolean() ? HITS : Sieve.OPEN, random.nextLong(kept.to() + 1));
        selection.work(Duration.ZERO);
      }
      if (random.nextInt(4) > 0) {
        finish();
        List<Long> expected = expected();
        assertEquals(expected, passing());
        assertEquals(expected.size(), selection.count());
        long from = random.nextLong(kept.to() + 1);
        long to = from + random.nextInt(300);
        assertEquals(expected.stream().filter(at -> at >= from && at < to).count(), selection.count(from, to));
      }
    }
    assertTrue(kept.dropped() > 0);
  }
}

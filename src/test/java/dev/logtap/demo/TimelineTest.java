package dev.logtap.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each second plans itself and what comes half a second and three seconds later. */
class TimelineTest {
  private static final Instant BEGIN = Instant.parse("2026-11-23T01:02:03Z");

  private final Timeline<Instant> timeline = timeline();

  private static Timeline<Instant> timeline() {
    return new Timeline<>(
        (second, into) -> {
          into.add(second.plusSeconds(3));
          into.add(second);
          into.add(second.plusMillis(500));
        },
        time -> time,
        BEGIN);
  }

  private static Instant at(double seconds) {
    return BEGIN.plusNanos((long) (seconds * 1e9));
  }

  @Test
  void what_happens_comes_once_and_in_the_order_of_time() {
    assertEquals(List.of(at(0)), timeline.until(at(0.4)));
    assertEquals(List.of(at(0.5), at(1), at(1.5), at(2), at(2.5)), timeline.until(at(2.9)));
    assertEquals(List.of(), timeline.until(at(2.9)));
    assertEquals(List.of(at(3), at(3)), timeline.until(at(3)));
  }

  @Test
  void what_was_added_first_comes_first_of_what_happens_at_once() {
    Timeline<String> words = new Timeline<>((_, into) -> List.of("a", "b", "c").forEach(into::add), _ -> BEGIN, BEGIN);

    assertEquals(List.of("a", "b", "c"), words.until(BEGIN));
  }

  @Test
  void next_look_is_when_something_happens_or_has_to_be_planned() {
    timeline.until(at(0));
    assertEquals(at(0.5), timeline.next());
    timeline.until(at(0.5));
    assertEquals(at(1), timeline.next());
  }

  @Test
  void machine_that_has_slept_for_hours_goes_on_with_the_present() {
    timeline.until(at(1));
    Instant woken = BEGIN.plus(Duration.ofHours(8));

    assertEquals(List.of(woken), timeline.until(woken));
  }

  @Test
  void machine_that_has_slept_for_minutes_leaves_nothing_out() {
    List<Instant> awake = new ArrayList<>();
    for (int second = 0; second <= 500; second++) {
      awake.addAll(timeline.until(at(second)));
    }

    assertEquals(awake, timeline().until(at(500)));
  }

  @Test
  void clock_that_is_set_back_does_not_silence_it() {
    timeline.until(at(1));
    Instant earlier = BEGIN.minus(Duration.ofHours(1));

    assertEquals(List.of(earlier), timeline.until(earlier));
    assertTrue(timeline.next().isBefore(earlier.plusSeconds(1)));
  }
}

package dev.logtap.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.log.LogName;
import dev.logtap.render.Source;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeptTest {
  private static final Source APP = Source.log(new LogName("app"));
  private static final Source WEB = Source.log(new LogName("web"));

  private static Line line(String text) {
    return new Line(APP, null, Instant.EPOCH, text);
  }

  /** Those numbered {@code [first, end)} that are there. */
  private static List<Line> between(Kept kept, long first, long end) {
    return LongStream.range(Math.max(kept.from(), first), Math.min(kept.to(), end)).mapToObj(kept::get).toList();
  }

  @Test
  void line_is_given_back_as_it_was() {
    Kept kept = new Kept(1 << 20);
    List<Line> lines =
        List.of(
            new Line(APP, Level.ERROR, Instant.ofEpochSecond(1_800_000_000), "one"),
            new Line(WEB, null, Instant.EPOCH, ""),
            new Line(null, null, Instant.ofEpochSecond(-1), "ours \u00fc\u65e5\ud83d\ude00"),
            new Line(APP, Level.DEBUG, Instant.EPOCH, "last"));
    lines.forEach(kept::add);

    assertEquals(lines, between(kept, 0, 9));
    assertEquals(lines.subList(1, 3), between(kept, 1, 3));
  }

  @Test
  void numbers_stay_when_the_oldest_fall_out() {
    Kept kept = new Kept(1 << 20);
    for (int i = 0; i < 100_000; i++) {
      kept.add(line("line " + i));
    }

    assertEquals(100_000, kept.to());
    assertEquals(kept.from(), kept.dropped());
    assertTrue(kept.from() > 0);
    for (long i = kept.from(); i < kept.to(); i++) {
      assertEquals("line " + i, kept.get(i).text());
    }
  }

  @Test
  void bound_is_nearly_used() {
    Kept kept = new Kept(1 << 20);
    for (int i = 0; i < 100_000; i++) {
      kept.add(line("x".repeat(86)));
    }

    // Each with a slot of 14 bytes; a new page is not full yet.
    long bytes = 100 * (kept.to() - kept.from());
    assertTrue(bytes <= 1 << 20 && bytes > 15 * (64 << 10) - 1600, () -> bytes + " bytes");
  }

  @Test
  void line_that_is_larger_than_the_bound_is_kept_alone() {
    Kept kept = new Kept(1 << 20);
    kept.add(line("small"));
    kept.add(line("x".repeat(2 << 20)));

    assertEquals(1, kept.from());
    assertEquals(2 << 20, kept.get(1).text().length());
    kept.add(line("next"));
    assertEquals(List.of(line("next")), between(kept, 0, 9));
  }

  @Test
  void what_is_cleared_is_gone_and_was_not_dropped() {
    Kept kept = new Kept(1 << 20);
    kept.add(line("one"));
    kept.clear();
    assertEquals(1, kept.from());
    assertEquals(1, kept.to());
    kept.add(line("two"));

    assertEquals(List.of(line("two")), between(kept, 0, 9));
    assertEquals(0, kept.dropped());
  }
}

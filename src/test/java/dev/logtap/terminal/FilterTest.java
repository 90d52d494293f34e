package dev.logtap.terminal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;

class FilterTest {
  @Test
  void text_is_looked_for_in_any_case_and_as_it_is() {
    assertTrue(Filter.of("TIME.out").matches("a time.OUT b"));
    assertFalse(Filter.of("time.out").matches("timeout"));
    assertTrue(Filter.of("\u00dc").matches("\u00fcml\u00e4ut"));
  }

  @Test
  void expression_stands_between_slashes() {
    assertTrue(Filter.of("/^a.c$/").matches("abc"));
    assertFalse(Filter.of("/^a.c$/").matches("ABC"));
    assertTrue(Filter.of("/api").matches("GET /api"));
  }

  @Test
  void nothing_and_a_slash_that_may_begin_an_expression_are_no_filter() {
    assertNull(Filter.of(""));
    assertNull(Filter.of("/"));
  }

  @Test
  void expression_with_a_mistake_is_refused() {
    assertThrows(PatternSyntaxException.class, () -> Filter.of("/(/"));
  }

  @Test
  void expression_that_would_look_for_ever_finds_nothing() {
    Filter filter = Filter.of("/(a+)+b/");

    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertFalse(filter.matches("a".repeat(10_000))));
    assertFalse(Filter.of("/(a|b)*c/").matches("ab".repeat(500_000)));
  }
}

package dev.logtap.terminal;

import dev.logtap.render.Source;
import java.util.HashSet;
import java.util.Set;

/**
 * Which lines are shown.
 *
 * @param filter null for all
 * @param level the least; null for all
 * @param hidden whose lines are not
 */
record Sieve(Filter filter, Level level, Set<Source> hidden) {
  static final Sieve OPEN = new Sieve(null, null, Set.of());

  Sieve withFilter(Filter newFilter) {
    return new Sieve(newFilter, level, hidden);
  }

  /** With the next higher level, and after the highest with all. */
  Sieve withNextLevel() {
    Level next = level == null ? Level.INFO : level == Level.ERROR ? null : Level.values()[level.ordinal() + 1];
    return new Sieve(filter, next, hidden);
  }

  /** Hides a source, or shows it again. */
  Sieve toggled(Source source) {
    Set<Source> others = new HashSet<>(hidden);
    if (!others.remove(source)) {
      others.add(source);
    }
    return new Sieve(filter, level, Set.copyOf(others));
  }

  /** Whether a line is shown; a sentence of ours always is. */
  boolean passes(Line line) {
    return line.source() == null || isChosen(line) && (filter == null || filter.matches(line.text()));
  }

  /** Whether a line is what the filter, which there is, looks for. */
  boolean isMatch(Line line) {
    return line.source() != null && isChosen(line) && filter.matches(line.text());
  }

  private boolean isChosen(Line line) {
    // What has no level, the rest of a stack trace for example, is no reason to hide it.
    return !hidden.contains(line.source()) && (level == null || line.level() == null || line.level().compareTo(level) >= 0);
  }
}

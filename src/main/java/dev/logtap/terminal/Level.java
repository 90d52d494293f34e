package dev.logtap.terminal;

import java.util.Locale;

/** How much a line asks for attention, from the least on. */
enum Level {
  DEBUG,
  INFO,
  WARN,
  ERROR;

  /** A line names its level at its beginning, if at all. */
  private static final int BEGINNING = 160;

  private static final int LONGEST_WORD = 8;
  private static final String NAME = "level";

  /** Of a severity as it is called; null where that says nothing. */
  static Level of(String severity) {
    return switch (severity.toLowerCase(Locale.ROOT)) {
      case "trace", "debug" -> DEBUG;
      case "info", "notice" -> INFO;
      case "warn", "warning" -> WARN;
      case "error", "err", "fatal", "critical", "crit", "alert", "emerg", "panic" -> ERROR;
      default -> null;
    };
  }

  /**
   * Of a log's line, as far as that can be seen: a word in capitals, in brackets, or behind {@code level}. Null where
   * there is none. Heuristic: a message that shouts ERROR at its beginning counts as one.
   */
  static Level in(String line) {
    int end = Math.min(line.length(), BEGINNING);
    for (int from = 0; from < end; from++) {
      if (!isLetter(line.charAt(from)) || from > 0 && isLetter(line.charAt(from - 1))) {
        continue;
      }
      int to = from + 1;
      while (to < line.length() && to - from <= LONGEST_WORD && isLetter(line.charAt(to))) {
        to++;
      }
      if (to - from >= 3 && to - from <= LONGEST_WORD && isMeant(line, from, to)) {
        Level level = of(line.substring(from, to));
        if (level != null) {
          return level;
        }
      }
      from = to - 1;
    }
    return null;
  }

  private static boolean isMeant(String line, int from, int to) {
    if (isCapital(line.charAt(from)) && isCapital(line.charAt(from + 1)) && isCapital(line.charAt(to - 1))) {
      return true;
    }
    boolean bracketed = from > 0 && line.charAt(from - 1) == '[' && to < line.length() && line.charAt(to) == ']';
    return bracketed || isNamed(line, from);
  }

  /** Whether {@code level=}, {@code "level":"} or the like stands before it. */
  private static boolean isNamed(String line, int from) {
    int end = from;
    while (end > 0 && "\"=: ".indexOf(line.charAt(end - 1)) >= 0) {
      end--;
    }
    return end < from && end >= NAME.length() && line.regionMatches(true, end - NAME.length(), NAME, 0, NAME.length());
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || isCapital(c);
  }

  private static boolean isCapital(char c) {
    return c >= 'A' && c <= 'Z';
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

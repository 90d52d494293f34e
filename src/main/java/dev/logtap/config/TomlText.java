package dev.logtap.config;

import java.util.Arrays;

/**
 * A config file's text without most of its long runs of comments and empty lines: the parser's time
 * grows with the cube of such a run, and a file of a thousand commented defaults would take seconds.
 */
final class TomlText {
  private static final int LONGEST_RUN = 20;

  private final StringBuilder kept = new StringBuilder();

  /** The file's line of each line that was kept. */
  private int[] lines = new int[64];

  private int count;

  TomlText(String text) {
    // In a string of several lines what looks like a comment is none.
    boolean severalLines = text.contains("\"\"\"") || text.contains("'''");
    int run = 0;
    int line = 1;
    for (int from = 0; from < text.length(); line++) {
      int newline = text.indexOf('\n', from);
      int to = newline < 0 ? text.length() : newline + 1;
      run = says(text, from, to) ? 0 : run + 1;
      if (severalLines || run <= LONGEST_RUN) {
        keep(line, text, from, to);
      }
      from = to;
    }
  }

  /** What to parse. */
  String kept() {
    return kept.toString();
  }

  /** Where a line of what was parsed stands in the file. */
  int lineOf(int parsed) {
    return parsed <= count ? lines[parsed - 1] : count == 0 ? 1 : lines[count - 1] + parsed - count;
  }

  private void keep(int line, String text, int from, int to) {
    if (count == lines.length) {
      lines = Arrays.copyOf(lines, 2 * count);
    }
    lines[count++] = line;
    kept.append(text, from, to);
  }

  /** Whether the line is neither empty nor a comment. */
  private static boolean says(String text, int from, int to) {
    int i = from;
    while (i < to && (text.charAt(i) == ' ' || text.charAt(i) == '\t' || text.charAt(i) == '\r')) {
      i++;
    }
    return i < to && text.charAt(i) != '\n' && text.charAt(i) != '#';
  }
}

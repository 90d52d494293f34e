package dev.logtap.cli;

import java.util.Collection;

/** Finds what was probably meant by a mistyped word. */
final class Suggestion {
  /** Two slips, of which one may be a swap of neighbours, are still the same word. */
  private static final int MOST_SLIPS = 2;

  private Suggestion() {}

  /** {@code did you mean 'tail'? }, or nothing where no candidate is like the word. */
  static String of(String word, Collection<String> candidates) {
    String best = null;
    int least = Math.min(MOST_SLIPS, word.length() - 1) + 1;
    for (String candidate : candidates) {
      int slips = slips(word, candidate);
      if (slips < least) {
        least = slips;
        best = candidate;
      }
    }
    return best == null ? "" : "did you mean '" + best + "'? ";
  }

  /** The Damerau-Levenshtein distance: letters left out, put in, changed, or swapped with the next. */
  private static int slips(String a, String b) {
    int[][] distance = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          distance[i][j] = i + j;
          continue;
        }
        int changed = distance[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        distance[i][j] = Math.min(changed, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
        boolean swapped =
            i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          distance[i][j] = Math.min(distance[i][j], 1 + distance[i - 2][j - 2]);
        }
      }
    }
    return distance[a.length()][b.length()];
  }
}

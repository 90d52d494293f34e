package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a run says on stderr. */
final class Sentence {
  private Sentence() {}

  /** It is one line, begins with the program's name, and holds all the words. */
  static void expect(Logtap run, String... words) {
    assertTrue(run.err().matches("logtap: [^\\n]+\\n"), run::toString);
    for (String word : words) {
      assertTrue(run.err().contains(word), () -> word + " in\n" + run);
    }
  }
}

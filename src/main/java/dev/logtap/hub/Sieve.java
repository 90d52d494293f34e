package dev.logtap.hub;

import dev.logtap.log.Needle;
import dev.logtap.log.Reading.Lines;

/**
 * Lets those lines through that one client wants. Knows which parts belong to one line: when a part has passed,
 * so do those after it. Used by one thread at a time.
 */
final class Sieve {
  /** Null where all pass. */
  private final Needle needle;

  /** Whether the last lines ended in the middle of one. */
  private boolean inLine;

  /** Whether what passed last goes on in what comes next. */
  private boolean goesOn;

  Sieve(Needle needle) {
    this.needle = needle;
  }

  /** One that stands where this does, for another text. */
  Sieve lookingFor(Needle other) {
    Sieve sieve = new Sieve(other);
    sieve.inLine = inLine;
    sieve.goesOn = goesOn;
    return sieve;
  }

  /** Another one that stands where this does. */
  Sieve copy() {
    return lookingFor(needle);
  }

  /** Whether what passed last goes on in what comes next. */
  boolean goesOn() {
    return goesOn;
  }

  /** Whether the last lines ended in the middle of one. */
  boolean inLine() {
    return inLine;
  }

  /** Notes that everything has passed up to a place, which may be in the middle of a line. */
  void passedAll(boolean nowInLine) {
    inLine = nowInLine;
    goesOn = nowInLine;
  }

  /** Notes that something was skipped up to a place, which may be in the middle of a line. */
  void skipped(boolean nowInLine) {
    inLine = nowInLine;
    goesOn = false;
  }

  /** Adds to {@code message} what passes; whether anything did. */
  boolean pass(Lines lines, Encoding message) {
    boolean continues = inLine;
    inLine = lines.partial();
    if (needle == null) {
      goesOn = inLine;
      message.add(lines);
      return true;
    }
    boolean passed = false;
    boolean mustPass = continues && goesOn;
    goesOn = false;
    byte[] bytes = lines.bytes();
    for (int from = lines.from(); from < lines.to(); ) {
      int end = from;
      while (end < lines.to() && bytes[end] != '\n') {
        end++;
      }
      int to = Math.min(end + 1, lines.to());
      boolean part = lines.partial() && to == lines.to();
      if (mustPass || needle.isIn(bytes, from, end)) {
        message.add(new Lines(bytes, from, to, part));
        passed = true;
        goesOn = part;
      }
      mustPass = false;
      from = to;
    }
    return passed;
  }
}

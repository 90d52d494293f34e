package dev.logtap.terminal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What lines have to hold to be shown: a text, case ignored, or what a regular expression finds that stands between two
 * slashes.
 *
 * @param typed as it was typed
 */
record Filter(String typed, Pattern pattern) {
  /**
   * How often an expression may look at the characters of one line, and besides at each of them: those that would look for
   * ever find nothing. It is so little that all lines of a screen can be looked at before one who pressed a key gets impatient.
   */
  private static final int LOOKS = 100_000;

  private static final int LOOKS_AT_EACH = 16;

  /**
   * Of what was typed; null for all lines.
   *
   * @throws PatternSyntaxException where it is an expression with a mistake
   */
  static Filter of(String typed) {
    if (typed.isEmpty() || typed.equals("/")) {
      return null;
    }
    if (typed.length() > 2 && typed.startsWith("/") && typed.endsWith("/")) {
      return new Filter(typed, Pattern.compile(typed.substring(1, typed.length() - 1)));
    }
    return ofText(typed);
  }

  /** Of a text, whatever it looks like. */
  static Filter ofText(String text) {
    return new Filter(text, Pattern.compile(text, Pattern.LITERAL | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
  }

  boolean matches(String text) {
    return next(matcher(text));
  }

  Matcher matcher(String text) {
    return pattern.matcher(new Watched(text));
  }

  /** Whether there is another match. */
  static boolean next(Matcher matcher) {
    try {
      return matcher.find();
    } catch (TooManyLooksException | StackOverflowError _) {
      return false;
    }
  }

  private static final class TooManyLooksException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManyLooksException() {
      super("an expression that would take too long", null, false, false);
    }
  }

  /** A text that may be looked at so often only. */
  private static final class Watched implements CharSequence {
    private final String text;
    private int left;

    Watched(String text) {
      this.text = text;
      this.left = LOOKS + LOOKS_AT_EACH * text.length();
    }

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw new TooManyLooksException();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return text.subSequence(from, to);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}

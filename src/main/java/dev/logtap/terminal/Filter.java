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
  /** How often an expression may look at a character of one line: those that would look for ever find nothing. */
  private static final int MOST_LOOKS = 2_000_000;

  /**
   * Of what was typed; null for all lines.
   *
   * @throws PatternSyntaxException where it is an expression with a mistake
   */
  static Filter of(String typed) {
    if (typed.isEmpty() || typed.equals("/")) {
      return null;
    }
    boolean expression = typed.length() > 2 && typed.startsWith("/") && typed.endsWith("/");
    Pattern pattern =
        expression
            ? Pattern.compile(typed.substring(1, typed.length() - 1))
            : Pattern.compile(typed, Pattern.LITERAL | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    return new Filter(typed, pattern);
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

  /** A text that counts how often it is looked at. */
  private static final class Watched implements CharSequence {
    private final String text;
    private int looks;

    Watched(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++looks > MOST_LOOKS) {
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

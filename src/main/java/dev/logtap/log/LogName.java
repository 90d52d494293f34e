package dev.logtap.log;

/**
 * The name by which a log is asked for: {@code [a-z0-9][a-z0-9._-]{0,63}}. Clients give names, never
 * paths, so a name can hold nothing that means something to a file system or a URL.
 */
public record LogName(String value) implements Comparable<LogName> {
  private static final int LONGEST = 64;

  /** What a name looks like, for error sentences. */
  public static final String RULE =
      "a name is 1 to 64 of a-z, 0-9, '.', '_' and '-', begins with a letter or digit, and is not 'railway'";

  public LogName {
    if (!isValid(value)) {
      throw new IllegalArgumentException(RULE);
    }
  }

  /** Whether {@code text} can name a log. {@code railway} is kept for relay targets. */
  public static boolean isValid(String text) {
    if (text.isEmpty() || text.length() > LONGEST || text.equals("railway")) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean alphanumeric = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
      boolean mark = c == '.' || c == '_' || c == '-';
      if (!alphanumeric && !(mark && i > 0)) {
        return false;
      }
    }
    return true;
  }

  // Written out, because those that records are given are bound at run time: that costs 10 ms at first use.

  @Override
  public boolean equals(Object other) {
    return other instanceof LogName name && value.equals(name.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public int compareTo(LogName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}

package dev.logtap.protocol;

import java.util.Arrays;

/**
 * Reads one JSON text (RFC 8259) from begin to end, strictly. Used by one thread.
 *
 * <p>Jackson would do, but its parser needs BigDecimal, whose tables take 26 ms to make (JDK 25): a third of the start of
 * {@code watch}. This reads no numbers, and copies them as they stand.
 */
final class JsonScanner {
  /** Nobody nests so deep, and each level costs stack. */
  private static final int DEEPEST = 200;

  private final String text;
  private int at;

  /** The last string that was read, decoded. */
  private char[] chars = new char[256];

  private int length;

  JsonScanner(String text) {
    this.text = text;
  }

  /** The next character that is no white space; 0 at the end. */
  char peek() {
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  /** Whether this character comes next, which is passed then. */
  boolean passes(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  void expect(char c) throws UnreadableMessageException {
    if (!passes(c)) {
      throw wrong();
    }
  }

  void expectEnd() throws UnreadableMessageException {
    if (peek() != 0 || at < text.length()) {
      throw wrong();
    }
  }

  static UnreadableMessageException wrong() {
    return new UnreadableMessageException("the message is not JSON");
  }

  /** Reads a string; it is in {@link #chars} up to {@link #length} then. */
  void readString() throws UnreadableMessageException {
    expect('"');
    length = 0;
    while (true) {
      char c = next();
      if (c == '"') {
        return;
      }
      if (c < ' ') {
        throw wrong();
      }
      if (length == chars.length) {
        chars = Arrays.copyOf(chars, 2 * length);
      }
      chars[length++] = c == '\\' ? escaped() : c;
    }
  }

  private char next() throws UnreadableMessageException {
    if (at == text.length()) {
      throw wrong();
    }
    return text.charAt(at++);
  }

  private char escaped() throws UnreadableMessageException {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hex();
      default -> throw wrong();
    };
  }

  private char hex() throws UnreadableMessageException {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      char c = next();
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw wrong();
      }
      value = value << 4 | digit;
    }
    return (char) value;
  }

  char[] chars() {
    return chars;
  }

  int length() {
    return length;
  }

  String string() throws UnreadableMessageException {
    readString();
    return last();
  }

  /** The last string that was read. */
  String last() {
    return new String(chars, 0, length);
  }

  /** Reads a string, and adds it as it stands. */
  void copyString(StringBuilder to) throws UnreadableMessageException {
    peek();
    int from = at;
    readString();
    to.append(text, from, at);
  }

  /** Passes any value. */
  void skipValue() throws UnreadableMessageException {
    copyValue(null, 0);
  }

  /** Passes any value, and adds it as it stands, but for white space. */
  void copyValue(StringBuilder to) throws UnreadableMessageException {
    copyValue(to, 0);
  }

  private void copyValue(StringBuilder to, int depth) throws UnreadableMessageException {
    if (depth == DEEPEST) {
      throw new UnreadableMessageException("the message is nested too deep");
    }
    char first = peek();
    int from = at;
    switch (first) {
      case '{', '[' -> {
        copyAll(to, depth, first == '{');
        return;
      }
      case '"' -> readString();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
    if (to != null) {
      to.append(text, from, at);
    }
  }

  private void copyAll(StringBuilder to, int depth, boolean object) throws UnreadableMessageException {
    char end = object ? '}' : ']';
    char separator = text.charAt(at++);
    if (passes(end)) {
      append(to, separator);
      append(to, end);
      return;
    }
    do {
      append(to, separator);
      separator = ',';
      if (object) {
        peek();
        int from = at;
        readString();
        if (to != null) {
          to.append(text, from, at);
        }
        expect(':');
        append(to, ':');
      }
      copyValue(to, depth + 1);
    } while (passes(','));
    expect(end);
    append(to, end);
  }

  private static void append(StringBuilder to, char c) {
    if (to != null) {
      to.append(c);
    }
  }

  private void word(String word) throws UnreadableMessageException {
    if (!text.startsWith(word, at)) {
      throw wrong();
    }
    at += word.length();
  }

  private void number() throws UnreadableMessageException {
    passesHere('-');
    if (!passesHere('0')) {
      digits();
    }
    if (passesHere('.')) {
      digits();
    }
    if (passesHere('e') || passesHere('E')) {
      if (!passesHere('+')) {
        passesHere('-');
      }
      digits();
    }
  }

  private void digits() throws UnreadableMessageException {
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == from) {
      throw wrong();
    }
  }

  private boolean passesHere(char c) {
    if (at == text.length() || text.charAt(at) != c) {
      return false;
    }
    at++;
    return true;
  }
}

package dev.logtap.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of a manual in the language of mdoc(7), from words of the command model. */
final class Mdoc {
  /** Quoted words, options and variables; an apostrophe within a word quotes nothing. */
  private static final Pattern MARKED =
      Pattern.compile("(?<![A-Za-z])'(?<quoted>[^']+)'(?![A-Za-z])|(?<!\\S)--(?<option>[a-z][a-z-]*)|\\b(?<variable>[A-Z]+(?:_[A-Z]+)+)\\b");

  private final StringBuilder page = new StringBuilder();

  Mdoc line(String line) {
    page.append(line).append('\n');
    return this;
  }

  /** A sentence or several, each on a line of its own; what stands for something else than itself is marked. */
  Mdoc sentences(String text) {
    for (String sentence : text.split("(?<=[.]) (?=[A-Z])")) {
      sentence(sentence);
    }
    return this;
  }

  private void sentence(String sentence) {
    Matcher marked = MARKED.matcher(sentence);
    int at = 0;
    while (marked.find()) {
      String before = sentence.substring(at, marked.start());
      boolean opened = before.endsWith("(");
      words(opened ? before.substring(0, before.length() - 1) : before);
      int end = marked.end();
      StringBuilder closing = new StringBuilder();
      while (end < sentence.length() && ".,;:)".indexOf(sentence.charAt(end)) >= 0) {
        closing.append(' ').append(sentence.charAt(end++));
      }
      line(macro(marked, opened ? "( " : "") + closing);
      at = end;
    }
    words(sentence.substring(at));
  }

  private static String macro(Matcher marked, String opening) {
    if (marked.group("option") != null) {
      return ".Fl " + opening + "-" + marked.group("option");
    }
    return marked.group("variable") != null
        ? ".Ev " + opening + marked.group("variable")
        : ".Ql " + opening + '"' + marked.group("quoted") + '"';
  }

  private void words(String words) {
    if (!words.isBlank()) {
      line(escaped(words.strip()));
    }
  }

  /** What a value is called: words that are meant as they are, and names for others, one of which it is. */
  static String value(String label) {
    StringBuilder value = new StringBuilder();
    for (String choice : label.split("\\|")) {
      value.append(value.isEmpty() ? "" : " Ns | Ns ").append(Character.isUpperCase(choice.charAt(0)) ? "Ar " : "Cm ").append(choice);
    }
    return value.toString();
  }

  /** Text as it is, in a place where a formatter would take hyphens and quotes for signs of typography. */
  static String literal(String line) {
    String text =
        line.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga").replace("^", "\\(ha").replace("~", "\\(ti");
    return text.startsWith(".") ? "\\&" + text : text;
  }

  private static String escaped(String text) {
    String safe = text.replace("\\", "\\e");
    return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
  }

  @Override
  public String toString() {
    return page.toString();
  }
}

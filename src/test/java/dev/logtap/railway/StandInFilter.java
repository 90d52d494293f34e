package dev.logtap.railway;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Railway's filter language, as far as a relay has to do with it: words, {@code "phrases"}, {@code @service:ID} and
 * its like, {@code AND} (also left out), {@code OR}, {@code -} and parentheses.
 */
final class StandInFilter {
  private static final Pattern TOKEN = Pattern.compile("[()]|-(?=\\S)|(?:@\\w+:)?\"[^\"]*\"|[^\\s()]+");

  private final List<String> tokens = new ArrayList<>();
  private int next;

  private StandInFilter(String text) {
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      tokens.add(token.group());
    }
  }

  /** @param text null or empty for all rows */
  static Predicate<StandInRow> parse(String text) {
    if (text == null || text.isBlank()) {
      return _ -> true;
    }
    StandInFilter filter = new StandInFilter(text);
    Predicate<StandInRow> all = filter.either();
    if (filter.next < filter.tokens.size()) {
      throw new StandInRefusal("Invalid filter");
    }
    return all;
  }

  private Predicate<StandInRow> either() {
    Predicate<StandInRow> left = both();
    while (take("OR")) {
      left = left.or(both());
    }
    return left;
  }

  private Predicate<StandInRow> both() {
    Predicate<StandInRow> left = one();
    while (next < tokens.size() && !tokens.get(next).equals("OR") && !tokens.get(next).equals(")")) {
      take("AND");
      left = left.and(one());
    }
    return left;
  }

  private Predicate<StandInRow> one() {
    if (take("-")) {
      return one().negate();
    }
    if (take("(")) {
      Predicate<StandInRow> inner = either();
      if (!take(")")) {
        throw new StandInRefusal("Invalid filter");
      }
      return inner;
    }
    if (next == tokens.size()) {
      throw new StandInRefusal("Invalid filter");
    }
    return term(tokens.get(next++));
  }

  private boolean take(String token) {
    boolean there = next < tokens.size() && tokens.get(next).equals(token);
    next += there ? 1 : 0;
    return there;
  }

  private static Predicate<StandInRow> term(String token) {
    int colon = token.startsWith("@") ? token.indexOf(':') : -1;
    String value = token.substring(colon + 1).replace("\"", "");
    String name = token.substring(0, Math.max(0, colon));
    return switch (name) {
      case "" -> row -> row.message().contains(value);
      case "@service" -> row -> row.tagged() && value.equals(row.serviceId());
      case "@deployment" -> row -> row.tagged() && value.equals(row.deploymentId());
      case "@replica" -> row -> row.tagged() && value.equals(row.deploymentInstanceId());
      case "@level" -> row -> value.equals(row.severity());
      default ->
          row ->
              row.attributes().stream()
                  .anyMatch(a -> name.equals("@" + a.getKey()) && value.equals(a.getValue().replace("\"", "")));
    };
  }
}

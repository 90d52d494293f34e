package dev.logtap.config;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * One setting: its flag's name, how its text is read, and what it is when nobody says anything.
 *
 * @param name the long flag without dashes; the environment variable and the key in the file follow
 *     from it
 * @param expected what the text has to be, for error sentences
 * @param parse throws IllegalArgumentException for anything else
 */
public record Setting<T>(String name, String expected, Function<String, T> parse, T fallback) {

  /** A setting that is on or off. */
  public static Setting<Boolean> flag(String name) {
    return new Setting<>(name, "true or false", Setting::parseFlag, false);
  }

  /** A setting that is one of a few words. */
  public static Setting<String> oneOf(String name, List<String> words, String fallback) {
    return new Setting<>(
        name,
        "one of " + String.join(", ", words),
        text -> {
          if (!words.contains(text)) {
            throw new IllegalArgumentException(text);
          }
          return text;
        },
        fallback);
  }

  private static boolean parseFlag(String text) {
    return switch (text) {
      case "true", "yes", "1" -> true;
      case "false", "no", "0" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  /** {@code LOGTAP_MAX_CONNECTIONS} for {@code max-connections}. */
  public String variable() {
    return variableOf(name);
  }

  static String variableOf(String flag) {
    return "LOGTAP_" + flag.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}

package dev.logtap.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
 * @param purpose what the manual says of a setting that has no flag; null where the flag's help says it
 */
public record Setting<T>(
    String name, String expected, Kind kind, Function<String, T> parse, T fallback, String purpose) {
  /** More digits would be no sensible value, and overflow. */
  private static final int MOST_DIGITS = 9;

  /** What the config file may have for it, where a flag and a variable always bring a text. */
  public enum Kind {
    TEXT,
    /** Also an array of texts. */
    LIST,
    /** Begins where the file lies. */
    PATH
  }

  /** A setting that is one text everywhere. */
  public Setting(String name, String expected, Function<String, T> parse, T fallback) {
    this(name, expected, Kind.TEXT, parse, fallback, null);
  }

  /** This setting, for a manual that has no flag to tell of. */
  public Setting<T> withoutFlag(String purpose) {
    return new Setting<>(name, expected, kind, parse, fallback, purpose);
  }

  /** The names of these settings, which are the keys of a table in the config file. */
  public static List<String> names(List<Setting<?>> settings) {
    List<String> names = new ArrayList<>();
    for (Setting<?> setting : settings) {
      names.add(setting.name());
    }
    return names;
  }

  /** A setting that is any text but the empty one. */
  public static Setting<String> text(String name, String expected, String fallback) {
    return new Setting<>(name, expected, Setting::parseText, fallback);
  }

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

  /** A setting that is given several times, or by commas, or as an array; an empty text is an empty list. */
  public static <E> Setting<List<E>> list(
      String name, String expected, Function<String, E> parse, List<E> fallback) {
    return new Setting<>(name, expected + ", several by commas", Kind.LIST, text -> parseList(text, parse), fallback, null);
  }

  /** A setting that names a file. */
  public static Setting<Path> path(String name, Path fallback) {
    return new Setting<>(name, "the path of a file", Kind.PATH, text -> Path.of(parseText(text)), fallback, null);
  }

  /** A setting that is a time span longer than none. */
  public static Setting<Duration> duration(String name, Duration fallback) {
    return new Setting<>(
        name, "a time span above 0, such as 500ms, 10s, 5m, 8h or 2d", Setting::parseDuration, fallback);
  }

  /** A setting that is a whole number within bounds, which belong to it. */
  public static Setting<Integer> number(String name, int least, int most, int fallback) {
    return new Setting<>(
        name,
        "a whole number from " + least + " to " + most,
        text -> (int) within(least, most, parseDigits(text)),
        fallback);
  }

  /** A setting that is a number of bytes within bounds, which belong to it. */
  public static Setting<Long> size(String name, long least, long most, long fallback) {
    return new Setting<>(
        name,
        "a number of bytes from " + least + " to " + most + ", such as 65536, 64KiB or 1MiB",
        text -> within(least, most, parseSize(text)),
        fallback);
  }

  private static String parseText(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("empty");
    }
    return text;
  }

  private static <E> List<E> parseList(String text, Function<String, E> parse) {
    List<E> items = new ArrayList<>();
    if (!text.isEmpty()) {
      for (String item : text.split(",", -1)) {
        items.add(parse.apply(parseText(item.strip())));
      }
    }
    return List.copyOf(items);
  }

  private static Duration parseDuration(String text) {
    String unit = text.replaceFirst("^[0-9]+", "");
    long number = parseDigits(text.substring(0, text.length() - unit.length()));
    if (number == 0) {
      throw new IllegalArgumentException(text);
    }
    return switch (unit) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static long parseSize(String text) {
    String unit = text.replaceFirst("^[0-9]+", "");
    long number = parseDigits(text.substring(0, text.length() - unit.length()));
    return switch (unit) {
      case "" -> number;
      case "KiB" -> number << 10;
      case "MiB" -> number << 20;
      case "GiB" -> number << 30;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static long parseDigits(String text) {
    // Long.parseLong would take signs, and the digits of all scripts.
    if (text.isEmpty() || text.length() > MOST_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException(text);
    }
    return Long.parseLong(text);
  }

  private static long within(long least, long most, long number) {
    if (number < least || number > most) {
      throw new IllegalArgumentException(Long.toString(number));
    }
    return number;
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

  /** The variable of a flag without dashes. */
  public static String variableOf(String flag) {
    return "LOGTAP_" + flag.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}

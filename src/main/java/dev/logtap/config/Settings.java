package dev.logtap.config;

import java.util.Map;

/**
 * The settings of one command: the flag, else the environment variable, else the config file, else the
 * default.
 */
public final class Settings {
  private final Map<String, String> flags;
  private final Map<String, String> environment;
  private final ConfigFile file;
  private final String table;

  /**
   * Combines the sources.
   *
   * @param flags by the long flag's name without dashes, only those that were given; one that was given
   *     several times by commas
   * @param table the command's table in the file
   */
  public Settings(Map<String, String> flags, Map<String, String> environment, ConfigFile file, String table) {
    this.flags = flags;
    this.environment = environment;
    this.file = file;
    this.table = table;
  }

  /**
   * What the setting is.
   *
   * @throws ConfigException where its text can't be read, with where that stands
   */
  public <T> T get(Setting<T> setting) {
    String flag = flags.get(setting.name());
    if (flag != null) {
      return parse(setting, flag, "--" + setting.name());
    }
    String variable = environment.get(setting.variable());
    if (variable != null && !variable.isEmpty()) {
      return parse(setting, variable, setting.variable());
    }
    ConfigFile.Entry entry = file.entry(table, setting.name());
    return entry == null ? setting.fallback() : parse(setting, text(setting, entry), entry.origin());
  }

  private static String text(Setting<?> setting, ConfigFile.Entry entry) {
    return switch (setting.kind()) {
      case TEXT -> entry.text(setting.expected());
      case LIST -> entry.list(setting.expected());
      case PATH -> entry.path(setting.expected());
    };
  }

  private static <T> T parse(Setting<T> setting, String text, String origin) {
    try {
      return setting.parse().apply(text);
    } catch (IllegalArgumentException _) {
      throw new ConfigException(origin + ": '" + withoutSecrets(text) + "' is not what was expected; give " + setting.expected());
    }
  }

  /** What was given, as it may be repeated: an address can hold a password or a token. */
  public static String withoutSecrets(String text) {
    return text.contains("://") ? text.replaceFirst("//.*@", "//...@").replaceFirst("\\?.*", "?...") : text;
  }
}

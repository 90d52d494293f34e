package dev.logtap.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The Railway environments that are relayed: their ids, by the names that clients may call them. */
public final class Environments {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final String RULE = "expected 1 to 64 of A-Z a-z 0-9 . _ -, the first a letter or digit";

  private Environments() {}

  /**
   * Those of the file's {@code [railway.environments]}, and those of this run; later ones replace earlier ones of the same
   * name. One without a name is called by its id.
   *
   * @param extra {@code ID} or {@code NAME=ID} each
   * @throws ConfigException where an entry is wrong, or this run gives a name to two
   */
  public static Map<String, String> of(ConfigFile file, List<String> extra) {
    file.expectKeys("railway", List.of("environments"));
    Map<String, String> environments = new TreeMap<>();
    ConfigFile.Entry table = file.entry("railway", "environments");
    if (table != null) {
      for (ConfigFile.Entry entry : table.table("a table, [railway.environments]")) {
        String id = entry.string("the id of an environment");
        if (!isName(entry.key()) || !isName(id)) {
          throw entry.wrong("'" + (isName(id) ? entry.key() : id) + "' can't be an environment; " + RULE);
        }
        environments.put(entry.key(), id);
      }
    }
    Map<String, String> ofThisRun = new TreeMap<>();
    for (String definition : extra) {
      int equals = definition.indexOf('=');
      String name = definition.substring(0, equals < 0 ? definition.length() : equals);
      String id = definition.substring(equals + 1);
      String other = ofThisRun.put(name, id);
      if (other != null && !other.equals(id)) {
        throw new ConfigException(
            "--environment: '" + name + "' can't be both " + other + " and " + id + "; give each name to one environment");
      }
    }
    environments.putAll(ofThisRun);
    return environments;
  }

  /** How the setting {@code environment} is read. */
  public static String parse(String text) {
    int equals = text.indexOf('=');
    if (equals >= 0 && !isName(text.substring(0, equals)) || !isName(text.substring(equals + 1))) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }
}

package dev.logtap.config;

import dev.logtap.log.AllowedLog;
import dev.logtap.log.LogName;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The logs that may be read, by name. Whoever starts the program decides what is on it, no client does. */
public final class Allowlist {
  private static final String ENTRY = "the path of a log, or { path = \"...\", symlink = true }";

  private final Map<String, AllowedLog> logs = new TreeMap<>();

  private Allowlist() {
    add(new LogName("nginx-access"), Path.of("/var/log/nginx/access.log"), false);
    add(new LogName("nginx-error"), Path.of("/var/log/nginx/error.log"), false);
    add(new LogName("php-fpm"), Path.of("/var/log/php8.2-fpm.log"), false);
    add(new LogName("mysql"), Path.of("/var/log/mysql/error.log"), false);
  }

  /** The entries that are there when nobody says anything. */
  public static Allowlist builtIn() {
    return new Allowlist();
  }

  /**
   * The built-in entries, those of the file, and those of this run; later ones replace earlier ones of
   * the same name.
   *
   * @param extra {@code NAME=PATH} each
   * @param origin where {@code extra} stands, for error sentences
   * @throws ConfigException where an entry is wrong
   */
  public static Allowlist of(ConfigFile file, List<String> extra, String origin) {
    Allowlist list = new Allowlist();
    for (ConfigFile.Entry entry : file.table("logs")) {
      list.add(entry);
    }
    for (String definition : extra) {
      list.add(definition, origin);
    }
    return list;
  }

  /** The entry of that name; null where there is none. */
  public AllowedLog find(String name) {
    return logs.get(name);
  }

  /** All entries by name. */
  public Collection<AllowedLog> all() {
    return logs.values();
  }

  /** All names, in order. */
  public Set<String> names() {
    return logs.keySet();
  }

  private void add(ConfigFile.Entry entry) {
    if (!LogName.isValid(entry.key())) {
      throw entry.wrong("'" + entry.key() + "' can't be a log's name; " + LogName.RULE);
    }
    String path = null;
    boolean symlink = false;
    if (!entry.isTable()) {
      path = entry.string(ENTRY);
    } else {
      for (ConfigFile.Entry part : entry.table(ENTRY)) {
        switch (part.key()) {
          case "path" -> path = part.string("the path of a log");
          case "symlink" -> symlink = part.flag();
          default -> throw part.wrong("'" + part.key() + "' is not known in a log's entry; expected path, symlink");
        }
      }
    }
    if (path == null) {
      throw entry.wrong("'" + entry.key() + "' has no path; expected " + ENTRY);
    }
    Path given = filePath(path, entry.origin());
    add(new LogName(entry.key()), entry.directory().resolve(given), symlink);
  }

  private void add(String definition, String origin) {
    int equals = definition.indexOf('=');
    String name = equals < 0 ? definition : definition.substring(0, equals);
    if (equals < 0) {
      throw new ConfigException(origin + ": '" + definition + "' has no '='; give NAME=PATH");
    }
    if (!LogName.isValid(name)) {
      throw new ConfigException(origin + ": '" + name + "' can't be a log's name; " + LogName.RULE);
    }
    Path path = filePath(definition.substring(equals + 1), origin);
    add(new LogName(name), path.toAbsolutePath(), false);
  }

  private static Path filePath(String text, String origin) {
    Path path = ConfigFile.pathOf(text, origin);
    if (path.getFileName() == null) {
      throw new ConfigException(origin + ": '" + text + "' is a directory; give the path of a file");
    }
    return path;
  }

  private void add(LogName name, Path path, boolean symlink) {
    logs.put(name.value(), new AllowedLog(name, path, symlink));
  }
}

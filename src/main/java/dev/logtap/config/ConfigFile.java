package dev.logtap.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * The one config file of a run, parsed; the only class that knows TOML. Each command checks the keys of
 * its own table, so that a slip in {@code [serve]} does not keep an administrator from a {@code tail}.
 */
public final class ConfigFile {
  /** More is no config, and a stranger's file is not to fill the memory. */
  private static final int LARGEST = 128 << 10;

  private static final Path SYSTEM_WIDE = Path.of("/etc/logtap/logtap.toml");

  /** Where there is none. */
  public static final ConfigFile NONE = new ConfigFile(null, null, null);

  private static final Set<String> TABLES = Set.of("logs", "tail", "serve", "watch", "token", "railway");

  /** Null where there is no file. */
  private final Path path;

  private final TomlTable root;
  private final TomlText text;

  private ConfigFile(Path path, TomlTable root, TomlText text) {
    this.path = path;
    this.text = text;
    this.root = root;
  }

  /**
   * Reads the file that counts: the named one, else the first that exists of the user's and the
   * system's.
   *
   * @param named by {@code --config} or its variable; null for none
   * @throws ConfigException when a named file is missing, or one can't be read or parsed
   */
  public static ConfigFile load(String named, Map<String, String> environment) {
    if (named != null) {
      Path path = pathOf(named, "--config");
      byte[] bytes = read(path);
      if (bytes == null) {
        throw new ConfigException("config file '" + named + "': does not exist; name one that does");
      }
      return parse(path, bytes);
    }
    Path users = usersFile(environment);
    byte[] bytes = users == null ? null : read(users);
    if (bytes != null) {
      return parse(users, bytes);
    }
    bytes = read(SYSTEM_WIDE);
    return bytes == null ? NONE : parse(SYSTEM_WIDE, bytes);
  }

  /** The XDG base directory specification: an empty or relative {@code XDG_CONFIG_HOME} does not count. */
  private static Path usersFile(Map<String, String> environment) {
    String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
    if (xdg.startsWith("/")) {
      return Path.of(xdg, "logtap", "logtap.toml");
    }
    String home = environment.getOrDefault("HOME", "");
    return home.startsWith("/") ? Path.of(home, ".config", "logtap", "logtap.toml") : null;
  }

  static Path pathOf(String text, String origin) {
    if (text.isEmpty() || text.indexOf('\0') >= 0) {
      throw new ConfigException(origin + ": '" + text.replace("\0", "\\0") + "' is no path; give the path of a file");
    }
    return Path.of(text);
  }

  /** The file's bytes; null when it does not exist. */
  private static byte[] read(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new ConfigException("config file '" + path + "': is larger than 128 KiB; name a logtap.toml");
      }
      return bytes;
    } catch (NoSuchFileException _) {
      return null;
    } catch (FileSystemException e) {
      // Below what is no directory there is no file: HOME=/dev/null is common for services.
      if ("Not a directory".equals(e.getReason())) {
        return null;
      }
      throw unreadable(path);
    } catch (IOException e) {
      throw unreadable(path);
    }
  }

  private static ConfigException unreadable(Path path) {
    return new ConfigException(
        "config file '" + path + "': can't be read; let this user read it, or name another with --config");
  }

  /** TOML is UTF-8: a letter in another encoding would else become a path that does not exist. */
  private static String text(Path path, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
      int line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      throw new ConfigException(path + ":" + line + ": a byte that is not UTF-8; save the file as UTF-8");
    }
    return out.flip().toString();
  }

  private static ConfigFile parse(Path path, byte[] bytes) {
    TomlText text = new TomlText(text(path, bytes));
    TomlParseResult result = Toml.parse(text.kept());
    for (TomlParseError error : result.errors()) {
      throw new ConfigException(path + ":" + text.lineOf(error.position().line()) + ": " + error.getMessage() + "; correct that line");
    }
    ConfigFile file = new ConfigFile(path, result, text);
    for (Entry entry : file.entries(result, List.of())) {
      if (!TABLES.contains(entry.key())) {
        throw entry.wrong("'" + entry.key() + "' is not known here; expected one of " + tableNames());
      }
      entry.table("a table, [" + entry.key() + "]");
    }
    return file;
  }

  private static String tableNames() {
    return "[" + String.join("], [", TABLES.stream().sorted().toList()) + "]";
  }

  /** One key and its value. */
  final class Entry {
    private final List<String> keys;
    private final Object value;
    private final int line;

    private Entry(List<String> keys, Object value, int line) {
      this.keys = keys;
      this.value = value;
      this.line = line;
    }

    String key() {
      return keys.getLast();
    }

    /** File, line and key, for error sentences. */
    String origin() {
      return path + ":" + line + ": " + String.join(".", keys);
    }

    ConfigException wrong(String sentence) {
      return new ConfigException(path + ":" + line + ": " + sentence);
    }

    /** The value as a flag would bring it. */
    String text(String expected) {
      // No pattern switch: it is bound at run time, which costs a start that needs it several milliseconds.
      if (value instanceof String || value instanceof Long || value instanceof Boolean) {
        return value.toString();
      }
      return fail(expected);
    }

    /** The texts of an array by commas, or one text. */
    String list(String expected) {
      if (!(value instanceof TomlArray array)) {
        return text(expected);
      }
      List<String> texts = new ArrayList<>();
      for (Object item : array.toList()) {
        texts.add(item instanceof String text ? text : fail("a list with " + kind(item) + " in it", expected));
      }
      return String.join(",", texts);
    }

    /** The path that a text names, beginning where the file lies. */
    String path(String expected) {
      return directory().resolve(pathOf(string(expected), origin())).toString();
    }

    String string(String expected) {
      return value instanceof String text ? text : fail(expected);
    }

    boolean isTable() {
      return value instanceof TomlTable;
    }

    boolean flag() {
      return value instanceof Boolean flag ? flag : fail("true or false");
    }

    List<Entry> table(String expected) {
      return value instanceof TomlTable table ? entries(table, keys) : fail(expected);
    }

    private <T> T fail(String expected) {
      return fail(kind(value), expected);
    }

    private <T> T fail(String found, String expected) {
      throw new ConfigException(origin() + " is " + found + "; expected " + expected);
    }

    private static String kind(Object value) {
      return switch (value) {
        case String _ -> "text";
        case Long _ -> "a whole number";
        case Double _ -> "a number";
        case Boolean _ -> "true or false";
        case TomlTable _ -> "a table";
        case TomlArray _ -> "a list";
        default -> "a date or time";
      };
    }

    /** Where relative paths in the file begin. */
    Path directory() {
      return path.toAbsolutePath().getParent();
    }
  }

  /** The value of a key in a command's table; null where there is none. */
  Entry entry(String table, String key) {
    for (Entry entry : table(table)) {
      if (entry.key().equals(key)) {
        return entry;
      }
    }
    return null;
  }

  /** All of a table, empty where there is none. */
  List<Entry> table(String name) {
    return root != null && root.get(List.of(name)) instanceof TomlTable table ? entries(table, List.of(name)) : List.of();
  }

  /**
   * Refuses keys that the command does not know.
   *
   * @throws ConfigException with file, line and what is known
   */
  public void expectKeys(String table, List<String> known) {
    for (Entry entry : table(table)) {
      if (!known.contains(entry.key())) {
        throw entry.wrong(
            "'" + entry.key() + "' is not known in [" + table + "]; expected one of " + String.join(", ", known));
      }
    }
  }

  private List<Entry> entries(TomlTable table, List<String> above) {
    List<Entry> entries = new ArrayList<>();
    for (String key : table.keySet()) {
      List<String> keys = new ArrayList<>(above);
      keys.add(key);
      entries.add(new Entry(keys, table.get(List.of(key)), text.lineOf(table.inputPositionOf(List.of(key)).line())));
    }
    return entries;
  }
}

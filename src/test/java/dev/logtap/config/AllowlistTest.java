package dev.logtap.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.log.AllowedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowlistTest {
  private static final String LONGEST_NAME = "a".repeat(64);

  @TempDir Path directory;

  @Test
  void four_logs_are_built_in() throws IOException {
    Map<String, String> paths = new TreeMap<>();
    for (AllowedLog log : list("").all()) {
      paths.put(log.name().value(), log.path().toString());
    }

    assertEquals(
        Map.of(
            "nginx-access", "/var/log/nginx/access.log",
            "nginx-error", "/var/log/nginx/error.log",
            "php-fpm", "/var/log/php8.2-fpm.log",
            "mysql", "/var/log/mysql/error.log"),
        paths);
  }

  @Test
  void file_replaces_and_adds() throws IOException {
    Allowlist list = list("[logs]\nphp-fpm = '/var/log/php8.3-fpm.log'\napp = '/srv/app.log'\n");

    assertEquals(Path.of("/var/log/php8.3-fpm.log"), list.find("php-fpm").path());
    assertEquals(Path.of("/srv/app.log"), list.find("app").path());
    assertEquals(5, list.all().size());
  }

  @Test
  void entries_of_this_run_replace_those_of_the_file_and_each_other() throws IOException {
    String file = "[logs]\napp = { path = '/file.log', symlink = true }\n";

    Allowlist list = list(file, "mysql=/my.log", "app=/first.log", "app=/second.log");

    assertEquals(Path.of("/my.log"), list.find("mysql").path());
    assertEquals(Path.of("/second.log"), list.find("app").path());
    assertEquals(false, list.find("app").symlink());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          app = '/app.log'                            | false
          app = { path = '/app.log' }                 | false
          app = { path = '/app.log', symlink = false} | false
          app = { path = '/app.log', symlink = true } | true
          app = { symlink = true, path = '/app.log' } | true
          app.path = '/app.log'                       | false
          """)
  void link_is_allowed_only_by_its_entry(String entry, boolean symlink) throws IOException {
    AllowedLog log = list("[logs]\n" + entry + "\n").find("app");

    assertEquals(Path.of("/app.log"), log.path());
    assertEquals(symlink, log.symlink());
  }

  @Test
  void relative_path_begins_at_the_config_files_directory() throws IOException {
    Allowlist list = list("[logs]\napp = 'log/app.log'\nup = { path = '../up.log' }\n");

    assertEquals(directory.resolve("log/app.log"), list.find("app").path());
    assertEquals(directory.resolve("../up.log"), list.find("up").path());
  }

  @Test
  void relative_path_of_this_run_begins_at_the_working_directory() throws IOException {
    assertEquals(Path.of("log/app.log").toAbsolutePath(), list("", "app=log/app.log").find("app").path());
  }

  @Test
  void path_may_hold_an_equals_sign() throws IOException {
    assertEquals(Path.of("/a=b.log"), list("", "app=/a=b.log").find("app").path());
  }

  @Test
  void names_are_in_order() throws IOException {
    Allowlist list = list("", "zeta=/z.log", "alpha=/a.log");

    assertEquals(
        List.of("alpha", "mysql", "nginx-access", "nginx-error", "php-fpm", "zeta"), List.copyOf(list.names()));
  }

  @Test
  void unknown_name_has_no_entry() throws IOException {
    assertNull(list("").find("../etc/passwd"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "a.b", "a_b", "a-b", "9.", "railways"})
  void name_is_of_letters_digits_and_marks(String name) throws IOException {
    assertNotNull(list("[logs]\n\"" + name + "\" = '/x.log'\n").find(name));
    assertNotNull(list("", name + "=/x.log").find(name));
    assertNotNull(list("", LONGEST_NAME + "=/x.log").find(LONGEST_NAME));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "aB", ".a", "-a", "_a", "a b", "a/b", "a:b", "ä", "railway", "a\u001b", "٣"})
  void other_names_are_refused(String name) throws IOException {
    ConfigException inRun = assertThrows(ConfigException.class, () -> list("", name + "=/x.log"));
    ConfigException inFile =
        assertThrows(
            ConfigException.class, () -> list("\n[logs]\n\"" + name.replace("\u001b", "\\u001b") + "\" = '/x.log'\n"));

    assertTrue(inRun.getMessage().startsWith("--log: '" + name + "'"), inRun.getMessage());
    assertTrue(inFile.getMessage().startsWith(config() + ":3: "), inFile.getMessage());
    assertTrue(inFile.getMessage().contains("'" + name + "'"), inFile.getMessage());
    assertTrue(inFile.getMessage().contains("a-z, 0-9"), inFile.getMessage());
    assertTrue(inFile.getMessage().contains("'railway'"), inFile.getMessage());
  }

  @Test
  void name_of_65_letters_is_refused() {
    assertThrows(ConfigException.class, () -> list("", LONGEST_NAME + "a=/x.log"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          app                  | '='
          app=                 | path
          =/x.log              | name
          app=/                | directory
          """)
  void definition_that_can_not_be_is_refused(String definition, String expected) throws IOException {
    String sentence = assertThrows(ConfigException.class, () -> list("", definition)).getMessage();

    assertTrue(sentence.startsWith("--log: "), sentence);
    assertTrue(sentence.contains(expected), sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          app = 5                                      | logs.app is a whole number
          app = 1.5                                    | logs.app is a number
          app = true                                   | logs.app is true or false
          app = ['/x.log']                             | logs.app is a list
          app = 1979-05-27                             | logs.app is a date or time
          app = ''                                     | is no path
          app = '/'                                    | is a directory
          app = "a\\u0000b"                            | is no path
          app = { symlink = true }                     | 'app' has no path
          app = {}                                     | 'app' has no path
          app = { path = 5 }                           | logs.app.path is a whole number
          app = { path = '/x', symlink = 'yes' }       | logs.app.symlink is text; expected true or false
          app = { path = '/x', symlink = 1 }           | logs.app.symlink is a whole number; expected true or false
          app = { path = '/x', simlink = true }        | 'simlink' is not known
          """)
  void wrong_entry_is_shown_with_file_and_line(String entry, String expected) {
    String sentence =
        assertThrows(ConfigException.class, () -> list("[logs]\n\nfine = '/x.log'\n" + entry + "\n")).getMessage();

    assertTrue(sentence.startsWith(config() + ":4: "), sentence);
    assertTrue(sentence.contains(expected), sentence);
  }

  private Path config() {
    return directory.resolve("logtap.toml");
  }

  private Allowlist list(String toml, String... extra) throws IOException {
    Files.writeString(config(), toml);
    return Allowlist.of(ConfigFile.load(config().toString(), Map.of()), List.of(extra), "--log");
  }
}

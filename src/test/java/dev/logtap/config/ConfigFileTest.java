package dev.logtap.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
  @TempDir Path directory;

  @Test
  void named_file_counts_and_no_other() throws IOException {
    String named = write("named.toml", "[tail]\nlines = 1\n").toString();
    write("logtap/logtap.toml", "[tail]\nlines = 2\n");

    ConfigFile file = ConfigFile.load(named, Map.of("XDG_CONFIG_HOME", directory.toString()));

    assertEquals("1", lines(file));
  }

  @Test
  void users_file_is_below_xdg_config_home() throws IOException {
    write("xdg/logtap/logtap.toml", "[tail]\nlines = 1\n");
    write("home/.config/logtap/logtap.toml", "[tail]\nlines = 2\n");

    ConfigFile file =
        ConfigFile.load(null, Map.of("XDG_CONFIG_HOME", directory + "/xdg", "HOME", directory + "/home"));

    assertEquals("1", lines(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "relative/path"})
  void xdg_config_home_that_is_empty_or_relative_does_not_count(String xdg) throws IOException {
    write(".config/logtap/logtap.toml", "[tail]\nlines = 2\n");

    ConfigFile file = ConfigFile.load(null, Map.of("XDG_CONFIG_HOME", xdg, "HOME", directory.toString()));

    assertEquals("2", lines(file));
  }

  @Test
  void xdg_config_home_takes_the_place_of_the_home_directory() throws IOException {
    write(".config/logtap/logtap.toml", "[tail]\nlines = 2\n");

    ConfigFile file =
        ConfigFile.load(null, Map.of("XDG_CONFIG_HOME", directory + "/other", "HOME", directory.toString()));

    assertNull(file.entry("tail", "lines"));
  }

  @Test
  void home_that_is_no_directory_has_no_file() throws IOException {
    Path home = write("file", "");

    ConfigFile file = ConfigFile.load(null, Map.of("HOME", home.toString()));

    assertNull(file.entry("tail", "lines"));
  }

  @Test
  void named_file_that_is_missing_is_an_error() {
    String named = directory.resolve("missing.toml").toString();

    String sentence = assertThrows(ConfigException.class, () -> ConfigFile.load(named, Map.of())).getMessage();

    assertTrue(sentence.contains("'" + named + "'"), sentence);
    assertTrue(sentence.contains("does not exist"), sentence);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0b"})
  void what_is_no_path_is_an_error(String named) {
    String sentence = assertThrows(ConfigException.class, () -> ConfigFile.load(named, Map.of())).getMessage();

    assertTrue(sentence.contains("'" + named.replace("\0", "\\0") + "' is no path"), sentence);
  }

  @Test
  void directory_can_not_be_read() {
    String sentence =
        assertThrows(ConfigException.class, () -> ConfigFile.load(directory.toString(), Map.of())).getMessage();

    assertTrue(sentence.contains("'" + directory + "'"), sentence);
    assertTrue(sentence.contains("can't be read"), sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 | lines = 5                              | 'lines'
          2 | [tail]~[tial]                          | 'tial'
          1 | logs = 5                               | logs
          1 | serve = "127.0.0.1:8000"               | serve
          1 | [[tail]]                               | tail
          3 | [logs]~~app = "unterminated            | line
          3 | [logs]~app = "a.log"~app = "b.log"     | app
          2 | [logs]~app                             | =
          1 | [logs                                  | ]
          4 | ~~[tail]~lines = 5 6                   | 6
          """)
  void slip_is_shown_with_file_and_line(int line, String toml, String named) throws IOException {
    Path path = write("logtap.toml", toml.replace('~', '\n') + "\n");

    String sentence =
        assertThrows(ConfigException.class, () -> ConfigFile.load(path.toString(), Map.of())).getMessage();

    assertTrue(sentence.startsWith(path + ":" + line + ": "), sentence);
    assertTrue(sentence.substring(path.toString().length()).contains(named), sentence);
  }

  @Test
  void line_of_a_slip_is_right_behind_many_comments() throws IOException {
    String comments = "# a comment\n".repeat(70) + "\n".repeat(70);
    Path slip = write("slip.toml", comments + "[tail]\n" + comments + "lins = 5\n");
    Path syntax = write("syntax.toml", comments + "[tail]\n" + comments + "lines 5\n");

    ConfigFile file = ConfigFile.load(slip.toString(), Map.of());
    String unknown =
        assertThrows(ConfigException.class, () -> file.expectKeys("tail", List.of("lines"))).getMessage();
    String wrong =
        assertThrows(ConfigException.class, () -> ConfigFile.load(syntax.toString(), Map.of())).getMessage();

    assertTrue(unknown.startsWith(slip + ":282: "), unknown);
    assertTrue(wrong.startsWith(syntax + ":282: "), wrong);
  }

  @Test
  void string_of_several_lines_keeps_what_looks_like_comments() throws IOException {
    String value = "# no comment\n".repeat(70);
    ConfigFile file = load("[tail]\nlines = \"\"\"\n" + value + "\"\"\"\n");

    assertEquals(value, lines(file));
  }

  @Test
  void deep_nesting_is_an_error_and_no_overflow() throws IOException {
    String deep = "[".repeat(200_000) + "]".repeat(200_000);
    String path = write("logtap.toml", "[tail]\nlines = " + deep + "\n").toString();

    assertThrows(ConfigException.class, () -> ConfigFile.load(path, Map.of()));
  }

  @Test
  void bytes_that_are_no_utf8_are_an_error() throws IOException {
    Path path = directory.resolve("logtap.toml");
    Files.write(path, "[logs]\n\napp = \"\u00ff.log\"\n".getBytes(StandardCharsets.ISO_8859_1));

    String sentence =
        assertThrows(ConfigException.class, () -> ConfigFile.load(path.toString(), Map.of())).getMessage();

    assertTrue(sentence.startsWith(path + ":3: "), sentence);
    assertTrue(sentence.contains("UTF-8"), sentence);
  }

  @Test
  void keys_that_a_command_does_not_know_are_its_own_business() throws IOException {
    ConfigFile file = load("[tail]\nlines = 1\n\n[serve]\nlistne = 8000\n");

    file.expectKeys("tail", List.of("lines", "follow"));
    String sentence =
        assertThrows(ConfigException.class, () -> file.expectKeys("serve", List.of("listen", "ensure"))).getMessage();

    assertTrue(sentence.contains("logtap.toml:5: 'listne'"), sentence);
    assertTrue(sentence.contains("listen, ensure"), sentence);
  }

  @Test
  void file_of_all_tables_of_the_contract_is_read() throws IOException {
    ConfigFile file =
        load(
            """
            [logs]
            app = "/srv/app/log/production.log"
            [tail]
            lines = 10
            [serve]
            listen = "127.0.0.1:8000"
            allow-origin = ["https://dash.example.org"]
            [watch]
            server = "http://127.0.0.1:8000"
            [token]
            ttl = "8h"
            [railway.environments]
            production = "5f0c-uuid"
            """);

    assertEquals("10", lines(file));
  }

  private static String lines(ConfigFile file) {
    return file.entry("tail", "lines").text("a number");
  }

  private ConfigFile load(String toml) throws IOException {
    return ConfigFile.load(write("logtap.toml", toml).toString(), Map.of());
  }

  private Path write(String file, String toml) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, toml);
  }
}

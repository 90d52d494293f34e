package dev.logtap.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final Setting<String> MOST = new Setting<>("max-connections", "any text", text -> text, "fallback");
  private static final Setting<String> WORD = Setting.oneOf("color", List.of("auto", "always", "never"), "auto");
  private static final Setting<Boolean> FOLLOW = Setting.flag("follow");
  private static final Setting<List<String>> ORIGINS =
      Setting.list("allow-origin", "origins", text -> text, List.of("fallback"));
  private static final Setting<Duration> TTL = Setting.duration("ttl", Duration.ofHours(1));
  private static final Setting<Integer> NUMBER = Setting.number("most", 1, 100, 10);
  private static final Setting<Long> SIZE = Setting.size("most", 1 << 10, 1 << 30, 1 << 20);
  private static final Setting<Path> SECRET = Setting.path("secret", null);

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "flag, variable, file, flag",
    "flag, variable,     , flag",
    "flag,         , file, flag",
    "    , variable, file, variable",
    "    , variable,     , variable",
    "    ,         , file, file",
    "    ,         ,     , fallback",
    "    , ''      , file, file",
    "''  , variable, file, ''",
  })
  void flag_then_variable_then_file_then_default(String flag, String variable, String file, String expected)
      throws IOException {
    Map<String, String> flags = new HashMap<>();
    Map<String, String> environment = new HashMap<>();
    if (flag != null) {
      flags.put("max-connections", flag);
    }
    if (variable != null) {
      environment.put("LOGTAP_MAX_CONNECTIONS", variable);
    }
    ConfigFile config = file("[serve]\n" + (file == null ? "" : "max-connections = '" + file + "'\n"));

    assertEquals(expected, new Settings(flags, environment, config, "serve").get(MOST));
  }

  @Test
  void table_of_another_command_does_not_count() throws IOException {
    Settings settings = new Settings(Map.of(), Map.of(), file("[watch]\nmax-connections = 'file'\n"), "serve");

    assertEquals("fallback", settings.get(MOST));
  }

  @ParameterizedTest
  @CsvSource({"5, 5", "true, true", "'\"text\"', text"})
  void number_and_truth_in_the_file_are_what_a_flag_would_bring(String value, String text) throws IOException {
    ConfigFile file = file("[serve]\nmax-connections = " + value);

    assertEquals(text, new Settings(Map.of(), Map.of(), file, "serve").get(MOST));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "['x']", "{ x = 1 }", "1979-05-27", "07:32:00"})
  void value_of_a_wrong_kind_is_shown_with_file_line_and_what_was_expected(String value) throws IOException {
    ConfigFile file = file("[serve]\n\nmax-connections = " + value + "\n");

    String sentence =
        assertThrows(ConfigException.class, () -> new Settings(Map.of(), Map.of(), file, "serve").get(MOST))
            .getMessage();

    assertTrue(sentence.startsWith(directory.resolve("logtap.toml") + ":3: serve.max-connections"), sentence);
    assertTrue(sentence.endsWith("expected any text"), sentence);
  }

  @Test
  void wrong_text_is_shown_with_where_it_came_from_and_what_was_expected() throws IOException {
    ConfigFile file = file("[tail]\ncolor = 'blue'\n");
    String inFile = directory.resolve("logtap.toml") + ":2: tail.color: 'blue' ";

    assertWrong("--color: 'red' ", new Settings(Map.of("color", "red"), Map.of(), file, "tail"));
    assertWrong("LOGTAP_COLOR: 'green' ", new Settings(Map.of(), Map.of("LOGTAP_COLOR", "green"), file, "tail"));
    assertWrong(inFile, new Settings(Map.of(), Map.of(), file, "tail"));
  }

  private static void assertWrong(String origin, Settings settings) {
    String sentence = assertThrows(ConfigException.class, () -> settings.get(WORD)).getMessage();
    assertTrue(sentence.startsWith(origin), sentence);
    assertTrue(sentence.endsWith("auto, always, never"), sentence);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "yes, true", "1, true", "false, false", "no, false", "0, false"})
  void switch_is_on_or_off(String text, boolean on) throws IOException {
    assertEquals(on, new Settings(Map.of(), Map.of("LOGTAP_FOLLOW", text), file(""), "tail").get(FOLLOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"maybe", "TRUE ", "2"})
  void switch_is_nothing_else(String text) throws IOException {
    Settings settings = new Settings(Map.of(), Map.of("LOGTAP_FOLLOW", text), file(""), "tail");

    assertTrue(assertThrows(ConfigException.class, () -> settings.get(FOLLOW)).getMessage().contains("true or false"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          a,b   | -   | -              | a, b
          a , b | -   | -              | a, b
          -     | a,b | -              | a, b
          -     | -   | "a"            | a
          -     | -   | "a,b"          | a, b
          -     | -   | ['a', 'b']     | a, b
          -     | -   | []             |
          a     | b,c | ['d']          | a
          ''    | b,c | ['d']          |
          -     | ''  | ['d']          | d
          -     | -   | -              | fallback
          """)
  void list_is_given_by_commas_or_as_an_array(String flag, String variable, String value, String expected)
      throws IOException {
    ConfigFile file = file("[serve]\n" + (value == null ? "" : "allow-origin = " + value + "\n"));

    List<String> list = settings("allow-origin", flag, variable, file).get(ORIGINS);

    assertEquals("[" + (expected == null ? "" : expected) + "]", list.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {",", "a,", ",a", "a,,b", " ", "a, "})
  void list_has_no_empty_items(String text) throws IOException {
    String sentence = wrong(settings("allow-origin", text, null, file("")), ORIGINS);

    assertEquals(
        "--allow-origin: '" + text + "' is not what was expected; give origins, several by commas", sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [1]             | a list with a whole number in it
          ['a', true]     | a list with true or false in it
          [['a']]         | a list with a list in it
          { a = 'b' }     | a table
          1.5             | a number
          """)
  void list_in_the_file_holds_texts_and_nothing_else(String value, String found) throws IOException {
    String sentence = wrong(settings("allow-origin", null, null, file("[serve]\nallow-origin = " + value)), ORIGINS);

    assertTrue(sentence.startsWith(directory.resolve("logtap.toml") + ":2: serve.allow-origin is " + found), sentence);
    assertTrue(sentence.endsWith("expected origins, several by commas"), sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S", "1ms, PT0.001S", "10s, PT10S", "5m, PT5M", "8h, PT8H", "2d, PT48H", "007s, PT7S",
    "999999999d, PT23999999976H",
  })
  void time_span_has_a_unit(String text, Duration expected) throws IOException {
    assertEquals(expected, settings("ttl", text, null, file("")).get(TTL));
    assertEquals(expected, settings("ttl", null, text, file("")).get(TTL));
    assertEquals(expected, settings("ttl", null, null, file("[serve]\nttl = '" + text + "'")).get(TTL));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "8", "0", "0s", "-1s", "+1s", "1.5h", "8 h", " 8h", "8H", "8hours", "h", "1h30m", "PT8H", "1000000000s",
        "99999999999999999999999d", "\u0661s",
      })
  void time_span_is_nothing_else(String text) throws IOException {
    String sentence = wrong(settings("ttl", text, null, file("")), TTL);

    assertTrue(sentence.startsWith("--ttl: '" + text + "' "), sentence);
    assertTrue(sentence.endsWith("such as 500ms, 10s, 5m, 8h or 2d"), sentence);
  }

  @Test
  void time_span_without_a_unit_is_wrong_in_the_file_too() throws IOException {
    String sentence = wrong(settings("ttl", null, null, file("[serve]\nttl = 8")), TTL);

    assertTrue(sentence.contains(":2: serve.ttl: '8' "), sentence);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "100, 100", "007, 7"})
  void number_is_within_its_bounds(String text, int expected) throws IOException {
    assertEquals(expected, settings("most", text, null, file("")).get(NUMBER));
    assertEquals(expected, settings("most", null, null, file("[serve]\nmost = " + expected)).get(NUMBER));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "101", "-1", "+1", "1.0", "1e1", "ten", "99999999999999999999999", "4294967297"})
  void number_is_nothing_else(String text) throws IOException {
    String sentence = wrong(settings("most", text, null, file("")), NUMBER);

    assertEquals("--most: '" + text + "' is not what was expected; give a whole number from 1 to 100", sentence);
  }

  @ParameterizedTest
  @CsvSource({"1024, 1024", "65536, 65536", "64KiB, 65536", "1MiB, 1048576", "1GiB, 1073741824"})
  void size_is_in_bytes_or_has_a_unit(String text, long expected) throws IOException {
    assertEquals(expected, settings("most", text, null, file("")).get(SIZE));
    assertEquals(expected, settings("most", null, null, file("[serve]\nmost = '" + text + "'")).get(SIZE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1023", "1073741825", "2GiB", "64K", "64KB", "64kib", "64 KiB", "KiB", "-1KiB", "1.5MiB", "999999999GiB"})
  void size_is_nothing_else(String text) throws IOException {
    String sentence = wrong(settings("most", text, null, file("")), SIZE);

    assertTrue(sentence.startsWith("--most: '" + text + "' "), sentence);
    assertTrue(sentence.endsWith("from 1024 to 1073741824, such as 65536, 64KiB or 1MiB"), sentence);
  }

  @Test
  void path_in_the_file_begins_where_the_file_lies() throws IOException {
    ConfigFile file = file("[serve]\nsecret = 'keys/secret'\n");
    ConfigFile absolute = file("[serve]\nsecret = '/keys/secret'\n");

    assertEquals(directory.resolve("keys/secret"), settings("secret", null, null, file).get(SECRET));
    assertEquals(Path.of("/keys/secret"), settings("secret", null, null, absolute).get(SECRET));
  }

  @Test
  void path_of_a_flag_or_a_variable_begins_at_the_working_directory() throws IOException {
    ConfigFile file = file("[serve]\nsecret = 'other'\n");

    assertEquals(Path.of("keys/secret"), settings("secret", "keys/secret", null, file).get(SECRET));
    assertEquals(Path.of("keys/secret"), settings("secret", null, "keys/secret", file).get(SECRET));
  }

  @Test
  void what_is_no_path_is_an_error() throws IOException {
    String empty = wrong(settings("secret", "", null, file("")), SECRET);
    String inFile = wrong(settings("secret", null, null, file("[serve]\nsecret = ''")), SECRET);
    String nul = wrong(settings("secret", null, null, file("[serve]\nsecret = \"a\\u0000b\"")), SECRET);
    String number = wrong(settings("secret", null, null, file("[serve]\nsecret = 5")), SECRET);

    assertEquals("--secret: '' is not what was expected; give the path of a file", empty);
    assertTrue(inFile.contains(":2: serve.secret: '' is no path"), inFile);
    assertTrue(nul.contains(":2: serve.secret: 'a\\0b' is no path"), nul);
    assertTrue(number.contains(":2: serve.secret is a whole number; expected the path of a file"), number);
  }

  @Test
  void text_is_never_empty() throws IOException {
    Setting<String> issuer = Setting.text("issuer", "the issuer's name", null);

    assertEquals("us", settings("issuer", "us", null, file("")).get(issuer));
    assertNull(settings("issuer", null, null, file("")).get(issuer));
    assertEquals(
        "--issuer: '' is not what was expected; give the issuer's name",
        wrong(settings("issuer", "", null, file("")), issuer));
  }

  @Test
  void secrets_of_an_address_are_not_repeated() throws IOException {
    Setting<String> server =
        new Setting<>(
            "server",
            "an address",
            text -> {
              throw new IllegalArgumentException(text);
            },
            null);

    assertEquals(
        "--server: 'https://...@logs.example.org/x?...' is not what was expected; give an address",
        wrong(settings("server", "https://me:p@ss@logs.example.org/x?token=secret", null, file("")), server));
  }

  /** What {@code serve} is told of one setting; null where a source says nothing. */
  private static Settings settings(String name, String flag, String variable, ConfigFile file) {
    return new Settings(
        flag == null ? Map.of() : Map.of(name, flag),
        variable == null ? Map.of() : Map.of(Setting.variableOf(name), variable),
        file,
        "serve");
  }

  private static String wrong(Settings settings, Setting<?> setting) {
    return assertThrows(ConfigException.class, () -> settings.get(setting)).getMessage();
  }

  private ConfigFile file(String toml) throws IOException {
    return ConfigFile.load(Files.writeString(directory.resolve("logtap.toml"), toml).toString(), Map.of());
  }
}

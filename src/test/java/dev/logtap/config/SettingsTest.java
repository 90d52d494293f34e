package dev.logtap.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private ConfigFile file(String toml) throws IOException {
    return ConfigFile.load(Files.writeString(directory.resolve("logtap.toml"), toml).toString(), Map.of());
  }
}

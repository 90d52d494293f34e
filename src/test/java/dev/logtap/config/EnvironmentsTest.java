package dev.logtap.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which environments are relayed, and what clients may call them. */
class EnvironmentsTest {
  @TempDir Path directory;

  private ConfigFile file(String text) throws IOException {
    Path path = Files.writeString(directory.resolve("logtap.toml"), text);
    return ConfigFile.load(path.toString(), Map.of());
  }

  @Test
  void those_of_this_run_replace_those_of_the_file_by_name() throws IOException {
    ConfigFile file = file("[railway.environments]\nproduction = \"id-1\"\nstaging = \"id-2\"\n");

    assertEquals(
        Map.of("production", "id-9", "staging", "id-2", "id-3", "id-3"),
        Environments.of(file, List.of("production=id-9", "id-3")));
  }

  @Test
  void name_of_two_environments_is_an_error() throws IOException {
    ConfigFile none = file("");

    assertEquals(Map.of("a", "x"), Environments.of(none, List.of("a=x", "a=x")));
    ConfigException error = assertThrows(ConfigException.class, () -> Environments.of(none, List.of("a=x", "a=y")));
    assertTrue(error.getMessage().startsWith("--environment: 'a' "), error::getMessage);
  }

  @Test
  void no_table_is_no_environment() throws IOException {
    assertEquals(Map.of(), Environments.of(file(""), List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[railway.environments]\nproduction = 5\n", "[railway.environments]\n\"a b\" = \"id\"\n",
        "[railway.environments]\nproduction = \"a/b\"\n", "[railway.environments]\nproduction = \"\"\n",
        "[railway]\nenvironments = \"id\"\n", "[railway]\nother = \"id\"\n"
      })
  void entry_that_can_not_be_used_is_an_error_with_its_line(String text) throws IOException {
    ConfigFile file = file(text);

    ConfigException error = assertThrows(ConfigException.class, () -> Environments.of(file, List.of()));
    assertTrue(error.getMessage().startsWith(directory.resolve("logtap.toml") + ":"), error::getMessage);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "=", "a=", "=a", "a=b=c", "a b", "../a", "a/b"})
  void setting_that_is_neither_id_nor_name_and_id_is_refused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Environments.parse(text));
  }
}

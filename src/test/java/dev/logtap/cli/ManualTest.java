package dev.logtap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Tool;
import dev.logtap.config.Allowlist;
import dev.logtap.config.ConfigFile;
import dev.logtap.config.Environments;
import dev.logtap.config.Setting;
import dev.logtap.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The manual as it is checked in. */
class ManualTest {
  private static final List<String> NAMES = Commands.NAMES;
  private static final Path PAGES = Path.of("man");

  @TempDir Path directory;

  static Stream<Path> pages() throws IOException {
    try (Stream<Path> pages = Files.list(PAGES)) {
      return pages.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void page_is_clean(Path page) throws Exception {
    Tool.require("mandoc", "the manual is not read");

    assertEquals("", run("mandoc", "-Tlint", "-Wwarning", page.toString()));
  }

  @Test
  void every_command_has_a_page_with_what_people_look_for() throws IOException {
    List<String> expected = new ArrayList<>(List.of("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "ENVIRONMENT", "FILES", "EXIT STATUS", "EXAMPLES", "SEE ALSO"));
    for (String command : List.of("logtap", "logtap-tail", "logtap-serve", "logtap-watch", "logtap-token", "logtap-logs")) {
      List<String> sections = sections(PAGES.resolve(command + ".1"));
      sections.retainAll(expected);

      assertEquals(expected, sections, command);
    }
    TreeSet<String> pages = new TreeSet<>(List.of("logtap.1", "logtap.toml.5"));
    NAMES.forEach(command -> pages.add("logtap-" + command + ".1"));
    assertEquals(pages, new TreeSet<>(pages().map(page -> page.getFileName().toString()).toList()));
  }

  private static List<String> sections(Path page) throws IOException {
    List<String> sections = new ArrayList<>();
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith(".Sh ")) {
        sections.add(line.substring(4));
      }
    }
    return sections;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void pages_that_are_referred_to_exist(Path page) throws IOException {
    Matcher reference = Pattern.compile("\\.Xr (logtap\\S*) (\\d)").matcher(Files.readString(page));
    while (reference.find()) {
      Path other = PAGES.resolve(reference.group(1) + "." + reference.group(2));
      assertTrue(Files.exists(other), page + " refers to " + other);
    }
  }

  @Test
  void an_option_reads_like_this() throws Exception {
    Tool.require("mandoc", "the manual is not read");
    String page = run("mandoc", "-Tascii", PAGES.resolve("logtap-tail.1").toString()).replaceAll(".\\x08", "");

    assertTrue(page.contains("\n     logtap tail [-n N|all] [-f] [-o text|json] [--poll] [--color WHEN]\n            NAME ..."), page);
    assertTrue(page.contains("\n     -n, --lines N|all\n             How many lines to begin with (50).\n"), page);
    assertTrue(page.contains("jq -r 'select(.line // \"\" | test(\" 50[0-9] \")) | .line'"), page);
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void example_of_the_config_says_all_that_a_table_can_say(String command) throws IOException {
    List<Setting<?>> settings = Commands.named(command).settings();
    String example = example();
    Matcher table = Pattern.compile("(?ms)^\\[" + command + "\\]$(.*?)(^\\[|\\z)").matcher(example);
    TreeSet<String> keys = new TreeSet<>();
    if (!settings.isEmpty()) {
      assertTrue(table.find(), example);
      Pattern.compile("(?m)^(?:# )?([a-z-]+) *=").matcher(table.group(1)).results().forEach(key -> keys.add(key.group(1)));
    }

    assertEquals(new TreeSet<>(Setting.names(settings)), keys);
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void example_of_the_config_is_understood(String command) throws IOException {
    List<Setting<?>> settings = Commands.named(command).settings();
    Path config = directory.resolve("logtap.toml");
    // What excludes something else is a comment there.
    Files.writeString(config, example().replaceAll("(?m)^# ", ""));
    ConfigFile file = ConfigFile.load(config.toString(), Map.of());

    if (!command.equals("logs")) {
      file.expectKeys(command, Setting.names(settings));
    }
    Settings all = new Settings(Map.of(), Map.of(), file, command);
    for (Setting<?> setting : settings) {
      assertTrue(all.get(setting) != null, setting.name());
    }
    assertTrue(Allowlist.of(file, List.of(), "").names().contains("app"));
    assertTrue(Environments.of(file, List.of()).containsKey("production"));
  }

  @Test
  void every_variable_of_serve_but_the_demo_s_has_its_place() throws IOException {
    String page = Files.readString(PAGES.resolve("logtap-serve.1"));

    assertTrue(page.contains(".Ev LOGTAP_ENSURE ,"), page);
    assertFalse(page.contains("LOGTAP_DEMO"), "nothing heeds it");
  }

  /** As it stands in the template, where nothing is escaped. */
  private static String example() throws IOException {
    String page = Files.readString(Path.of("src/main/man/logtap.toml.5"));
    return page.substring(page.indexOf("\n[logs]\n") + 1, page.indexOf("\n.Ed\n.Sh SECURITY") + 1);
  }

  private static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}

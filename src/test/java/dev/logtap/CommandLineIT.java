package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands, options and the allowlist of a run, as the installed program understands them. */
class CommandLineIT {
  @TempDir Path directory;

  private LogDirectory logs;
  private String app;

  @BeforeEach
  void oneLog() {
    logs = new LogDirectory(directory);
    app = logs.log("app", "one\ntwo\nthree\n");
  }

  @ParameterizedTest
  @CsvSource({
    "--help, Usage: logtap ",
    "-h, Usage: logtap ",
    "tail --help, Usage: logtap tail ",
    "tail -h, Usage: logtap tail ",
    "tail app --help, Usage: logtap tail ",
    "--help tail, Usage: logtap tail ",
    "logs --help, Usage: logtap logs ",
    "watch --help, Usage: logtap watch ",
    "watch app --help, Usage: logtap watch ",
  })
  void help_begins_with_usage(String arguments, String beginning) {
    Logtap help = Logtap.run(arguments.split(" ")).expectExit(0);

    assertTrue(help.out().startsWith(beginning), help::toString);
    assertEquals("", help.err());
  }

  @Test
  void help_names_the_commands_and_the_exit_codes() {
    String help = Logtap.run("--help").out();

    for (String word : List.of("tail", "logs", "watch", "0", "1", "2", "3", "130", "143")) {
      assertTrue(help.matches("(?s).*\\n +" + word + "\\b.*") || help.contains(", " + word), word + " in\n" + help);
    }
  }

  @Test
  void help_of_tail_names_all_its_options() {
    String help = Logtap.run("tail", "--help").out();

    for (String option :
        "-n --lines -f --follow -o --output --poll --color --config --log --debug --help --version".split(" ")) {
      assertTrue(help.matches("(?s).*[ ,]" + option + "[=, \\n].*"), option + " in\n" + help);
    }
  }

  @Test
  void help_of_watch_names_all_its_options() {
    String help = Logtap.run("watch", "--help").out();

    for (String option :
        "--server --token-file --ca-cert -n --lines -o --output --color --service --search --level --state --no-reconnect"
            .split(" ")) {
      assertTrue(help.matches("(?s).*[ ,]" + option + "[=, \\n].*"), option + " in\n" + help);
    }
  }

  @Test
  void help_needs_no_config() {
    Map<String, String> broken = Map.of("LOGTAP_CONFIG", "/nonexistent/logtap.toml");

    Logtap.run(broken, "--help").expectExit(0);
    Logtap.run(broken, "tail", "--help").expectExit(0);
    Logtap.run(broken, "--version").expectExit(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V", "tail --version", "--version tail", "logs -V"})
  void version_is_one_line(String arguments) {
    Logtap version = Logtap.run(arguments.split(" ")).expectExit(0);

    assertTrue(version.out().matches("logtap \\d+\\.\\d+\\.\\d+\\b[^\\n]*\\n"), version::toString);
    assertEquals("", version.err());
  }

  @ParameterizedTest
  @CsvSource({"tial, tail", "tal, tail", "taill, tail", "tsil, tail", "Tail, tail", "lgos, logs", "log, logs", "wach, watch", "wathc, watch"})
  void mistyped_command_is_2_with_a_suggestion(String typed, String meant) {
    Logtap wrong = Logtap.run(typed).expectExit(2);

    expectSentence(wrong, typed, "did you mean '" + meant + "'?");
  }

  @Test
  void mistyped_command_is_found_behind_global_options() {
    Logtap wrong = Logtap.run("--config", "x", "--log", "y", "--debug", "tial").expectExit(2);

    expectSentence(wrong, "tial", "did you mean 'tail'?");
  }

  @ParameterizedTest
  @CsvSource({
    "tail --folow app, --follow",
    "tail --flolow app, --follow",
    "tail --line 5 app, --lines",
    "tail app --outptu json, --output",
    "tail app --outptu=json, --output",
    "tail --colour=never app, --color",
    "tail --pol app, --poll",
    "--verison, --version",
    "--conifg=x tail, --config",
    "logs --hepl, --help",
    "logs --dbeug, --debug",
    "watch --srever x app, --server",
    "watch app --token-fiel=x, --token-file",
    "watch app --no-recnnect, --no-reconnect",
  })
  void mistyped_option_is_2_with_a_suggestion(String arguments, String meant) {
    Logtap wrong = Logtap.run(arguments.split(" ")).expectExit(2);

    expectSentence(wrong, "did you mean '" + meant + "'?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"frobnicate", "--frobnicate", "tail --frobnicate app", "''"})
  void word_like_nothing_is_2_and_shows_where_help_is(String arguments) {
    Logtap wrong = Logtap.run(arguments.equals("''") ? new String[] {""} : arguments.split(" ")).expectExit(2);

    expectSentence(wrong, "--help");
    assertFalse(wrong.err().contains("did you mean"), wrong::toString);
  }

  @Test
  void no_command_is_2() {
    expectSentence(Logtap.run().expectExit(2), "command", "--help");
    expectSentence(Logtap.run("--debug", app).expectExit(2), "command", "--help");
  }

  @Test
  void no_name_is_2_and_lists_the_names() {
    expectSentence(Logtap.run("tail", app).expectExit(2), "app", "mysql", "nginx-access", "nginx-error", "php-fpm");
  }

  @Test
  void unknown_log_is_2_before_anything_is_printed() {
    Logtap wrong = Logtap.run("tail", app, "app", "apq").expectExit(2);

    expectSentence(wrong, "apq", "did you mean 'app'?", "nginx-access");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../app.log", "/etc/passwd", "app.log", "APP", "railway", "railway:production", "@x", "a*"})
  void name_is_never_a_path(String name) {
    expectSentence(Logtap.run("tail", app, name).expectExit(2), name);
  }

  @Test
  void command_that_takes_no_names_says_so() {
    Logtap wrong = Logtap.run("logs", app, "app").expectExit(2);

    expectSentence(wrong, "app", "logtap logs");
    assertFalse(wrong.err().contains("command"), wrong::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-n 1", "-n1", "--lines 1", "--lines=1", "-n 3 -n 1", "-n all --lines=1"})
  void lines_can_be_given_in_any_way_and_the_last_counts(String option) {
    assertEquals("three\n", tail(option + " app").expectExit(0).out());
    assertEquals("three\n", tail("app " + option).expectExit(0).out());
  }

  @ParameterizedTest
  @CsvSource({
    "0, ''",
    "2, 'two\nthree\n'",
    "3, 'one\ntwo\nthree\n'",
    "all, 'one\ntwo\nthree\n'",
    "9223372036854775807, 'one\ntwo\nthree\n'",
    "9223372036854775808, 'one\ntwo\nthree\n'",
    "99999999999999999999999, 'one\ntwo\nthree\n'",
    "007, 'one\ntwo\nthree\n'",
  })
  void any_number_of_lines_can_be_asked_for(String lines, String expected) {
    assertEquals(expected, tail("app -n " + lines).expectExit(0).out());
  }

  @ParameterizedTest
  @CsvSource({
    "-n -1, --lines",
    "-n +1, --lines",
    "-n 1.5, --lines",
    "-n ten, --lines",
    "-n ALL, --lines",
    "-n 5k, --lines",
    "--lines=, --lines",
    "-n, --lines",
    "-o xml, --output",
    "-o JSON, --output",
    "--output, --output",
    "--color blue, --color",
    "--color, --color",
    "--follow=maybe, --follow",
    "--log, --log",
    "--config, --config",
  })
  void wrong_value_is_2_and_names_its_option(String option, String name) {
    expectSentence(tail("app " + option).expectExit(2), name);
  }

  @Test
  void names_can_stand_behind_two_dashes() {
    assertEquals("one\ntwo\nthree\n", tail("-- app").expectExit(0).out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--config FILE tail app",
        "--config=FILE tail app",
        "tail --config FILE app",
        "tail --config=FILE app",
        "tail app --config FILE",
        "tail app --config=FILE",
        "--debug --config FILE tail --debug app",
      })
  void config_can_be_named_before_and_after_the_command(String arguments) {
    String file = logs.config("other.toml", "[logs]\napp = 'app.log'\n");

    assertEquals("one\ntwo\nthree\n", Logtap.run(arguments.replace("FILE", file).split(" ")).expectExit(0).out());
  }

  @Test
  void config_can_be_named_by_its_variable_and_the_flag_overrules_it() {
    String one = logs.config("one.toml", "[logs]\napp = 'app.log'\n[tail]\nlines = 1\n");
    String two = logs.config("two.toml", "[logs]\napp = 'app.log'\n[tail]\nlines = 2\n");

    assertEquals("three\n", Logtap.run(Map.of("LOGTAP_CONFIG", one), "tail", "app").expectExit(0).out());
    assertEquals(
        "two\nthree\n", Logtap.run(Map.of("LOGTAP_CONFIG", one), "tail", "app", "--config", two).expectExit(0).out());
  }

  @Test
  void empty_variable_is_none() {
    Map<String, String> empty = Map.of("LOGTAP_CONFIG", "", "LOGTAP_LOG", "", "LOGTAP_LINES", "", "LOGTAP_DEBUG", "");

    assertEquals("one\ntwo\nthree\n", Logtap.run(empty, "tail", app, "app").expectExit(0).out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--log web=WEB APP tail web app",
        "tail --log web=WEB APP web app",
        "tail web app --log=web=WEB APP",
        "APP tail web app --log web=WEB",
        "--log web=/nonexistent APP tail web --log=web=WEB app",
      })
  void log_can_be_given_several_times_before_and_after_the_command(String arguments) {
    logs.log("web", "four\n");
    String[] given = arguments.replace("WEB", directory.resolve("web.log").toString()).replace("APP", app).split(" ");

    assertEquals("web: four\napp: one\napp: two\napp: three\n", Logtap.run(given).expectExit(0).out());
  }

  @Test
  void log_replaces_a_built_in_entry_and_one_of_the_file() {
    String file = logs.config("logtap.toml", "[logs]\napp = '/nonexistent'\n");

    assertEquals("one\ntwo\nthree\n", Logtap.run("--config", file, "tail", app, "app").expectExit(0).out());
    assertEquals(
        "one\ntwo\nthree\n", Logtap.run("tail", logs.entry("mysql", "app.log"), "mysql").expectExit(0).out());
  }

  @Test
  void log_of_a_relative_path_begins_at_the_working_directory() {
    Logtap tail = Script.start("cd \"$1\" && exec \"$0\" tail --log app=app.log app", directory);

    assertEquals("one\ntwo\nthree\n", tail.expectExit(0).out());
  }

  @Test
  void variable_holds_several_logs_by_commas() {
    logs.log("web", "four\n");
    Map<String, String> variable = Map.of("LOGTAP_LOG", definition("app") + "," + definition("web"));

    assertEquals("four\n", Logtap.run(variable, "tail", "web").expectExit(0).out());
    assertEquals("one\ntwo\nthree\n", Logtap.run(variable, "tail", "app").expectExit(0).out());
  }

  @Test
  void flag_overrules_the_variable_as_a_whole() {
    Map<String, String> variable = Map.of("LOGTAP_LOG", "web=/web.log,app=/nonexistent");

    assertEquals("one\ntwo\nthree\n", Logtap.run(variable, "tail", app, "app").expectExit(0).out());
    expectSentence(Logtap.run(variable, "tail", app, "web").expectExit(2), "web");
  }

  @ParameterizedTest
  @ValueSource(strings = {"app", "app=", "=/app.log", "App=/app.log", "railway=/app.log", "a/b=/app.log", "app=/"})
  void wrong_definition_is_2_and_shows_where_it_was_given(String definition) {
    expectSentence(Logtap.run("tail", "--log", definition, "app").expectExit(2), "--log");
    expectSentence(Logtap.run(Map.of("LOGTAP_LOG", definition), "tail", "app").expectExit(2), "LOGTAP_LOG");
  }

  @Test
  void argument_is_never_read_as_a_file_of_arguments() {
    String list = logs.config("arguments", "app");

    expectSentence(Logtap.run("tail", app, "@" + list).expectExit(2), "@" + list);
  }

  private Logtap tail(String arguments) {
    return Logtap.run(("tail " + app + " " + arguments).split(" "));
  }

  private String definition(String name) {
    return name + "=" + directory.resolve(name + ".log");
  }

  /** A sentence on stderr, and nothing on stdout. */
  private static void expectSentence(Logtap wrong, String... words) {
    assertEquals("", wrong.out(), wrong::toString);
    Sentence.expect(wrong, words);
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which config file the installed program reads, what counts more than it, and how it complains of it. */
class ConfigIT {
  private static final int TOO_LARGE = 10 << 20;

  @TempDir Path directory;

  private LogDirectory logs;

  @BeforeEach
  void oneLog() {
    logs = new LogDirectory(directory);
    logs.log("app", "one\ntwo\nthree\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --lines=1 | 2   | 3   | 'three\n'
                    | 2   | 3   | 'two\nthree\n'
                    |     | 3   | 'one\ntwo\nthree\n'
          --lines=0 | all | all | ''
                    | 0   | all | ''
                    |     | all | 'one\ntwo\nthree\n'
                    |     | '"all"' | 'one\ntwo\nthree\n'
          """)
  void flag_counts_more_than_variable_than_file_for_lines(String flag, String variable, String file, String expected) {
    assertEquals(expected, tail("lines", flag, variable, quoted(file)).expectExit(0).out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --output=json | text | text | {
          --output=text | json | json | o
                        | json | text | {
                        | text | json | o
                        |      | json | {
                        |      | text | o
                        |      |      | o
          """)
  void flag_counts_more_than_variable_than_file_for_output(String flag, String variable, String file, char first) {
    assertEquals(first, tail("output", flag, variable, quoted(file)).expectExit(0).out().charAt(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --color=always | never  | never  | true
          --color=never  | always | always | false
                         | always | never  | true
                         | never  | always | false
                         |        | always | true
                         |        | never  | false
                         |        |        | false
          """)
  void flag_counts_more_than_variable_than_file_for_color(String flag, String variable, String file, boolean coloured) {
    logs.config("other.log", "four\n");
    String other = "other=" + directory.resolve("other.log");

    Logtap tail = tail("color", flag, variable, quoted(file), "--log", other, "other").expectExit(0);

    assertEquals(coloured, tail.out().contains("\u001b["), tail::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --follow       | false | false | true
          -f             |       |       | true
          --follow=false | true  | true  | false
                         | true  | false | true
                         | false | true  | false
                         |       | true  | true
                         |       | false | false
                         |       |       | false
          """)
  void flag_counts_more_than_variable_than_file_for_follow(String flag, String variable, String file, boolean follows) {
    if (!follows) {
      assertEquals("one\ntwo\nthree\n", tail("follow", flag, variable, file).expectExit(0).out());
      return;
    }
    try (Logtap tail = startTail("follow", flag, variable, file)) {
      append(tail.awaitOut("three\n"), "four\n");
      tail.awaitWholeOut("one\ntwo\nthree\nfour\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --poll       | false | false | true
          --poll=false | true  | true  | false
                       | true  | false | true
                       | false | true  | false
                       |       | true  | true
                       |       | false | false
                       |       |       | false
          """)
  void flag_counts_more_than_variable_than_file_for_poll(String flag, String variable, String file, boolean polls) {
    try (Logtap tail = startTail("poll", flag, variable, file, "-f", "--debug")) {
      // By the time a line has come that was written later, it has said how it follows.
      append(tail.awaitOut("three\n"), "four\n");
      tail.awaitOut("four\n").awaitErr("following by");

      assertEquals(!polls, tail.err().contains("events"), tail::toString);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "LOGTAP_LINES, many, a whole number from 0",
    "LOGTAP_LINES, -1, a whole number from 0",
    "LOGTAP_OUTPUT, xml, 'text, json'",
    "LOGTAP_COLOR, blue, 'auto, always, never'",
    "LOGTAP_FOLLOW, maybe, true or false",
    "LOGTAP_POLL, maybe, true or false",
  })
  void wrong_variable_is_2_and_named_with_what_was_expected(String variable, String value, String expected) {
    Logtap wrong = Logtap.run(Map.of(variable, value), "tail", logs.entry("app", "app.log"), "app").expectExit(2);

    expectOnlyTheSentence(wrong, variable + ": '" + value + "'", expected);
  }

  @Test
  void only_the_first_file_that_exists_counts() {
    String flag = logs.config("flag.toml", "[logs]\nflag = 'app.log'\n");
    String variable = logs.config("variable.toml", "[logs]\nvariable = 'app.log'\n");
    logs.config("xdg/logtap/logtap.toml", "[logs]\nxdg = 'app.log'\n");
    logs.config("home/.config/logtap/logtap.toml", "[logs]\nhome = 'app.log'\n");
    Map<String, String> environment = new HashMap<>();
    environment.put("HOME", directory + "/home");

    assertEquals("home", ownName(environment));
    environment.put("XDG_CONFIG_HOME", directory + "/xdg");
    assertEquals("xdg", ownName(environment));
    environment.put("LOGTAP_CONFIG", variable);
    assertEquals("variable", ownName(environment));
    assertEquals("flag", ownName(environment, "--config", flag));
  }

  @Test
  void empty_file_that_exists_hides_the_others() {
    logs.config("xdg/logtap/logtap.toml", "");
    logs.config("home/.config/logtap/logtap.toml", "[logs]\nhome = 'app.log'\n");

    assertEquals("", ownName(Map.of("XDG_CONFIG_HOME", directory + "/xdg", "HOME", directory + "/home")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"xdg", "home"})
  void users_file_hides_the_systems(String users) {
    logs.config("xdg/logtap/logtap.toml", "[logs]\nxdg = 'app.log'\n");
    logs.config("home/.config/logtap/logtap.toml", "[logs]\nhome = 'app.log'\n");
    String variable = users.equals("xdg") ? "XDG_CONFIG_HOME" : "HOME";

    assertEquals(users, ownName(withSystemsFile(Map.of(variable, directory + "/" + users))));
    assertEquals("system", ownName(withSystemsFile(Map.of(variable, "/nonexistent"))));
  }

  @Test
  void home_that_is_no_directory_has_no_file() {
    assertEquals("", ownName(Map.of("HOME", "/dev/null")));
    assertEquals("", ownName(Map.of("XDG_CONFIG_HOME", directory.resolve("app.log").toString())));
  }

  @Test
  void users_file_with_a_slip_is_not_passed_over() {
    String file = logs.config("logtap/logtap.toml", "[logs\n");

    Logtap wrong = Logtap.run(Map.of("XDG_CONFIG_HOME", directory.toString()), "logs").expectExit(2);

    expectOnlyTheSentence(wrong, file + ":1: ");
  }

  @Test
  void relative_paths_begin_at_the_files_own_directory() {
    logs.config("etc/logtap.toml", "[logs]\nup = '../app.log'\nbeside = { path = 'beside.log' }\n");
    logs.config("etc/beside.log", "four\n");

    Logtap tail = Script.start("cd \"$1\" && exec \"$0\" --config etc/logtap.toml tail -n 1 up beside", directory);

    assertEquals("up: three\nbeside: four\n", tail.expectExit(0).out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3 | [tail]~~lines = "unterminated                    | "
          3 | [tail]~lines = 5~lines = 6                       | lines
          2 | [tail]~lines 5                                   | =
          1 | lines = 5                                        | 'lines'
          2 | [logs]~[tial]                                    | 'tial'
          1 | tail = 5                                         | a table
          3 | [tail]~~lins = 5                                 | lines, follow, output, poll, color
          2 | [tail]~lines = "many"                            | a whole number from 0, or all
          2 | [tail]~lines = -1                                | a whole number from 0, or all
          2 | [tail]~lines = 1.5                               | a whole number from 0, or all
          2 | [tail]~lines = [1]                               | a whole number from 0, or all
          2 | [tail]~lines = true                              | a whole number from 0, or all
          2 | [tail]~follow = "maybe"                          | true or false
          2 | [tail]~poll = []                                 | true or false
          2 | [tail]~output = "xml"                            | text, json
          2 | [tail]~color = "blue"                            | auto, always, never
          2 | [tail]~color = 5                                 | auto, always, never
          2 | [logs]~app = 5                                   | path
          2 | [logs]~app = { symlink = true }                  | path
          2 | [logs]~app = { path = "app.log", symlink = "y" } | true or false
          2 | [logs]~app = { path = "app.log", link = true }   | path, symlink
          2 | [logs]~App = "app.log"                           | a-z, 0-9
          2 | [logs]~"a/b" = "app.log"                         | a-z, 0-9
          2 | [logs]~railway = "app.log"                       | 'railway'
          2 | [logs]~app = ""                                  | path
          3 | [logs.app]~symlink = true~path = 5               | path
          """)
  void slip_is_2_with_file_line_and_what_was_expected(int line, String toml, String expected) {
    String file = logs.config("logtap.toml", toml.replace('~', '\n') + "\n");

    Logtap wrong = Logtap.run("--config", file, "tail", logs.entry("app", "app.log"), "app").expectExit(2);

    expectOnlyTheSentence(wrong, "logtap: " + file + ":" + line + ": ", expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[serve]\nlistne = 8000\n",
        "[serve]\nlisten = []\n",
        "[watch]\nlines = 'many'\n",
        "[token]\nttl = 8\n",
        "[railway.environments]\nproduction = 5\n",
      })
  void slip_in_another_commands_table_does_not_keep_from_tail(String toml) {
    String file = logs.config("logtap.toml", toml + "[logs]\napp = 'app.log'\n");

    assertEquals("three\n", Logtap.run("--config", file, "tail", "-n", "1", "app").expectExit(0).out());
  }

  @Test
  void slip_in_the_table_of_tail_does_not_keep_from_logs() {
    String file = logs.config("logtap.toml", "[tail]\nlins = 5\n[logs]\napp = 'app.log'\n");

    assertTrue(Logtap.run("--config", file, "logs").expectExit(0).out().contains("app.log"));
  }

  @Test
  void file_that_is_named_and_missing_is_2() {
    expectOnlyTheSentence(Logtap.run("--config", "/nonexistent/x.toml", "logs").expectExit(2), "'/nonexistent/x.toml'");
    expectOnlyTheSentence(
        Logtap.run(Map.of("LOGTAP_CONFIG", "/nonexistent/x.toml"), "logs").expectExit(2), "'/nonexistent/x.toml'");
  }

  @Test
  void what_can_not_be_a_config_file_is_2() {
    String large = logs.config("large.toml", "#".repeat(TOO_LARGE));

    expectOnlyTheSentence(Logtap.run("--config", large, "logs").expectExit(2), "'" + large + "'", "larger than");
    expectOnlyTheSentence(Logtap.run("--config", "/dev/zero", "logs").expectExit(2), "'/dev/zero'", "larger than");
    expectOnlyTheSentence(Logtap.run("--config", directory.toString(), "logs").expectExit(2), "'" + directory + "'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [logs]~                   | log-# = { path = 'app.log', symlink = true }~ | ~
          [logs]~                   | a# = 'b'~                                     | ~
          [serve]~allow-origin = [~ | 1,~                                           | ]~
          [serve]~allow-origin = [~ | {},~                                          | ]~
          [logs]~                   | [serve.t#]~                                   | ~
          """)
  void largest_file_is_read_with_the_launchers_heap(String begin, String repeated, String end) {
    StringBuilder toml = new StringBuilder(begin.replace('~', '\n'));
    long largest = largest();
    for (int i = 0; toml.length() < largest - 100; i++) {
      toml.append(repeated.replace("#", Integer.toString(i)).replace('~', '\n'));
    }
    String file = logs.config("logtap.toml", toml + end.replace('~', '\n'));

    Logtap tail = Logtap.run("--config", file, "tail", "-n", "1", logs.entry("app", "app.log"), "app");

    assertEquals("three\n", tail.expectExit(0).out());
  }

  /** The parser's own time grows with the cube of such a run. */
  @Test
  void file_full_of_comments_is_read_at_once() {
    String file = logs.config("logtap.toml", "# lines = 50\n".repeat(3000) + "[logs]\napp = 'app.log'\n");

    assertEquals("three\n", Logtap.run("--config", file, "tail", "-n", "1", "app").expectExit(0).out());
  }

  @Test
  void config_can_come_through_a_pipe() {
    String toml = "[logs]\\napp = \\\"" + directory.resolve("app.log") + "\\\"\\n";

    Logtap tail = Script.start("printf \"" + toml + "\" | \"$0\" --config /dev/stdin tail -n 1 app");

    assertEquals("three\n", tail.expectExit(0).out());
  }

  /** The names on the list beside those that are built in. */
  private static String ownName(Map<String, String> environment, String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("logs", "-o", "json"));
    return ownName(Logtap.run(environment, arguments.toArray(String[]::new)));
  }

  private static String ownName(Logtap list) {
    List<String> builtIn = List.of("mysql", "nginx-access", "nginx-error", "php-fpm");
    List<Object> names =
        JsonRecord.ofLines(list.expectExit(0).outBytes()).stream()
            .map(entry -> entry.get("log"))
            .filter(name -> !builtIn.contains(name))
            .toList();
    return String.join(",", names.stream().map(Object::toString).toList());
  }

  /** Lists in a mount namespace of its own, in which /etc holds nothing but our file. */
  private static Logtap withSystemsFile(Map<String, String> environment) {
    String mount = "mount -t tmpfs none /etc && mkdir /etc/logtap";
    boolean possible = Script.start("unshare -m sh -c '" + mount + "'").awaitExit().process().exitValue() == 0;
    assumeTrue(possible, "mounting needs privileges");
    String toml = "printf \"[logs]\\nsystem = \\\"/app.log\\\"\\n\" >/etc/logtap/logtap.toml";
    String list = "exec \"$0\" logs -o json";
    return Script.start(environment, "unshare -m sh -c '" + mount + " && " + toml + " && " + list + "' \"$0\"");
  }

  /** In bytes, as the sentence about a larger file names it. */
  private long largest() {
    String large = logs.config("large.toml", "#".repeat(TOO_LARGE));
    String sentence = Logtap.run("--config", large, "logs").expectExit(2).err();
    Matcher limit = Pattern.compile("larger than (\\d+) (KiB|MiB)").matcher(sentence);
    assertTrue(limit.find(), sentence);
    return Long.parseLong(limit.group(1)) << (limit.group(2).equals("KiB") ? 10 : 20);
  }

  private static String quoted(String word) {
    return word == null || word.startsWith("\"") || Character.isDigit(word.charAt(0)) ? word : "\"" + word + "\"";
  }

  private Logtap tail(String setting, String flag, String variable, String file, String... more) {
    return startTail(setting, flag, variable, file, more).awaitExit();
  }

  /** Starts with one setting given in up to three places; null is nowhere. */
  private Logtap startTail(String setting, String flag, String variable, String file, String... more) {
    String toml = "[logs]\napp = 'app.log'\n[tail]\n" + (file == null ? "" : setting + " = " + file + "\n");
    List<String> arguments = new ArrayList<>(List.of("tail", "--config", logs.config("logtap.toml", toml), "app"));
    if (flag != null) {
      arguments.add(flag);
    }
    arguments.addAll(List.of(more));
    String name = "LOGTAP_" + setting.toUpperCase(Locale.ROOT);
    return Logtap.start(variable == null ? Map.of() : Map.of(name, variable), arguments.toArray(String[]::new));
  }

  private void append(Logtap after, String text) {
    assertFalse(after.out().contains(text), after::toString);
    LogFiles.append(directory.resolve("app.log"), text);
  }

  private static void expectOnlyTheSentence(Logtap wrong, String... words) {
    assertEquals("", wrong.out(), wrong::toString);
    Sentence.expect(wrong, words);
  }
}

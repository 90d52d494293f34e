package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the installed program shows on a terminal, which script(1) makes for it. */
class TerminalIT {
  private static final String ESCAPE = "\u001b";

  @TempDir Path directory;

  private LogDirectory logs;

  @BeforeEach
  void noLogs() {
    logs = new LogDirectory(directory);
  }

  @Test
  void control_characters_are_shown_and_not_obeyed() {
    String log = "\u001b[31mred\u0000\u0007\b\u007f\n\u0085\u009b31m\n\u202e\u2066x\u2069\u202c\ncrlf\r\n";

    Logtap tail = onTerminal(Map.of(), "tail", logs.log("app", log), "app").expectExit(0);

    assertEquals(
        "^[[31mred^@^G^H^?\n\\u{85}\\u{9b}31m\n\\u{202e}\\u{2066}x\\u{2069}\\u{202c}\ncrlf^M\n", shown(tail));
  }

  @Test
  void json_holds_nothing_that_a_terminal_obeys() {
    String app = logs.log("app", "\u001b[31m\u009b31m \u202eb\u00e4r\n");

    Logtap tail = onTerminal(Map.of(), "tail", app, "-o", "json", "app").expectExit(0);

    assertEquals("{\"log\":\"app\",\"line\":\"\\u001b[31m\\u009b31m \\u202eb\u00e4r\"}\n", shown(tail));
  }

  @Test
  void everything_else_is_as_it_is() {
    String log = "tab\tand\u00a0\u00fc\u20ac\ud83d\ude00\u200d\u2029 \\u{9b} ^[ no end";

    Logtap tail = onTerminal(Map.of(), "tail", logs.log("app", log), "app").expectExit(0);

    assertEquals(log, shown(tail));
  }

  @Test
  void bytes_that_are_no_utf8_are_replaced() {
    byte[] log = HexFormat.of().parseHex("61" + "9b" + "33" + "c3" + "0a" + "e282" + "62" + "ff" + "fe" + "0a");

    Logtap tail = onTerminal(Map.of(), "tail", logs.log("app", log), "app").expectExit(0);

    assertEquals("a\uFFFD3\uFFFD\n\uFFFDb\uFFFD\uFFFD\n", shown(tail));
  }

  @Test
  void long_line_is_shown_whole_and_no_character_is_cut() {
    String log = "x" + "\u20ac".repeat(500_000) + "\u001b\n";

    Logtap tail = onTerminal(Map.of(), "tail", logs.log("app", log), "app").expectExit(0);

    assertTrue(shown(tail).equals(log.replace(ESCAPE, "^[")), "the line is another one");
  }

  @Test
  void lines_that_come_later_are_harmless_as_well() {
    String app = logs.log("app", "one\n");

    try (Logtap tail = onTerminal(Map.of(), "tail", "-f", app, "app")) {
      tail.awaitOut("one");
      LogFiles.append(directory.resolve("app.log"), "\u001b[2Jtwo\n");

      tail.awaitWholeOut("one\r\n^[[2Jtwo\r\n");
    }
  }

  @Test
  void json_is_the_same_as_in_a_pipe() {
    String app = logs.log("app", "\u001b[31mred \"quoted\"\r\n\u00fc\n");
    String web = logs.log("web", "two\n");
    String[] arguments = {"tail", "-o", "json", "--color", "always", app, web, "app", "web"};

    String inPipe = Logtap.run(arguments).expectExit(0).out();

    assertEquals(inPipe, shown(onTerminal(Map.of(), arguments).expectExit(0)));
    assertFalse(inPipe.contains(ESCAPE), inPipe);
  }

  @ParameterizedTest
  @CsvSource({
    "auto,   , xterm, true",
    "auto, '', xterm, true",
    "auto,  1, xterm, false",
    "auto,  0, xterm, false",
    "auto,   , dumb, false",
    "always, , xterm, true",
    "always, 1, xterm, true",
    "always, , dumb, true",
    "never,  , xterm, false",
    "      , , xterm, true",
    "      , 1, xterm, false",
  })
  void names_are_coloured_on_a_terminal_as_asked_for(String color, String noColor, String term, boolean coloured) {
    Map<String, String> environment = environment(noColor, term);
    String[] arguments = twoLogs(color);

    Logtap tail = onTerminal(environment, arguments).expectExit(0);

    assertEquals(coloured, shown(tail).contains(ESCAPE), tail::toString);
    assertEquals("app: one\nweb: two\n", withoutColour(shown(tail)));
  }

  @ParameterizedTest
  @CsvSource({"auto, , false", "always, , true", "always, 1, true", "never, , false", " , , false"})
  void names_in_a_pipe_are_coloured_only_when_that_is_asked_for(String color, String noColor, boolean coloured) {
    Logtap tail = Logtap.run(environment(noColor, "xterm"), twoLogs(color)).expectExit(0);

    assertEquals(coloured, tail.out().contains(ESCAPE), tail::toString);
    assertEquals("app: one\nweb: two\n", withoutColour(tail.out()));
  }

  @Test
  void colour_surrounds_the_name_and_nothing_of_the_line() {
    Logtap tail = onTerminal(Map.of("TERM", "xterm"), twoLogs("always")).expectExit(0);

    assertTrue(shown(tail).matches("(\u001b\\[\\d+m(app|web):\u001b\\[0?m (one|two)\\n){2}"), tail::toString);
  }

  @Test
  void log_alone_is_not_coloured() {
    Logtap tail = onTerminal(Map.of("TERM", "xterm"), "tail", "--color=always", logs.log("app", "one\n"), "app");

    assertEquals("one\n", shown(tail.expectExit(0)));
  }

  @Test
  void terminal_for_errors_alone_leaves_the_bytes_in_the_pipe_as_they_are() throws IOException {
    String app = logs.log("app", "\u001b[31mred\u0000\r\n");
    Path out = directory.resolve("out");

    Logtap tail =
        inScript(Map.of(), "\"$0\" tail " + app + " " + logs.entry("gone", "gone") + " gone app >" + out).expectExit(1);

    assertEquals("app: \u001b[31mred\u0000\r\n", Files.readString(out));
    assertTrue(shown(tail).startsWith("logtap: gone: "), tail::toString);
  }

  @Test
  void without_utf_8_only_ascii_is_shown() {
    String app = logs.log("app", "gr\u00fcn \u009b31m\n");
    Logtap tail = onTerminal(Map.of("LC_ALL", "C"), "tail", app, "app").expectExit(0);

    assertEquals("gr\\u{fc}n \\u{9b}31m\n", shown(tail));
  }

  @Test
  void path_in_the_list_of_logs_is_harmless() {
    String evil = "\u001b[31m\u202e\n.log";
    logs.write(evil, new byte[0]);

    Logtap list = onTerminal(Map.of(), "logs", logs.entry("app", evil), logs.entry("web", evil + "2")).expectExit(0);

    assertEquals(2, shown(list).lines().filter(line -> line.contains("^[[31m\\u{202e}^J.log")).count(), list::toString);
    assertFalse(shown(list).contains(ESCAPE), list::toString);
  }

  private String[] twoLogs(String color) {
    String app = logs.log("app", "one\n");
    String web = logs.log("web", "two\n");
    return color == null
        ? new String[] {"tail", app, web, "app", "web"}
        : new String[] {"tail", "--color", color, app, web, "app", "web"};
  }

  private static Map<String, String> environment(String noColor, String term) {
    Map<String, String> environment = new HashMap<>(Map.of("TERM", term));
    if (noColor != null) {
      environment.put("NO_COLOR", noColor);
    }
    return environment;
  }

  private static Logtap onTerminal(Map<String, String> environment, String... arguments) {
    StringBuilder command = new StringBuilder("exec \"$0\"");
    for (String argument : arguments) {
      command.append(" '").append(argument.replace("'", "'\\''")).append('\'');
    }
    return inScript(environment, command.toString());
  }

  /** Runs a command whose {@code $0} is the launcher on a terminal of its own, and with its exit code. */
  private static Logtap inScript(Map<String, String> environment, String command) {
    String quoted = "sh -c '" + command.replace("'", "'\\''") + "' '" + Logtap.launcher() + "'";
    Map<String, String> all = new HashMap<>(Map.of("LC_ALL", "C.UTF-8"));
    all.putAll(environment);
    return Logtap.startCommand(all, List.of("script", "-qec", quoted, "/dev/null"));
  }

  /** What the program wrote: the terminal's driver puts a return before each newline. */
  private static String shown(Logtap onTerminal) {
    return onTerminal.out().replace("\r\n", "\n");
  }

  private static String withoutColour(String text) {
    return text.replaceAll("\u001b\\[\\d+m", "");
  }
}

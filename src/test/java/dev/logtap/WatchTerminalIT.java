package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code logtap watch} on a terminal, which tmux makes: keys are sent, and what is seen is looked at. */
class WatchTerminalIT extends WatchedTerminal {
  @Test
  void lines_stand_above_a_status_line() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      live(terminal, server);
      LogFiles.append(log, "three\n");

      terminal.await(screen -> screen.matches("(?s)one\ntwo\nthree\n app live \\| \\d+/s \\| \\? keys\n+"));
    }
  }

  @ParameterizedTest
  @CsvSource({"q, 0", "C-c, 130"})
  void terminal_is_as_it_was_before_when_a_key_ends_it(String key, int code) {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      terminal.enter("cd " + directory + "; stty -a >before");
      live(terminal, server);
      assertEquals("0", terminal.format("#{cursor_flag}"));
      terminal.press(key).awaitScreen("exit " + code);

      expectRestored(terminal);
      assertFalse(terminal.screen().contains("keys"), terminal::toString);
    }
  }

  @Test
  void terminal_is_as_it_was_before_when_it_is_terminated() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      terminal.enter("cd " + directory + "; stty -a >before");
      live(terminal, server);
      ProcessHandle shell = ProcessHandle.of(Long.parseLong(terminal.format("#{pane_pid}"))).orElseThrow();
      shell.children().forEach(ProcessHandle::destroy);
      terminal.awaitScreen("exit 143");

      expectRestored(terminal);
    }
  }

  @Test
  void terminal_is_as_it_was_before_when_all_targets_have_ended() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      terminal.enter("cd " + directory + "; stty -a >before");
      watch(terminal, server, "nothing").awaitScreen("exit 2");

      expectRestored(terminal);
      assertTrue(terminal.screen().contains("-- nothing: "), terminal::toString);
    }
  }

  @Test
  void stopped_it_gives_the_terminal_back_and_continued_takes_it_again() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      terminal.enter("set -m; cd " + directory + "; stty -a >before");
      live(terminal, server);
      terminal.press("C-z").await(screen -> !screen.contains("? keys") && screen.contains("top"));
      expectRestored(terminal);
      LogFiles.append(log, "meanwhile\n");

      terminal.enter("clear; fg; echo back $?").awaitScreen(" live").awaitScreen("meanwhile");
      assertEquals("0", terminal.format("#{cursor_flag}"));
      terminal.press("q").awaitScreen("\nback 0");
      expectRestored(terminal);
    }
  }

  @Test
  void pause_loses_nothing() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      live(terminal, server);
      terminal.press("Space").awaitScreen(" paused, 0 waiting | app live");
      LogFiles.append(log, numbered(0, 500));
      terminal.awaitScreen("paused, 500 waiting");
      assertFalse(terminal.screen().contains("line "), terminal::toString);

      terminal.press("Space").awaitScreen("line 499.");
      assertEquals("one\ntwo\n" + numbered(0, 500), lines(terminal));
    }
  }

  /** What was printed, without the status line and what is empty below. */
  private static String lines(Tmux terminal) {
    return terminal
        .scrollback()
        .lines()
        .map(String::stripTrailing)
        .filter(line -> line.equals("one") || line.equals("two") || line.startsWith("line "))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  @Test
  void pause_holds_up_the_server_where_there_is_too_much() {
    String line = "x".repeat(99) + "\n";
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      live(terminal, server);
      terminal.press("Space").awaitScreen("paused");
      for (int i = 0; i < 40; i++) {
        LogFiles.append(log, line.repeat(10_000));
      }
      LogFiles.append(log, "last\n");
      terminal.awaitScreen("more at the server");

      terminal.press("Space").awaitScreen("last\n");
    }
  }

  @Test
  void filter_holds_for_what_is_on_the_screen_and_what_comes() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      live(terminal, server);
      terminal.type("/T").await(screen -> screen.startsWith("two\n/T_"));
      terminal.press("BSpace").await(screen -> screen.startsWith("one\ntwo\n/_"));
      terminal.type("/^t/").press("Enter").await(screen -> screen.startsWith("two\n app live | //^t/ |"));
      LogFiles.append(log, "not\nthree\n");

      terminal.await(screen -> screen.startsWith("two\nthree\n app live | //^t/ |"));
      terminal.press("/", "Enter").await(screen -> screen.startsWith("one\ntwo\nnot\nthree\n app live | "));
    }
  }

  @Test
  void sources_are_hidden_and_shown() {
    LogFiles.append(other, "three\n");
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      watch(terminal, server, "app web").awaitScreen(" live").awaitScreen("web: three").awaitScreen("app: two");
      terminal.type("s1").await(screen -> screen.startsWith("web: three\nhide/show  1 -app  2 +web"));
      terminal.press("Escape").awaitScreen("1 hidden");
    }
  }

  @Test
  void keys_are_shown() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      live(terminal, server);

      terminal.type("?").awaitScreen("space  pause").awaitScreen("q      quit");
    }
  }

  @Test
  void scrollback_loses_no_line_over_resizes() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      live(terminal, server);
      int[][] sizes = {{100, 30}, {40, 10}, {120, 40}, {20, 24}, {80, 24}};
      int written = 0;
      for (int[] size : sizes) {
        LogFiles.append(log, numbered(written, written + 80));
        terminal.awaitScreen("line " + (written + 79) + ".");
        terminal.resize(size[0], size[1]);
        LogFiles.append(log, numbered(written + 80, written + 160));
        written += 160;
        terminal.awaitScreen("line " + (written - 1) + ".");
      }

      assertEquals("one\ntwo\n" + numbered(0, written), lines(terminal));
      // There is none for a moment, while the last is drawn anew; one too many stays.
      Await.until(() -> statusLines(terminal) == 1, terminal::scrollback);
    }
  }

  private static long statusLines(Tmux terminal) {
    return terminal.scrollback().lines().filter(line -> line.contains(" live ")).count();
  }

  @Test
  void twenty_columns_are_enough() {
    LogFiles.append(log, "a line that is longer than the terminal is wide\n");
    try (Server server = setup().start();
        Tmux terminal = terminal(20, 24)) {
      watch(terminal, server, "app").awaitScreen("\nis wide\n app live");
      terminal.press(" ").awaitScreen(" paused, 0 waiting\n");
      terminal.press(" ").awaitScreen("\nis wide\n app live");
    }
  }

  @Test
  void wide_characters_are_cut_where_they_end() {
    try (Server server = setup().start();
        Tmux terminal = terminal(21, 24, Map.of("LC_ALL", "C.UTF-8"))) {
      live(terminal, server);
      terminal.press("w").press("c").await(screen -> screen.startsWith(" app live"));
      LogFiles.append(log, "\u65e5".repeat(30) + "\ne\u0301\ud83d\ude00" + "\u65e5".repeat(30) + "\nend\n");

      terminal.awaitScreen("\u65e5".repeat(10) + ">\ne\u0301\ud83d\ude00" + "\u65e5".repeat(8) + " >\nend\n app live");
    }
  }

  @Test
  void what_a_log_says_is_not_obeyed() {
    LogFiles.append(log, "\u001b[2J\u001b]0;title\u0007\u009b31m\n");
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      watch(terminal, server, "app")
          .await(screen -> screen.startsWith("one\ntwo\n^[[2J^[]0;title^G\\u{9b}31m\n app live"));
    }
  }

  @Test
  void dumb_terminal_gets_lines_only() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      terminal.enter("export TERM=dumb");
      watch(terminal, server, "app").awaitScreen("two");
      LogFiles.append(log, "three\n");
      terminal.awaitScreen("two\nthree\n");

      assertFalse(terminal.screen().contains("live"), terminal::toString);
      terminal.press("C-c").awaitScreen("exit 130");
    }
  }

  @ParameterizedTest
  @CsvSource({"'', true", "1, false"})
  void colour_heeds_no_color(String noColor, boolean coloured) {
    LogFiles.append(log, "ERROR red\n");
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24, Map.of("NO_COLOR", noColor))) {
      watch(terminal, server, "app").awaitScreen("ERROR red\n app live");

      assertEquals(coloured, terminal.colours().contains("\u001b[31mERROR red"), terminal::colours);
    }
  }

  @Test
  void lost_connection_is_told_and_the_next_attempt_counted_down() {
    try (Tmux terminal = terminal(100, 24)) {
      int port;
      try (Server server = setup().start()) {
        port = server.port();
        live(terminal, server);
      }
      terminal.awaitScreen("-- app: connection lost (").await(screen -> screen.matches("(?s).* app reconnecting in \\d+ s \\| .*"));

      try (Server _ = setup().port(port).start()) {
        LogFiles.append(log, "three\n");
        terminal.awaitScreen("-- app: connected again").awaitScreen("three\n app live");
      }
    }
  }

  @Test
  void flood_leaves_keys_their_answer() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      live(terminal, server);
      Thread flood = flood();
      terminal.awaitScreen("xxx");

      long begin = System.nanoTime();
      terminal.press("Space").awaitScreen("paused");
      long took = (System.nanoTime() - begin) / 1_000_000;
      join(flood);
      // In the midst of it: how long that takes is a matter of the machine.
      assertFalse(terminal.screen().contains("last"), terminal::toString);
      terminal.press("q").awaitScreen("exit 0");
      assertTrue(took < 10_000, took + " ms");
    }
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code logtap watch --full}: keys and the mouse's wheel, and that the terminal is as it was afterwards. */
class WatchFullIT extends WatchedTerminal {
  private static final String WHEEL_UP = "\u001b[<64;5;5M";
  private static final String WHEEL_DOWN = "\u001b[<65;5;5M";

  private static String modes(Tmux terminal) {
    return terminal.format("#{alternate_on} #{mouse_any_flag} #{mouse_sgr_flag} #{wrap_flag} #{cursor_flag}");
  }

  private static void expectTaken(Tmux terminal) {
    assertEquals("1 1 1 0 0", modes(terminal));
  }

  /** The terminal's settings are what they were, and nothing of ours stands on its screen. */
  private static void expectGivenBack(Tmux terminal) {
    expectRestored(terminal);
    assertEquals("0 0 0 1 1", modes(terminal));
    String screen = terminal.screen();
    assertTrue(screen.startsWith("here before\n"), screen);
    assertFalse(screen.contains("? keys") || screen.contains("one\ntwo"), screen);
  }

  /** With something on the shell's screen, and the terminal's settings noted. */
  private Tmux used(Tmux terminal) {
    terminal.enter("PS1='> '; cd " + directory + "; stty -a >before; clear; echo here before");
    return terminal.await(screen -> screen.startsWith("here before\n"));
  }

  private static Tmux full(Tmux terminal, Server server, String arguments) {
    return terminal.enter("\"$logtap\" watch --full --server " + server.origin() + " " + arguments + "; echo exit $?");
  }

  @Test
  void lines_stand_at_the_top_and_the_status_line_at_the_bottom() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 10)) {
      full(terminal, server, "app").awaitScreen(" live");
      LogFiles.append(log, "three\n");

      terminal.await(screen -> screen.matches("one\ntwo\nthree\n{7} app live \\| \\d+/s \\| \\? keys\n"));
    }
  }

  @ParameterizedTest
  @CsvSource({"q, 0", "C-c, 130"})
  void screen_is_as_it_was_before_when_a_key_ends_it(String key, int code) {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      used(terminal);
      full(terminal, server, "app").awaitScreen(" live");
      expectTaken(terminal);
      terminal.press(key).awaitScreen("exit " + code);

      expectGivenBack(terminal);
    }
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "HUP, 129"})
  void screen_is_as_it_was_before_when_a_signal_ends_it(String signal, int code) {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      used(terminal);
      full(terminal, server, "app").awaitScreen(" live");
      Signal.send(signal, terminal.program().pid());
      terminal.awaitScreen("exit " + code);

      expectGivenBack(terminal);
    }
  }

  @Test
  void stopped_it_gives_the_screen_back_and_continued_takes_it_again() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      used(terminal).enter("set -m");
      full(terminal, server, "app").awaitScreen(" live");
      terminal.press("C-z").await(screen -> !screen.contains("? keys") && screen.contains("top"));
      expectGivenBack(terminal);
      LogFiles.append(log, "meanwhile\n");

      terminal.enter("fg; echo back $?").awaitScreen(" live").await(screen -> screen.startsWith("one\ntwo\nmeanwhile\n"));
      expectTaken(terminal);
      terminal.press("q").awaitScreen("\nback 0");
      expectGivenBack(terminal);
    }
  }

  @Test
  void what_never_was_is_told_on_the_screen_that_there_was() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      used(terminal);
      full(terminal, server, "nothing").awaitScreen("exit 2");

      expectGivenBack(terminal);
      assertTrue(terminal.screen().contains("logtap: nothing: "), terminal::toString);
    }
  }

  @Test
  void what_came_can_be_read_after_all_has_ended() {
    try (Tmux terminal = terminal(80, 24)) {
      used(terminal);
      try (Server server = setup().start()) {
        full(terminal, server, "--no-reconnect app").awaitScreen(" live");
      }
      terminal.awaitScreen(" app ended: ").type("/tw").await(screen -> screen.startsWith("two\n"));
      terminal.press("Enter", "q").awaitScreen("exit 1");

      expectGivenBack(terminal);
      assertTrue(terminal.screen().contains("logtap: app: "), terminal::toString);
    }
  }

  @Test
  void keys_and_wheel_scroll_through_all_that_came() {
    LogFiles.append(log, numbered(0, 400));
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      full(terminal, server, "-n 300 app").await(screen -> screen.startsWith("line 377.\n"));
      terminal.press("PPage").await(screen -> screen.startsWith("line 355.\n"));
      terminal.press("Up").await(screen -> screen.startsWith("line 354.\n"));
      terminal.type(WHEEL_UP).await(screen -> screen.startsWith("line 351.\n"));
      terminal.type(WHEEL_DOWN + "jk").await(screen -> screen.startsWith("line 354.\n"));
      terminal.press("Home").await(screen -> screen.startsWith("line 100.\n"));
      LogFiles.append(log, numbered(400, 403));
      terminal.awaitScreen(" 3 new below | app live").await(screen -> screen.startsWith("line 100.\n"));
      terminal.press("NPage").await(screen -> screen.startsWith("line 122.\n"));

      terminal.press("End").await(screen -> screen.startsWith("line 380.\n"));
      LogFiles.append(log, numbered(403, 404));
      terminal.await(screen -> screen.startsWith("line 381.\n")).awaitScreen("\n app live");
    }
  }

  @Test
  void filter_holds_for_what_was_scrolled_out_and_what_comes() {
    LogFiles.append(log, numbered(0, 400));
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      full(terminal, server, "-n 400 app").awaitScreen("line 399.");
      terminal.type("/line 7").await(screen -> screen.startsWith("line 7.\nline 70.\n")).press("Enter");
      LogFiles.append(log, "no\nline 7000.\n");
      terminal.await(screen -> screen.startsWith("line 7.\n") && screen.contains("line 79.\nline 7000.\n\n"));
      terminal.press("N").awaitScreen("around a match");
      terminal.press("N").await(screen -> screen.contains("line 78.\nline 79.\nline 80.\n"));
      terminal.press("Escape").await(screen -> screen.contains("line 79.\nline 7000.\n"));

      terminal.press("/", "Enter").await(screen -> screen.contains("line 399.\nno\nline 7000.\n"));
    }
  }

  @Test
  void resized_it_wraps_anew() {
    LogFiles.append(log, "a".repeat(70) + "\nend\n");
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 10)) {
      full(terminal, server, "app").await(screen -> screen.startsWith("one\ntwo\n" + "a".repeat(70) + "\nend\n"));
      terminal.resize(30, 10).await(screen -> screen.startsWith("one\ntwo\n" + ("a".repeat(30) + "\n").repeat(2) + "a".repeat(10) + "\nend\n"));
      terminal.resize(20, 5).await(screen -> screen.startsWith("a".repeat(20) + "\n" + "a".repeat(20) + "\n" + "a".repeat(10) + "\nend\n app live"));

      terminal.resize(100, 12).await(screen -> screen.startsWith("one\ntwo\n" + "a".repeat(70) + "\nend\n"));
    }
  }

  @Test
  void twenty_columns_and_wide_characters_are_enough() {
    LogFiles.append(log, "\u65e5".repeat(11) + "\ne\u0301\ud83d\ude00" + "\u65e5".repeat(9) + "\n");
    try (Server server = setup().start();
        Tmux terminal = terminal(21, 8, Map.of("LC_ALL", "C.UTF-8"))) {
      full(terminal, server, "app")
          .await(screen -> screen.startsWith("one\ntwo\n" + "\u65e5".repeat(10) + "\n\u65e5\ne\u0301\ud83d\ude00" + "\u65e5".repeat(9) + "\n\n\n app live"));
    }
  }

  @Test
  void lost_connection_is_told_among_the_lines() {
    try (Tmux terminal = terminal(100, 24)) {
      int port;
      try (Server server = setup().start()) {
        port = server.port();
        full(terminal, server, "app").awaitScreen(" live");
      }
      terminal.awaitScreen("-- app: connection lost (").await(screen -> screen.matches("(?s).* app reconnecting in \\d+ s \\| .*"));

      try (Server _ = setup().port(port).start()) {
        LogFiles.append(log, "three\n");
        terminal.awaitScreen("-- app: connected again\nthree\n");
      }
    }
  }

  @Test
  void oldest_lines_are_dropped_and_counted_where_there_is_no_room() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      full(terminal, server, "--scrollback 1MiB app").awaitScreen(" live");
      LogFiles.append(log, (("x".repeat(99)) + "\n").repeat(20_000) + "last\n");
      terminal.awaitScreen("last\n").awaitScreen(" oldest dropped");

      terminal.press("g").await(screen -> screen.startsWith("xxx"));
    }
  }

  @Test
  void flood_leaves_keys_their_answer() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      full(terminal, server, "app").awaitScreen(" live");
      Thread flood = flood();
      terminal.awaitScreen("xxx");

      long begin = System.nanoTime();
      terminal.press("Home").awaitScreen("new below");
      terminal.type("?").awaitScreen("space  pause");
      terminal.type(" ").press("q").awaitScreen("exit 0");
      long took = (System.nanoTime() - begin) / 1_000_000;
      join(flood);
      // Most of it is tmux and this test on a machine that does other things as well.
      assertTrue(took < 10_000, took + " ms");
    }
  }

  @Test
  void dumb_terminal_is_refused_when_it_is_asked_for_and_gets_lines_when_it_is_set() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      terminal.enter("export TERM=dumb");
      full(terminal, server, "app").awaitScreen("exit 2").awaitScreen("logtap: --full: ");
      terminal.enter("export LOGTAP_FULL=true");
      watch(terminal, server, "app").awaitScreen("one\ntwo\n");

      terminal.press("C-c").awaitScreen("exit 130");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-o json"})
  void pipe_is_refused(String format) {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      terminal.enter("\"$logtap\" watch --full --server " + server.origin() + " app " + format + (format.isEmpty() ? " | cat" : "") + "; echo done");

      terminal.awaitScreen("logtap: --full: takes text on a terminal");
    }
  }

  @Test
  void scrollback_that_does_not_fit_into_the_memory_is_refused() {
    try (Server server = setup().start();
        Tmux terminal = terminal(160, 24)) {
      full(terminal, server, "--scrollback 512MiB app").awaitScreen("exit 2");

      assertTrue(terminal.screen().contains("LOGTAP_JAVA_OPTS=-Xmx1152m"), terminal::toString);
    }
  }
}

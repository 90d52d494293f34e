package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the keys of {@code logtap watch} do, and what it has to say, as a terminal shows it. */
class WatchKeysIT extends WatchedTerminal {
  private static final String TIME = "[0-2][0-9]:[0-5][0-9]:[0-5][0-9]";

  /** What is seen from the first row on is this expression. */
  private static Tmux awaitTop(Tmux terminal, String expression) {
    Pattern pattern = Pattern.compile(expression);
    return terminal.await(screen -> pattern.matcher(screen).lookingAt());
  }

  @Test
  void matches_are_shown_again_one_by_one() {
    LogFiles.append(log, "three\nfour\nfive\nsix\nseven\neight\nnine\nten\n");
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 40)) {
      watch(terminal, server, "app").awaitScreen("ten\n app live");
      terminal.type("n").awaitScreen("-- no filter to look for: type / first\n");
      terminal.type("/ee").press("Enter").awaitScreen("three\n app live | /ee");

      terminal.type("n");
      String around = "-- around the match of " + TIME + ":\n";
      awaitTop(terminal, "three\n" + around + "one\ntwo\nthree\nfour\nfive\nsix\n-- end; space goes on\n paused, 0 waiting \\| app live");
      terminal.type("n").awaitScreen("-- no later match\n");
      terminal.type("N").awaitScreen("-- no earlier match\n");
      LogFiles.append(log, "fifteen\n");
      terminal.awaitScreen(" paused, 1 waiting");
      terminal.press("Space").awaitScreen("fifteen\n app live");
      terminal.type("nN").awaitScreen("fifteen\n-- end; space goes on\n-- around the match of ");
    }
  }

  @Test
  void level_hides_what_is_below() {
    LogFiles.append(log, "level=debug d\nINFO i\n[warn] w\n2026-11-29 ERROR e\n");
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      watch(terminal, server, "app").awaitScreen(" app live | ");
      awaitTop(terminal.type("l"), "one\ntwo\nINFO i\n\\[warn\\] w\n2026-11-29 ERROR e\n app live \\| info and above");
      awaitTop(terminal.type("l"), "one\ntwo\n\\[warn\\] w\n2026-11-29 ERROR e\n app live \\| warn and above");
      awaitTop(terminal.type("l"), "one\ntwo\n2026-11-29 ERROR e\n app live \\| error and above");
      LogFiles.append(log, "WARN no\nERROR yes\n");
      awaitTop(terminal, "one\ntwo\n2026-11-29 ERROR e\nERROR yes\n app live");
      awaitTop(terminal.type("l"), "one\ntwo\nlevel=debug d\n(.*\n){3}WARN no\nERROR yes\n app live \\| \\d+/s");
    }
  }

  @Test
  void times_stand_before_lines_on_demand() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      live(terminal, server);
      awaitTop(terminal.type("t"), TIME + " one\n" + TIME + " two\n app live");
      awaitTop(terminal.type("m"), TIME + " one\n" + TIME + " two\n" + TIME + " -- mark\n app live");
      awaitTop(terminal.type("t"), "one\ntwo\n-- " + TIME + "\n app live");
    }
  }

  @Test
  void marker_stands_where_one_looked_last() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      live(terminal, server);
      awaitTop(terminal.press("Enter"), "one\ntwo\n-- " + TIME + "\n app live");
      LogFiles.append(log, "three\n");
      awaitTop(terminal, "one\ntwo\n-- " + TIME + "\nthree\n app live");
    }
  }

  @Test
  void clearing_leaves_what_there_was_to_the_scrollback() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      live(terminal, server);
      terminal.type("c").await(screen -> screen.startsWith(" app live"));
      LogFiles.append(log, "three\n");

      terminal.await(screen -> screen.startsWith("three\n app live"));
      assertTrue(terminal.scrollback().contains("one\ntwo\n"), terminal::scrollback);
    }
  }

  @Test
  void key_that_has_a_jvm_print_its_threads_is_no_such_key() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      live(terminal, server);

      awaitTop(terminal.press("C-\\", "m"), "one\ntwo\n-- " + TIME + "\n app live");
    }
  }

  @Test
  void sources_have_colours_of_their_own() {
    LogFiles.append(other, "three\n");
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24, Map.of("NO_COLOR", ""))) {
      watch(terminal, server, "app web").awaitScreen("web: three").awaitScreen("app: two");
      // tmux may say besides that the background is the usual one.
      String screen = terminal.colours().replace("\u001b[49m", "");

      Matcher app = Pattern.compile("\u001b\\[([0-9;]+)mapp:\u001b").matcher(screen);
      Matcher web = Pattern.compile("\u001b\\[([0-9;]+)mweb:\u001b").matcher(screen);
      assertTrue(app.find() && web.find(), screen);
      assertFalse(app.group(1).equals(web.group(1)), screen);
    }
  }

  @Test
  void lost_place_is_said_between_the_lines_and_counted() {
    Path state = directory.resolve("state");
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      watch(terminal, server, "--state " + state + " app").awaitScreen("two\n app live").press("q").awaitScreen("exit 0");
      server.awaitNoHub();
      LogFiles.remove(log);
      LogFiles.append(log, "new\n");

      watch(terminal, server, "--state " + state + " app").awaitScreen(" app live | 1 gap | ");
      awaitTop(terminal, "-- app: lines may be missing here: (.*\n)+new\n app live \\| 1 gap ");
    }
  }

  @Test
  void state_that_cannot_be_written_is_said_between_the_lines() {
    Path own = LogFiles.makeDirectory(directory.resolve("own"));
    try (Server server = setup().start();
        Tmux terminal = terminal(160, 24)) {
      watch(terminal, server, "--state " + own.resolve("state") + " app").awaitScreen("two\n app live");
      Await.until(() -> own.resolve("state").toFile().exists(), terminal::toString);
      LogFiles.remove(own.resolve("state"));
      LogFiles.remove(own);
      LogFiles.append(log, "three\n");

      String sentence = "-- --state: '" + own.resolve("state") + "' can't be written, its directory is gone; make it again";
      awaitTop(terminal, "one\ntwo\nthree\n" + Pattern.quote(sentence) + "\n app live");
      terminal.press("q").awaitScreen("exit 1");
    }
  }

  @Test
  void ended_target_is_on_the_status_line_with_its_reason() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      watch(terminal, server, "nope app").awaitScreen("-- nope: there is no log of that name; ");
      terminal.awaitScreen("\n nope ended: there is no log of that name, app live | ").press("q").awaitScreen("exit 2");
    }
  }

  @Test
  void quitting_is_1_where_a_target_was_never_reached() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      watch(terminal, server, "app ws://127.0.0.1:1/api/v1/server/logs/app/ws");
      terminal.awaitScreen("can't be reached (").awaitScreen("app: two");
      terminal.press("q").awaitScreen("exit 1");
    }
  }

  @Test
  void without_utf_8_only_ascii_is_shown() {
    LogFiles.append(log, "gr\u00fcn \u65e5 \ud83d\ude00\n");
    for (String locale : new String[] {"C", "de_DE.ISO-8859-1"}) {
      try (Server server = setup().start();
          Tmux terminal = terminal(80, 24, Map.of("LC_ALL", locale))) {
        watch(terminal, server, "app").awaitScreen("gr\\u{fc}n \\u{65e5} \\u{1f600}\n app live");
        terminal.press("q").awaitScreen("exit 0");
      }
    }
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24, Map.of("LC_ALL", "", "LC_CTYPE", "en_US.UTF-8", "LANG", "C"))) {
      watch(terminal, server, "app").awaitScreen("gr\u00fcn \u65e5 \ud83d\ude00\n app live").press("q");
      terminal.await(screen -> screen.matches("(?s).*exit 0\n\\$\\s*"));
    }
  }
}

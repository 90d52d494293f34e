package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code logtap watch} as a shell's job that is stopped, continued and ended, and on a terminal that hangs. */
class WatchJobIT extends WatchedTerminal {
  @Test
  void terminal_that_takes_nothing_is_as_it_was_before_when_it_takes_something_again() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      terminal.enter("cd " + directory + "; stty -a >before");
      live(terminal, server);
      ProcessHandle program = terminal.program();
      terminal.whileItHangs(
          () -> {
            LogFiles.append(log, ("x".repeat(99) + "\n").repeat(10_000));
            Await.until(() -> isStuckInWriting(program), program::toString);
            program.destroy();
            Await.until(() -> !program.isAlive(), program::toString);
          });
      terminal.awaitScreen("exit 143");

      expectRestored(terminal);
    }
  }

  /** By where in the kernel its threads sleep: of those, only who writes to a terminal sleeps there. */
  private static boolean isStuckInWriting(ProcessHandle program) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + program.pid() + "/task"))) {
      return threads.anyMatch(thread -> sleepsIn(thread).equals("wait_woken"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sleepsIn(Path thread) {
    try {
      return Files.readString(thread.resolve("wchan"));
    } catch (IOException _) {
      // It has ended since it was listed.
      return "";
    }
  }

  /** Live, and then stopped by a key. */
  private Tmux stopped(Tmux terminal, Server server) {
    terminal.enter("set -m; cd " + directory + "; stty -a >before");
    live(terminal, server);
    return terminal.press("C-z").await(screen -> !screen.contains("? keys") && screen.contains("top"));
  }

  @Test
  void stopped_it_can_be_ended() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      stopped(terminal, server).enter("clear; kill %1; bg; wait %1; echo code $?").awaitScreen("\ncode 143");

      expectRestored(terminal);
    }
  }

  @Test
  void continued_in_the_background_it_waits_until_the_terminal_is_its_own_again() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      stopped(terminal, server).enter("clear; bg; jobs").awaitScreen("Running");
      LogFiles.append(log, "meanwhile\n");
      expectRestored(terminal);
      assertTrue(!terminal.screen().contains("meanwhile"), terminal::toString);

      terminal.enter("clear; fg; echo back $?").awaitScreen("meanwhile\n app live");
      terminal.press("q").awaitScreen("\nback 0");
    }
  }

  @Test
  void begun_in_the_background_it_is_live_when_the_terminal_is_its_own() {
    try (Server server = setup().start();
        Tmux terminal = terminal(80, 24)) {
      terminal.enter("set -m; clear; \"$logtap\" watch --server " + server.origin() + " app & jobs").awaitScreen("Running");

      terminal.enter("clear; fg; echo back $?").awaitScreen(" app live");
      terminal.press("q").awaitScreen("\nback 0");
    }
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two logs, a server of them, and terminals to watch them on. */
abstract class WatchedTerminal {
  @TempDir Path directory;

  Path log;
  Path other;

  @BeforeEach
  void twoLogs() {
    log = directory.resolve("app.log");
    other = directory.resolve("web.log");
    LogFiles.append(log, "one\ntwo\n");
    LogFiles.append(other, "");
  }

  Server.Setup setup() {
    return Server.with("app", log).log("web", other);
  }

  Tmux terminal(int columns, int lines) {
    return terminal(columns, lines, Map.of());
  }

  Tmux terminal(int columns, int lines, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(Map.of("LOGTAP_TOKEN", Tokens.any(), "HOME", "/nonexistent"));
    environment.putAll(more);
    return Tmux.start(directory, columns, lines, environment);
  }

  static Tmux watch(Tmux terminal, Server server, String arguments) {
    return terminal.enter("clear; \"$logtap\" watch --server " + server.origin() + " " + arguments + "; echo exit $?");
  }

  /** Watches the first log until its lines are seen as well: that it is live may be said before they are. */
  static Tmux live(Tmux terminal, Server server) {
    return watch(terminal, server, "app").awaitScreen("two\n app live");
  }

  static String numbered(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "line " + i + ".\n").collect(Collectors.joining());
  }

  static void expectRestored(Tmux terminal) {
    terminal.enter("stty -a >after; cmp before after && echo same").awaitScreen("\nsame");
    assertEquals("1", terminal.format("#{cursor_flag}"));
  }

  /** A hundred megabytes in a million lines, and a last one. */
  Thread flood() {
    String lines = ("x".repeat(99) + "\n").repeat(10_000);
    return Thread.ofPlatform()
        .start(
            () -> {
              IntStream.range(0, 100).forEach(_ -> LogFiles.append(log, lines));
              LogFiles.append(log, "last\n");
            });
  }

  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

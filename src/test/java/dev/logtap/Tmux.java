package dev.logtap;


import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A terminal that can be looked at: a tmux server of its own with one pane, in which a shell runs. */
final class Tmux implements AutoCloseable {
  private final Path directory;
  private final Path socket;

  private Tmux(Path directory) {
    this.directory = directory;
    this.socket = directory.resolve("tmux");
  }

  /** One of this size, with a shell that has these variables, and {@code $logtap} besides. Without tmux the test is skipped. */
  static Tmux start(Path directory, int columns, int lines, Map<String, String> environment) {
    Tool.require("tmux", "what watch shows on a terminal is not tested");
    Tmux tmux = new Tmux(directory);
    List<String> command = new ArrayList<>(List.of("new-session", "-d", "-x", "" + columns, "-y", "" + lines));
    environment.forEach((name, value) -> command.addAll(List.of("-e", name + "=" + value)));
    command.addAll(List.of("-e", "logtap=" + Logtap.launcher(), "env", "PS1=\\$ ", "sh"));
    // A shell that leaves does not take the screen with it, and a test may write a lot.
    LogFiles.append(tmux.config(), "set -g history-limit 50000\nset -g remain-on-exit on\nset -g status off\n");
    tmux.run(command);
    tmux.await(screen -> screen.contains("$"));
    return tmux;
  }

  private Path config() {
    return directory.resolve("tmux.conf");
  }

  /** Types text as it is. */
  Tmux type(String text) {
    run(List.of("send-keys", "-l", "--", text));
    return this;
  }

  /** Types a command line and enters it. */
  Tmux enter(String line) {
    return type(line).press("Enter");
  }

  /** Presses keys as tmux names them. */
  Tmux press(String... keys) {
    List<String> command = new ArrayList<>(List.of("send-keys"));
    command.addAll(List.of(keys));
    run(command);
    return this;
  }

  Tmux resize(int columns, int lines) {
    run(List.of("resize-window", "-x", "" + columns, "-y", "" + lines));
    return this;
  }

  /** What the shell runs. */
  ProcessHandle program() {
    return ProcessHandle.of(Long.parseLong(format("#{pane_pid}"))).orElseThrow().children().findFirst().orElseThrow();
  }

  /** Does something while this terminal takes nothing that is written to it. */
  void whileItHangs(Runnable action) {
    long server = Long.parseLong(format("#{pid}"));
    Signal.send("STOP", server);
    try {
      action.run();
    } finally {
      Signal.send("CONT", server);
    }
  }

  /** What is seen. */
  String screen() {
    return run(List.of("capture-pane", "-p"));
  }

  /** The same with escape sequences for colours. */
  String colours() {
    return run(List.of("capture-pane", "-p", "-e"));
  }

  /** What is seen and what was scrolled out, where lines that were wrapped are whole again. */
  String scrollback() {
    return run(List.of("capture-pane", "-p", "-J", "-S", "-"));
  }

  /** What tmux knows of the pane, as {@code #{cursor_flag}}. */
  String format(String format) {
    return run(List.of("display-message", "-p", format)).strip();
  }

  Tmux await(Predicate<String> condition) {
    Await.until(() -> condition.test(screen()), this::toString);
    return this;
  }

  Tmux awaitScreen(String text) {
    return await(screen -> screen.contains(text));
  }

  private String run(List<String> arguments) {
    List<String> command =
        new ArrayList<>(List.of("tmux", "-S", socket.toString(), "-f", config().toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("LOGTAP_") || name.startsWith("TMUX") || name.equals("NO_COLOR"));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(command + ": " + out);
      }
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    run(List.of("kill-server"));
  }

  @Override
  public String toString() {
    return screen();
  }
}

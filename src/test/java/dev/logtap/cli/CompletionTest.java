package dev.logtap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import dev.logtap.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What shells themselves offer with the completions that are checked in; a shell that is not installed is skipped. */
class CompletionTest {
  private static final List<String> BUILT_IN = List.of("mysql", "nginx-access", "nginx-error", "php-fpm");

  private static final String CONFIG =
      """
      [logs]
      app = "/srv/app.log"   # ours
      "a.dotted" = { path = "/srv/dotted.log", symlink = true }
      "$(touch pwned)" = "/srv/evil.log"
      # commented = "/srv/commented.log"
        [logs.table]
        path = "/srv/table.log"

      [tail]
      lines = 5

      [railway.environments]
      production = "5f0c2d3e"
      'staging' = "9b7e6c1a"
      """;

  /** A shell, its completion, and the script that asks it. */
  enum Shell {
    BASH("logtap.bash"),
    ZSH("_logtap"),
    FISH("logtap.fish");

    private final Path completion;

    Shell(String completion) {
      this.completion = Path.of("completions", completion).toAbsolutePath();
    }

    private String command() {
      return name().toLowerCase(Locale.ROOT);
    }

    private Path script() {
      return Path.of("src/test/resources/dev/logtap/cli", "complete." + command()).toAbsolutePath();
    }
  }

  @TempDir static Path shared;

  @TempDir Path home;

  private Path config;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void userWithConfig() throws IOException {
    config = home.resolve(".config/logtap/logtap.toml");
    write(config, CONFIG);
    write(home.resolve("secret.txt"), "");
    write(home.resolve("keys/secret"), "");
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @ParameterizedTest
  @EnumSource
  void commands_are_offered_first(Shell shell) throws Exception {
    assertEquals(Set.copyOf(Commands.NAMES), offered(shell, "logtap "));
    assertEquals(Set.of("tail", "token"), offered(shell, "logtap --config x --debug t"));
  }

  @ParameterizedTest
  @EnumSource
  void options_of_the_command_are_offered(Shell shell) throws Exception {
    for (var command : Commands.line().getSubcommands().entrySet()) {
      Set<String> options = new TreeSet<>();
      command.getValue().getCommandSpec().options().forEach(option -> options.add(option.longestName()));

      assertEquals(options, offered(shell, "logtap " + command.getKey() + " --"));
    }
    assertEquals(Set.of("--config"), offered(shell, "logtap --c"));
  }

  @ParameterizedTest
  @EnumSource
  void names_of_logs_come_from_the_config(Shell shell) throws Exception {
    assertEquals(names("app", "a.dotted", "table"), offered(shell, "logtap tail "));
    assertEquals(Set.of("app", "a.dotted"), offered(shell, "logtap tail -f table a"));
    assertEquals(Set.of("app,nginx-access", "app,nginx-error"), offered(shell, "logtap token --logs app,ng"));
    assertFalse(Files.exists(home.resolve("pwned")));
  }

  @ParameterizedTest
  @EnumSource
  void config_that_counts_is_the_one_that_the_program_reads(Shell shell) throws Exception {
    write(home.resolve("xdg/logtap/logtap.toml"), "[logs]\nxdg = '/x'\n");
    write(home.resolve("variable.toml"), "[logs]\nvariable = '/x'\n");
    write(home.resolve("named.toml"), "logs.named = '/x'\n");

    environment.put("XDG_CONFIG_HOME", "relative");
    assertEquals(names("app", "a.dotted", "table"), offered(shell, "logtap tail "));
    environment.put("XDG_CONFIG_HOME", home.resolve("xdg").toString());
    assertEquals(names("xdg"), offered(shell, "logtap tail "));
    environment.put("LOGTAP_CONFIG", home.resolve("variable.toml").toString());
    assertEquals(names("variable"), offered(shell, "logtap tail "));
    assertEquals(names("named"), offered(shell, "logtap --config named.toml tail "));
    assertEquals(names("named"), offered(shell, "logtap tail --config=~/named.toml "));
    assertEquals(names(), offered(shell, "logtap --config nowhere.toml tail "));
  }

  @ParameterizedTest
  @EnumSource
  void names_come_from_a_table_in_one_line_too(Shell shell) throws Exception {
    write(
        home.resolve("line.toml"),
        "logs = { one = '/x, y = {', \"a.two\" = { path = \"/z\", symlink = true }, three.path = '/q' } # four = ''\n"
            + "[railway]\nenvironments = {production=\"5f0c2d3e\"}\n");

    assertEquals(names("one", "a.two", "three"), offered(shell, "logtap --config line.toml tail "));
    assertEquals(Set.of("production"), offered(shell, "logtap --config line.toml token --environments p"));
  }

  @ParameterizedTest
  @EnumSource
  void entries_of_this_run_are_offered_too(Shell shell) throws Exception {
    environment.put("LOGTAP_LOG", "first=/x,second=/y");

    assertEquals(names("app", "a.dotted", "table", "first", "second"), offered(shell, "logtap tail "));
    assertEquals(names("app", "a.dotted", "table", "here"), offered(shell, "logtap --log here=/x tail "));
    assertEquals(Set.of("here"), offered(shell, "logtap tail --log=here=/x he"));
  }

  @ParameterizedTest
  @EnumSource
  void targets_are_logs_and_environments(Shell shell) throws Exception {
    assertEquals(
        names("app", "a.dotted", "table", "railway:production", "railway:staging"), offered(shell, "logtap watch "));
    assertEquals(Set.of("railway:production", "railway:staging"), offered(shell, "logtap watch app railway:"));
    assertEquals(Set.of("railway:staging"), offered(shell, "logtap watch railway:s"));
    assertEquals(Set.of("production", "staging"), offered(shell, "logtap token --environments "));
  }

  @ParameterizedTest
  @EnumSource
  void values_are_offered(Shell shell) throws Exception {
    assertEquals(Set.of("text", "json"), offered(shell, "logtap tail -o "));
    assertEquals(Set.of("--output=json"), offered(shell, "logtap logs --output=j"));
    assertEquals(Set.of("auto", "always"), offered(shell, "logtap watch --color a"));
    assertEquals(Set.of("debug", "info", "warn", "error"), offered(shell, "logtap watch --level "));
    assertEquals(Set.of("HS256", "HS384", "HS512"), offered(shell, "logtap serve --jwt-algorithm H"));
    assertEquals(Set.of(), offered(shell, "logtap watch --search "));
  }

  @ParameterizedTest
  @EnumSource
  void files_are_offered_where_a_file_is_expected(Shell shell) throws Exception {
    assertEquals(Set.of("secret.txt"), offered(shell, "logtap serve --jwt-secret-file se"));
    assertEquals(Set.of("keys/secret"), offered(shell, "logtap token --jwt-secret-file keys/"));
    assertEquals(Set.of("--config=secret.txt"), offered(shell, "logtap --config=se"));
    assertEquals(Set.of("new=secret.txt"), offered(shell, "logtap tail --log new=se"));
    assertEquals(names("app", "a.dotted", "table"), offered(shell, "logtap tail --log "));
  }

  @Test
  void bash_offers_files_behind_a_redirection() throws Exception {
    assertEquals(Set.of("secret.txt"), offered(Shell.BASH, "logtap tail app > se"));
  }

  /** The quickest of several, because what other processes take is not ours; of many, where those take much. */
  @ParameterizedTest
  @EnumSource
  void names_are_there_within_a_tenth_of_a_second(Shell shell) throws Exception {
    StringBuilder large = new StringBuilder(CONFIG);
    for (int i = 0; i < 2000; i++) {
      large.append("# log").append(i).append(" = '/var/log/one-of-many.log'\n");
    }
    write(config, large.toString());

    long quickest = Long.MAX_VALUE;
    long end = System.nanoTime() + Await.DEADLINE.toNanos();
    for (int i = 0; i < 5 || quickest >= 100 && System.nanoTime() - end < 0; i++) {
      quickest = Math.min(quickest, ask(shell, "logtap watch a").milliseconds);
    }

    System.out.println("completion of " + shell.command() + ": " + quickest + " ms");
    assertTrue(quickest < 100, shell + " took " + quickest + " ms");
  }

  private static Set<String> names(String... more) {
    Set<String> names = new TreeSet<>(BUILT_IN);
    names.addAll(List.of(more));
    return names;
  }

  private Set<String> offered(Shell shell, String line) throws Exception {
    return ask(shell, line).words;
  }

  private record Answer(Set<String> words, long milliseconds) {}

  private Answer ask(Shell shell, String line) throws Exception {
    Tool.require(shell.command(), "its completion is not tested");
    ProcessBuilder builder =
        new ProcessBuilder(shell.command(), shell.script().toString(), shell.completion.toString(), line)
            .directory(home.toFile())
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", System.getenv("PATH"), "HOME", home.toString(), "TERM", "dumb", "LC_ALL", "C.UTF-8"));
    builder.environment().put("DUMP", shared.resolve("zcompdump").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String out;
    try {
      out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS), line);
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = new ArrayList<>(out.lines().toList());
    String last = lines.isEmpty() ? "" : lines.removeLast();
    assertTrue(last.matches("ms \\d+"), () -> shell + ": " + line + "\n" + out);
    Set<String> words = new TreeSet<>();
    // Some shells type an equal sign or a slash along.
    lines.forEach(word -> words.add(word.replaceFirst("[=/]$", "")));
    return new Answer(words, Long.parseLong(last.substring(3)));
  }
}

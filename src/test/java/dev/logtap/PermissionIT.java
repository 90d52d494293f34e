package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the installed program does where it may not read. Root may read everything, so when the tests run
 * as root the program runs as another user; else files without any permission are enough.
 */
class PermissionIT {
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private static final byte[] ONE = "one\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] TWO = "two\n".getBytes(StandardCharsets.UTF_8);

  /** An installation that another user can reach, wherever the checkout lies. */
  @TempDir static Path installation;

  @TempDir Path directory;

  private LogDirectory logs;

  @BeforeAll
  static void installForEverybody() {
    Path built = Logtap.launcher().getParent().getParent();
    LogFiles.permit(installation, "rwxr-xr-x");
    Script.start("cp -R \"$1\"/bin \"$1\"/lib \"$2\"", built, installation).expectExit(0);
  }

  @BeforeEach
  void directoryForEverybody() {
    LogFiles.permit(directory, "rwxr-xr-x");
    logs = new LogDirectory(directory);
  }

  @Test
  void log_that_may_not_be_read_is_said_and_the_others_go_on() {
    String secret = unreadable("secret");
    String app = logs.log("app", "one\n");

    Logtap tail = asStranger("tail", secret, app, "secret", "app").expectExit(1);

    assertEquals("app: one\n", tail.out());
    Sentence.expect(tail, "secret: '" + directory.resolve("secret.log") + "' may not be read", "; ");
  }

  @Test
  void log_in_a_closed_directory_may_not_be_read() {
    Path closed = logs.write("closed/app.log", new byte[0]).getParent();
    LogFiles.permit(closed, "---------");

    Logtap tail = asStranger("tail", logs.entry("app", "closed/app.log"), "app").expectExit(1);

    Sentence.expect(tail, "app: '" + closed.resolve("app.log") + "' may not be read");
    LogFiles.permit(closed, "rwx------");
  }

  @Test
  void link_opens_nothing_that_the_user_may_not_read() {
    unreadable("secret");
    LogFiles.link(directory.resolve("link"), Path.of("secret.log"));
    String config = logs.config("logtap.toml", "[logs]\napp = { path = 'link', symlink = true }\n");

    Logtap tail = asStranger("--config", config, "tail", "app").expectExit(1);

    assertEquals("", tail.out());
    Sentence.expect(tail, "app: '" + directory.resolve("link") + "' may not be read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--config", "XDG_CONFIG_HOME", "LOGTAP_CONFIG"})
  void config_that_may_not_be_read_is_2_and_not_passed_over(String by) {
    Path config = Path.of(logs.config("logtap/logtap.toml", ""));
    LogFiles.permit(config.getParent(), "rwxr-xr-x");
    LogFiles.permit(config, "---------");

    Logtap list =
        switch (by) {
          case "--config" -> asStranger("--config", config.toString(), "logs");
          case "LOGTAP_CONFIG" -> asStranger(Map.of("LOGTAP_CONFIG", config.toString()), "logs");
          default -> asStranger(Map.of("XDG_CONFIG_HOME", directory.toString()), "logs");
        };

    assertEquals("", list.expectExit(2).out());
    Sentence.expect(list, "'" + config + "'", "can't be read");
  }

  @Test
  void list_of_logs_says_which_may_not_be_read() {
    String secret = unreadable("secret");
    String app = logs.log("app", "one\n");

    Logtap json = asStranger("logs", "-o", "json", secret, app).expectExit(0);
    Logtap text = asStranger("logs", secret, app).expectExit(0);

    Map<String, Object> entry =
        JsonRecord.ofLines(json.outBytes()).stream().filter(log -> log.get("log").equals("secret")).findFirst().get();
    assertEquals(false, entry.get("readable"));
    assertTrue(entry.get("why").toString().contains("may not be read"), json::toString);
    assertEquals(null, entry.get("size"));
    assertTrue(text.out().matches("(?s).*\nsecret [^\n]*may not be read.*"), text::toString);
    assertTrue(text.out().matches("(?s).*\napp  [^\n]*" + directory + "/app\\.log\n.*"), text::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--poll=false", "--poll"})
  void directory_that_can_not_be_listed_is_no_hindrance(String poll) {
    Path log = logs.write("blind/app.log", ONE);
    LogFiles.permit(log.getParent(), "--x--x--x");

    try (Logtap tail = stranger(Map.of(), "tail", "-f", poll, logs.entry("app", "blind/app.log"), "app")) {
      tail.awaitOut("one\n");
      LogFiles.append(log, "two\n");
      tail.awaitWholeOut("one\ntwo\n");
    }
    LogFiles.permit(log.getParent(), "rwx------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--poll=false", "--poll"})
  void log_that_is_unreadable_at_first_is_said_once_and_read_when_it_may_be(String poll) {
    String secret = unreadable("secret");
    String tick = logs.log("tick", "tick 0\n");

    try (Logtap tail = stranger(Map.of(), "tail", "-f", poll, secret, tick, "secret", "tick")) {
      tail.awaitErr("may not be read").awaitOut("tick 0\n");
      lookSeveralTimes(tail);
      LogFiles.permit(directory.resolve("secret.log"), "rw-r--r--");
      LogFiles.append(directory.resolve("secret.log"), "after\n");

      tail.awaitOut("secret: after\n");
      assertEquals(2, tail.err().split("may not be read", -1).length, tail::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--poll=false", "--poll"})
  void log_that_is_unreadable_after_rotation_is_said_once_and_nothing_of_it_is_lost(String poll) {
    Path live = directory.resolve("app.log");
    String app = logs.log("app", "one\n");
    String tick = logs.log("tick", "tick 0\n");

    try (Logtap tail = stranger(Map.of(), "tail", "-f", poll, app, tick, "app", "tick")) {
      tail.awaitOut("app: one\n").awaitOut("tick 0\n");
      Path next = logs.write("next", TWO);
      LogFiles.permit(next, "---------");
      LogFiles.rename(live, directory.resolve("app.log.1"));
      LogFiles.rename(next, live);
      tail.awaitErr("may not be read");
      lookSeveralTimes(tail);
      LogFiles.append(directory.resolve("app.log.1"), "late\n");
      tail.awaitOut("app: late\n");
      LogFiles.permit(live, "rw-r--r--");

      tail.awaitOut("app: two\n");
      assertEquals(
          List.of("app: one", "app: late", "app: two"),
          tail.out().lines().filter(line -> line.startsWith("app")).toList());
      assertEquals(2, tail.err().split("may not be read", -1).length, tail::toString);
    }
  }

  /** Each line of the other log comes by a look that is later than the one before. */
  private void lookSeveralTimes(Logtap tail) {
    for (int i = 1; i <= 3; i++) {
      LogFiles.append(directory.resolve("tick.log"), "tick " + i + "\n");
      tail.awaitOut("tick " + i + "\n");
    }
  }

  private String unreadable(String name) {
    String option = logs.log(name, "secret\n");
    LogFiles.permit(directory.resolve(name + ".log"), "---------");
    return option;
  }

  private static Logtap asStranger(String... arguments) {
    return asStranger(Map.of(), arguments);
  }

  private static Logtap asStranger(Map<String, String> environment, String... arguments) {
    return stranger(environment, arguments).awaitExit();
  }

  private static Logtap stranger(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    if (ROOT) {
      command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    command.add(installation.resolve("bin/logtap").toString());
    command.addAll(List.of(arguments));
    return Logtap.startCommand(environment, command);
  }
}

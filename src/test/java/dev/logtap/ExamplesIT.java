package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The examples that are installed beside the program do what they say. */
class ExamplesIT {
  private static final Path EXAMPLES = Path.of(System.getProperty("logtap.basedir"), "src/main/examples");

  @TempDir Path directory;

  private Path log;
  private Path tokenFile;

  @BeforeEach
  void setUp() throws IOException {
    log = directory.resolve("app.log");
    tokenFile = Files.writeString(directory.resolve("token"), Tokens.any() + "\n");
  }

  /** A client of the streams in another language. */
  private enum Client {
    JAVASCRIPT {
      @Override
      List<String> command() throws IOException {
        assumeTrue(NodePackages.have("ws@8"), "needs node and npm, and the ws package of npm");
        // Node looks for packages beside a script.
        Path script = NodePackages.DIRECTORY.resolve("client.mjs");
        Files.copy(EXAMPLES.resolve("client.mjs"), script, StandardCopyOption.REPLACE_EXISTING);
        return List.of("node", script.toString());
      }
    },
    PYTHON {
      @Override
      List<String> command() {
        // The distribution's, where its packages are, may not be the first on PATH.
        String python =
            Stream.of("/usr/bin/python3", "python3")
                .filter(each -> succeeds(each, "-c", "import websockets"))
                .findFirst()
                .orElse("");
        Tool.require(!python.isEmpty(), "python3-websockets", "the client in Python is not tested");
        return List.of(python, EXAMPLES.resolve("client.py").toString());
      }
    };

    abstract List<String> command() throws IOException;

    Logtap follow(Server server, String target, Path tokenFile) throws IOException {
      return follow(command(), server, target, tokenFile);
    }

    static Logtap follow(List<String> command, Server server, String target, Path tokenFile) {
      List<String> all = Stream.concat(command.stream(), Stream.of(server.origin(), target, tokenFile.toString())).toList();
      return Logtap.startCommand(Map.of("PYTHONDONTWRITEBYTECODE", "1"), all);
    }
  }

  private static boolean succeeds(String... command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void line_comes_once_through_a_rotation_and_a_restart(Client client) throws IOException {
    LogFiles.append(log, "first\n");
    Server.Setup setup = Server.with("app", log);
    Server before = setup.start();
    try (before;
        Logtap run = client.follow(before, "app", tokenFile).awaitOut("first\n")) {
      LogFiles.append(log, "second\n" + "x".repeat(3 << 20) + "\n");
      run.awaitOut("x\n");
      before.stop();
      LogFiles.append(log, "third\n");
      LogFiles.rotate(log, 2);
      LogFiles.append(log, "fourth\n");

      try (Server _ = setup.port(before.port()).start()) {
        run.awaitOut("fourth\n");
        LogFiles.append(log, "fifth\n");
        run.awaitWholeOut("first\nsecond\n" + "x".repeat(3 << 20) + "\nthird\nfourth\nfifth\n");
      }
      assertTrue(run.err().startsWith("closed: 1001 the server stops"), run::toString);
      assertFalse(run.err().contains("gap:"), run::toString);
    }
  }

  @ParameterizedTest
  @EnumSource
  void loss_is_said(Client client) throws IOException {
    LogFiles.append(log, "first\n");
    Server.Setup setup = Server.with("app", log);
    Server before = setup.start();
    try (before;
        Logtap run = client.follow(before, "app", tokenFile).awaitOut("first\n")) {
      before.stop();
      Files.writeString(log, "other\n");

      try (Server _ = setup.port(before.port()).start()) {
        run.awaitErr("\ngap: ");
        run.awaitWholeOut("first\nother\n");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void stream_outlives_its_first_token(Client client) throws IOException {
    LogFiles.append(log, "first\n");
    List<String> command = client.command();
    try (Server server = Server.with("app", log).start()) {
      // No sooner, and for so long: the client has to begin while it counts.
      Instant end = Instant.now().plusSeconds(10);
      Files.writeString(tokenFile, Tokens.of("tester").expiresAt(end).signed());
      try (Logtap run = Client.follow(command, server, "app", tokenFile).awaitOut("first\n")) {
        renew(Tokens.of("tester").expiresIn(Duration.ofHours(2)).signed());

        Await.until(() -> Instant.now().isAfter(end.plusSeconds(1)), run::toString);
        LogFiles.append(log, "second\n");
        run.awaitWholeOut("first\nsecond\n");
        assertEquals("", run.err(), run::toString);
      }
    }
  }

  /** In one step: the client looks each second, and an empty file is no token. */
  private void renew(String token) throws IOException {
    Path fresh = Files.writeString(directory.resolve("fresh-token"), token);
    LogFiles.rename(fresh, tokenFile);
  }

  @ParameterizedTest
  @EnumSource
  void refusal_ends_it(Client client) throws IOException {
    Files.writeString(tokenFile, Tokens.forLogs("other"));
    try (Server server = Server.with("app", log).start();
        Logtap run = client.follow(server, "app", tokenFile).expectExit(1)) {
      assertTrue(run.err().startsWith("closed: 4003 "), run::toString);
    }
  }

  @ParameterizedTest
  @EnumSource
  void environment_comes_through_the_relay(Client client) throws IOException {
    try (RelayScene scene = new RelayScene();
        Server server = scene.store(scene.row("stored")).setup().start();
        Logtap run = client.follow(server, "railway:production", tokenFile)) {
      run.awaitErr("status: connected").awaitOut(" api: stored\n");
    }
  }

  @Test
  void cron_line_starts_a_server_and_is_quiet_where_there_is_one() throws IOException {
    Path secret = Files.writeString(directory.resolve("jwt-secret"), Tokens.SECRET);
    String line =
        Files.readAllLines(EXAMPLES.resolve("cron")).stream().filter(each -> each.startsWith("*")).findFirst().orElseThrow();
    String[] fields = line.split(" +", 7);
    String command =
        fields[6]
            .replace("/usr/local/bin/logtap", Logtap.launcher().toString())
            .replace("/etc/logtap/jwt-secret", secret.toString())
            .replace("serve ", "serve --listen 127.0.0.1:${PORT:-0} ")
            .replace("logger -t logtap", "cat");
    try (Logtap first = cron(command, "0").awaitOut("listening on ")) {
      Await.until(() -> first.out().endsWith("\n"), first::toString);
      String port = first.out().replaceAll("(?s).*127\\.0\\.0\\.1:(\\d+).*", "$1");

      Logtap second = cron(command, port).expectExit(0);
      assertEquals("", second.out() + second.err());
      first
          .process()
          .descendants()
          .filter(process -> process.info().command().orElse("").endsWith("/bin/java"))
          .forEach(ProcessHandle::destroy);
      first.expectExit(0);
    }
  }

  /** With the little that cron gives. */
  private static Logtap cron(String command, String port) {
    return Logtap.startCommand(
        Map.of(), List.of("env", "-i", "PATH=/usr/bin:/bin", "HOME=/", "PORT=" + port, "/bin/sh", "-c", command));
  }
}

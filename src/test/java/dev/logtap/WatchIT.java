package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code logtap watch} in a pipe, before {@code logtap serve}. */
class WatchIT {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;

  private Path log;
  private Path other;

  @BeforeEach
  void twoLogs() {
    log = directory.resolve("app.log");
    other = directory.resolve("web.log");
    LogFiles.append(log, "one\ntwo\n");
    LogFiles.append(other, "");
  }

  private Server.Setup setup() {
    return Server.with("app", log).log("web", other);
  }

  private static Logtap watch(Server server, String... arguments) {
    return watch(server, Map.of("LOGTAP_TOKEN", Tokens.any()), arguments);
  }

  /** With SIGINT as a terminal would give it: a shell ignores it for what it runs in its background. */
  private static Logtap watch(Server server, Map<String, String> environment, String... arguments) {
    return Logtap.startCommand(environment, Mode.command(arguments(server, arguments)));
  }

  private static List<String> arguments(Server server, String... arguments) {
    List<String> all = new ArrayList<>(List.of("watch", "--server", server.origin()));
    all.addAll(List.of(arguments));
    return all;
  }

  @Test
  void text_is_the_last_lines_and_then_what_comes() {
    try (Server server = setup().start();
        Logtap watch = watch(server, "-n", "1", "app")) {
      watch.awaitWholeOut("two\n");
      LogFiles.append(log, "thr\u00e9e \"\\\u0001\nfour\n");
      watch.awaitWholeOut("two\nthr\u00e9e \"\\\u0001\nfour\n");
      assertEquals("", watch.err());
    }
  }

  @Test
  void json_is_a_record_a_line() {
    try (Server server = setup().start();
        Logtap watch = watch(server, "-o", "json", "app", "web")) {
      watch.awaitOut("two");
      LogFiles.append(other, "thr\u00e9e \"\\\u0001\n");
      watch.awaitWholeOut(
          "{\"log\":\"app\",\"line\":\"one\"}\n{\"log\":\"app\",\"line\":\"two\"}\n"
              + "{\"log\":\"web\",\"line\":\"thr\u00e9e \\\"\\\\\\u0001\"}\n");
    }
  }

  @Test
  void several_logs_are_told_apart() {
    try (Server server = setup().start();
        Logtap watch = watch(server, "web", "app", "app", "web")) {
      watch.awaitWholeOut("app: one\napp: two\n");
      LogFiles.append(other, "three\n");
      watch.awaitWholeOut("app: one\napp: two\nweb: three\n");
    }
  }

  @Test
  void search_is_the_servers() {
    try (Server server = setup().start();
        Logtap watch = watch(server, "--search", "W", "app")) {
      watch.awaitWholeOut("two\n");
      LogFiles.append(log, "no\nwas\n");
      watch.awaitWholeOut("two\nwas\n");
    }
  }

  @Test
  void each_line_comes_once_over_a_killed_server_and_a_rotation_meanwhile() {
    AtomicInteger written = new AtomicInteger();
    LogFiles.truncate(log);
    write(written, 1);
    LogFiles.append(other, "begin\n");
    try (Server first = setup().start();
        Logtap watch = watch(first, "app", "web")) {
      int port = first.port();
      watch.awaitOut("app: line 1\n").awaitOut("web: begin\n");
      write(written, 499);
      watch.awaitOut("app: line 400\n");
      first.program().process().destroyForcibly();
      first.program().awaitExit();

      write(written, 500);
      LogFiles.rotate(log, 5);
      write(written, 500);
      LogFiles.rotate(log, 5);
      write(written, 500);
      watch.awaitErr("app: connection lost (").awaitErr("web: connection lost (");
      try (Server _ = setup().port(port).start()) {
        write(written, 500);
        watch.awaitOut("app: line 2500\n").awaitErr("app: connected again\n").awaitErr("web: connected again\n");
        LogFiles.append(other, "end\n");
        watch.awaitOut("web: end\n");
      }
      assertEquals(
          FollowScene.each("app: line %d\n", 1, 2500), watch.out().replaceAll("web: (begin|end)\n", ""), watch::toString);
      assertTrue(watch.err().lines().noneMatch(line -> line.contains("missing")), watch::toString);
    }
  }

  private void write(AtomicInteger written, int count) {
    int from = written.get() + 1;
    LogFiles.append(log, FollowScene.each("line %d\n", from, from + count - 1));
    written.addAndGet(count);
  }

  @Test
  void state_goes_on_where_the_last_run_ended() throws IOException {
    Path state = directory.resolve("state");
    try (Server server = setup().start()) {
      try (Logtap watch = watch(server, "--state", state.toString(), "app")) {
        watch.awaitWholeOut("one\ntwo\n").signal("TERM").expectExit(143);
      }
      String saved = Files.readString(state);
      assertTrue(saved.contains("/api/v1/server/logs/app/ws "), saved);
      LogFiles.append(log, "three\n");
      LogFiles.rotate(log, 2);
      LogFiles.append(log, "four\n");
      try (Logtap watch = watch(server, "--state", state.toString(), "app", "web")) {
        watch.awaitWholeOut("app: three\napp: four\n").signal("INT").expectExit(130);
      }
      String savedAgain = LogFiles.read(state);
      LogFiles.append(log, "five\n");
      try (Logtap watch = watch(server, "--state", state.toString(), "app")) {
        watch.awaitWholeOut("five\n");
        // Also without an end that it knows of.
        Await.until(() -> !LogFiles.read(state).equals(savedAgain), () -> LogFiles.read(state));
        String before = LogFiles.read(state);
        LogFiles.append(log, "six\n");
        watch.awaitOut("six\n");
        Await.until(() -> !LogFiles.read(state).equals(before), () -> LogFiles.read(state));
        watch.process().destroyForcibly();
        watch.awaitExit();
      }
      LogFiles.append(log, "seven\n");
      try (Logtap watch = watch(server, "--state", state.toString(), "app")) {
        watch.awaitWholeOut("seven\n");
      }
    }
  }

  @Test
  void file_that_is_no_state_is_2_and_left_as_it_is() throws IOException {
    Path state = Files.writeString(directory.resolve("state"), "precious\n");

    Logtap run = Logtap.run("watch", "--server", "http://127.0.0.1:1", "--state", state.toString(), "app").expectExit(2);

    Sentence.expect(run, "--state: '" + state + "' is no state of logtap watch; ");
    assertEquals("precious\n", Files.readString(state));
  }

  @Test
  void lost_place_is_a_gap() throws IOException {
    Path state = directory.resolve("state");
    try (Server server = setup().start()) {
      for (String format : List.of("json", "text")) {
        LogFiles.append(log, "old " + format + "\n");
        try (Logtap watch = watch(server, "-n", "1", "--state", state.toString(), "app")) {
          watch.awaitOut("old " + format + "\n").signal("TERM").expectExit(143);
        }
        server.awaitNoHub();
        LogFiles.remove(log);
        LogFiles.append(log, "new " + format + "\n");
        try (Logtap watch = watch(server, "-o", format, "-n", "1", "--state", state.toString(), "app")) {
          watch.awaitOut("new " + format);
          if (format.equals("json")) {
            List<Map<String, Object>> records = JsonRecord.ofLines(watch.outBytes());
            assertTrue(records.getFirst().containsKey("gap"), watch::toString);
            assertEquals(Map.of("log", "app", "line", "new json"), records.getLast());
          } else {
            assertEquals("new text\n", watch.out());
            watch.awaitErr("logtap: app: lines may be missing here: ");
          }
        }
      }
    }
  }

  @Test
  void what_the_server_refuses_is_3_and_what_it_does_not_know_2() {
    try (Server server = setup().start()) {
      Sentence.expect(watch(server, Map.of("LOGTAP_TOKEN", "a.b.c"), "app").expectExit(3), "app", "token");
      Sentence.expect(watch(server, Map.of(), "app").expectExit(3), "app", "LOGTAP_TOKEN");
      Sentence.expect(watch(server, Map.of("LOGTAP_TOKEN", Tokens.forLogs("web")), "app").expectExit(3), "app", "token");
      String ask = "curl -H 'Authorization: Bearer TOKEN' " + server.origin() + "/api/v1/server/logs\n";
      Sentence.expect(watch(server, "nope").expectExit(2), "nope: there is no log of that name; ", ": " + ask);
      Sentence.expect(watch(server, "railway:nope").expectExit(2), "railway:nope");
      try (Logtap watch = watch(server, "nope", "app")) {
        watch.awaitErr("logtap: nope: ").awaitOut("app: two\n");
        LogFiles.append(log, "three\n");
        watch.awaitOut("app: three\n").signal("TERM").expectExit(143);
      }
    }
  }

  @Test
  void expiry_mid_stream_is_outlived_by_a_renewed_token() throws IOException {
    try (Server server = setup().start()) {
      // Long enough for watch to start.
      String shortLived = Tokens.of("tester").expiresIn(Duration.ofSeconds(8)).signed();
      Path token = Files.writeString(directory.resolve("token"), shortLived + "\n");
      try (StreamClient witness = StreamClient.open(server, Server.target("app", "lines=0", shortLived)).expectEmptyFirst();
          Logtap watch = watch(server, Map.of(), "--token-file", token.toString(), "app")) {
        watch.awaitOut("two\n");
        Files.writeString(token, Tokens.any() + "\n");
        witness.expectClose(4001);
        LogFiles.append(log, "three\n");
        watch.awaitWholeOut("one\ntwo\nthree\n");
        assertEquals("", watch.err());
      }
    }
  }

  @Test
  void expiry_mid_stream_is_3_without_one() {
    try (Server server = setup().start()) {
      String shortLived = Tokens.of("tester").expiresIn(Duration.ofSeconds(5)).signed();
      try (Logtap watch = watch(server, Map.of("LOGTAP_TOKEN", shortLived), "app")) {
        Sentence.expect(watch.awaitOut("two\n").expectExit(3), "app", "expired");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void signal_ends_it_with_its_code(Signal signal) {
    try (Server server = setup().start();
        Logtap watch = watch(server, "app")) {
      watch.awaitOut("two\n").signal(signal.name()).expectExit(signal.code);
      assertEquals("", watch.err());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<&-", "</dev/null"})
  void closed_standard_input_changes_nothing(String redirection) {
    try (Server server = setup().start();
        Logtap watch = pipe(server, "exec \"$0\" watch --server \"$1\" app " + redirection)) {
      watch.awaitOut("two\n");
      LogFiles.append(log, "three\n");
      watch.awaitWholeOut("one\ntwo\nthree\n").signal("TERM").expectExit(143);
    }
  }

  /** The last: although no further line ever comes, or none at all. */
  @ParameterizedTest
  @ValueSource(strings = {"head -n 1", "head -n 2", "true"})
  void reader_that_goes_away_is_a_quiet_0(String reader) {
    String command = "{ timeout 60 \"$0\" watch --server \"$1\" app; echo \"code $?\" >&2; } | " + reader + " >/dev/null";
    try (Server server = setup().start()) {
      assertEquals("code 0\n", pipe(server, command).expectExit(0).err());
    }
  }

  @Test
  void reader_that_goes_away_is_noticed_while_there_is_no_server() {
    String command = "{ timeout 60 \"$0\" watch --server http://127.0.0.1:1 app 2>/dev/null; echo \"code $?\" >&2; } | true";

    assertEquals("code 0\n", Script.start(command).expectExit(0).err());
  }

  private static Logtap pipe(Server server, String script) {
    return Script.start(Map.of("LOGTAP_TOKEN", Tokens.any()), script, server.origin());
  }

  @Test
  void reader_that_is_slow_costs_no_memory_and_loses_nothing() {
    try (Server server = setup().set("stall-timeout", "2s").start();
        Server impatient = setup().set("stall-timeout", "1s").set("ping-interval", "300ms").start()) {
      for (Server each : List.of(server, impatient)) {
        int mebibytes = 48;
        LogFiles.append(log, "first\n");
        try (StdoutPipe pipe = start(each, "-n", "1", "app")) {
          pipe.readUntil("first\n");
          LogFiles.append(log, ("x".repeat(1023) + "\n").repeat(mebibytes << 10));
          pipe.awaitFull();
          LogFiles.append(log, "last\n");
          if (each == impatient) {
            Await.until(() -> each.err().contains(" ended "), each::toString);
          }
          ProcessView view = new ProcessView(pipe.program());
          assertTrue(view.memory() < 300L * MIB, () -> "memory " + view.memory());

          byte[] read = pipe.readUntil("last\n");

          assertEquals((mebibytes << 20) + "last\n".length(), read.length, pipe.program()::toString);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void signal_ends_it_also_while_nobody_reads(Signal signal) {
    try (Server server = setup().start();
        StdoutPipe pipe = start(server, "app")) {
      pipe.readUntil("two\n");
      LogFiles.append(log, ("x".repeat(1023) + "\n").repeat(4096));
      pipe.awaitFull();
      pipe.program().signal(signal.name()).expectExit(signal.code);
    }
  }

  private StdoutPipe start(Server server, String... arguments) {
    Path own = LogFiles.makeDirectory(directory.resolve("pipe-" + server.port()));
    return StdoutPipe.start(own, Map.of("LOGTAP_TOKEN", Tokens.any()), arguments(server, arguments));
  }

  @Test
  void tls_is_trusted_by_its_authority() throws IOException {
    Certificate certificate = Certificate.make(directory, "EC");
    Path certificateFile = directory.resolve("cert.pem");
    Path keyFile = directory.resolve("key.pem");
    certificate.install(certificateFile, keyFile);
    try (Server server = setup().argument("--tls-cert=" + certificateFile).argument("--tls-key=" + keyFile).start()) {
      try (Logtap watch = watch(server, "--ca-cert", certificateFile.toString(), "app")) {
        watch.awaitOut("two\n");
        LogFiles.append(log, FollowScene.each("%d " + "x".repeat(1000) + "\n", 1, 3000));
        watch.awaitOut("\n3000 x").signal("TERM").expectExit(143);
        assertEquals("", watch.err());
      }
      Sentence.expect(watch(server, "app").expectExit(1), "app: " + server.origin() + " is not to be trusted", "--ca-cert");
      assertFalse(watch(server, "app").expectExit(1).err().contains("sun.security"));
      Logtap none = watch(server, "--ca-cert", log.toString(), "app").expectExit(2);
      Sentence.expect(none, "--ca-cert: '" + log + "' holds no certificate");
    }
  }

  @Test
  void certificate_of_another_name_is_called_that() throws IOException {
    Path certificateFile = directory.resolve("cert.pem");
    Path keyFile = directory.resolve("key.pem");
    Certificate.make(directory, "EC", "dns:logs.example.org").install(certificateFile, keyFile);
    try (Server server = setup().argument("--tls-cert=" + certificateFile).argument("--tls-key=" + keyFile).start()) {
      Logtap watch = watch(server, "--ca-cert", certificateFile.toString(), "app").expectExit(1);

      Sentence.expect(watch, "app: " + server.origin() + " is not to be trusted", "; give its address with a name that ");
    }
  }

  @Test
  void server_without_tls_is_called_that() {
    try (Server server = setup().start()) {
      String secure = server.origin().replace("http:", "https:");
      Logtap watch = Logtap.run(Map.of("LOGTAP_TOKEN", Tokens.any()), "watch", "--server", secure, "app").expectExit(1);

      Sentence.expect(watch, "app: " + secure + " speaks no TLS; give its address with http or ws");
    }
  }

  @Test
  void server_with_tls_is_called_that() throws IOException {
    Path certificateFile = directory.resolve("cert.pem");
    Path keyFile = directory.resolve("key.pem");
    Certificate.make(directory, "EC").install(certificateFile, keyFile);
    try (Server server = setup().argument("--tls-cert=" + certificateFile).argument("--tls-key=" + keyFile).start()) {
      String plain = server.origin().replace("https:", "http:");
      Logtap watch = Logtap.run(Map.of("LOGTAP_TOKEN", Tokens.any()), "watch", "--server", plain, "app").expectExit(1);

      Sentence.expect(watch, "app: " + plain + " speaks TLS; give its address with https or wss");
    }
  }

  @Test
  void token_of_another_server_is_given_with_its_address() {
    try (Server server = setup().start()) {
      String address = server.origin().replace("http:", "ws:") + Server.REST + "app/ws";
      Map<String, String> token = Map.of("LOGTAP_TOKEN", Tokens.any());
      Logtap refused = Logtap.run(token, "watch", "--server", "http://127.0.0.1:1", address).expectExit(3);
      Sentence.expect(refused, "app: the server asks for a token, and ours goes to --server only; end the address with ?token=TOKEN");

      try (Logtap watch = Logtap.start(Map.of(), "watch", "--server", "http://127.0.0.1:1", address + "?token=" + Tokens.any())) {
        watch.awaitWholeOut("one\ntwo\n");
      }
    }
  }

  @Test
  void settings_come_from_variables_and_the_file_as_well() {
    try (Server server = setup().start()) {
      String config = new LogDirectory(directory).config("logtap.toml", "[watch]\nserver = '" + server.origin() + "'\nlines = 1\n");
      Map<String, String> token = Map.of("LOGTAP_TOKEN", Tokens.any());
      try (Logtap watch = Logtap.start(token, "--config", config, "watch", "app")) {
        watch.awaitWholeOut("two\n");
      }
      Map<String, String> variables =
          Map.of("LOGTAP_TOKEN", Tokens.any(), "LOGTAP_SERVER", server.origin(), "LOGTAP_OUTPUT", "json");
      try (Logtap watch = Logtap.start(variables, "watch", "-n", "1", "app")) {
        watch.awaitWholeOut("{\"log\":\"app\",\"line\":\"two\"}\n");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', target",
    "../app, ../app",
    "http://x/y, http://x/y",
    "--server nowhere app, --server",
    "--server ftp://x app, --server",
    "--token-file /nonexistent/token app, --token-file",
    "--ca-cert /nonexistent/ca app, --ca-cert",
    "--state /nonexistent/state app, --state",
    "--level loud railway:p, --level",
    "--level warn app, --level",
    "--service api app, --service",
    "-n many app, --lines",
    "-o xml app, --output",
  })
  void wrong_usage_is_2_and_names_what_is_wrong(String arguments, String name) {
    Logtap wrong = Logtap.run(("watch " + arguments).strip().split(" ")).expectExit(2);

    Sentence.expect(wrong, name, "; ");
  }

  @Test
  void token_of_a_variable_and_of_a_file_is_2() throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "a.b.c\n");

    Logtap wrong = Logtap.run(Map.of("LOGTAP_TOKEN", "s3cr3t"), "watch", "--token-file", token.toString(), "app").expectExit(2);

    Sentence.expect(wrong, "LOGTAP_TOKEN", "--token-file");
    Logtap broken = Logtap.run(Map.of("LOGTAP_TOKEN", "s3cr3t \u00fc"), "watch", "app").expectExit(2);
    Sentence.expect(broken, "LOGTAP_TOKEN");
    assertTrue(!broken.err().contains("s3cr3t"), broken::toString);
  }

  @Test
  void token_of_a_variable_counts_more_than_the_config_files() throws IOException {
    Path none = directory.resolve("no-token");
    try (Server server = setup().start()) {
      String config = new LogDirectory(directory).config("logtap.toml", "[watch]\ntoken-file = '" + none + "'\n");
      Map<String, String> token = Map.of("LOGTAP_TOKEN", Tokens.any(), "LOGTAP_SERVER", server.origin());
      try (Logtap watch = Logtap.start(token, "--config", config, "watch", "app")) {
        watch.awaitWholeOut("one\ntwo\n");
      }
      Map<String, String> both = Map.of("LOGTAP_TOKEN", "s3cr3t", "LOGTAP_TOKEN_FILE", none.toString());
      Sentence.expect(Logtap.run(both, "watch", "app").expectExit(2), "LOGTAP_TOKEN", "--token-file");
    }
  }

  @Test
  void socket_of_a_target_is_gone_with_it() {
    try (Server server = setup().start();
        Logtap one = watch(server, "app");
        Logtap two = watch(server, "nope", "app")) {
      one.awaitOut("two\n");
      two.awaitErr("nope: ").awaitOut("two\n");
      // Java has a socket of its own besides.
      Await.until(() -> sockets(two) == sockets(one), () -> sockets(two) + " sockets\n" + two);
    }
  }

  private static long sockets(Logtap program) {
    return new ProcessView(program).openFiles().stream().filter(file -> file.startsWith("socket:")).count();
  }
}

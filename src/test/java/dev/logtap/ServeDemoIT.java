package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code logtap serve --demo}, as a newcomer starts it. */
class ServeDemoIT {
  private static final Pattern ADDRESS =
      Pattern.compile("^ +http://((?:127\\.0\\.0\\.1|localhost|\\[::1\\]):(\\d+))/#token=([\\w-]+\\.[\\w-]+\\.[\\w-]+)$", Pattern.MULTILINE);
  private static final Pattern WATCH = Pattern.compile("^ +(LOGTAP_TOKEN=.* watch .*)$", Pattern.MULTILINE);
  private static final String ANY_PORT = "--listen=127.0.0.1:0";
  private static final List<String> LOGS = List.of("nginx-access", "nginx-error", "php-fpm", "mysql");

  @TempDir Path temporary;

  /** So that a test that fails leaves none running. */
  private final List<Logtap> running = new ArrayList<>();

  @AfterEach
  void endAll() {
    running.forEach(Logtap::close);
  }

  private Logtap start(Map<String, String> environment, List<String> command) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("TMPDIR", temporary.toString());
    Logtap run = Logtap.startCommand(all, command);
    running.add(run);
    return run;
  }

  private Logtap launch(String... arguments) {
    List<String> all = new ArrayList<>(List.of("serve", "--demo"));
    all.addAll(List.of(arguments));
    return start(Map.of(), Mode.command(all));
  }

  /** One that listens. */
  private Logtap demo(String... arguments) {
    return awaitInvitation(launch(arguments));
  }

  private static Logtap awaitInvitation(Logtap demo) {
    Await.until(() -> WATCH.matcher(demo.out()).find() || !demo.process().isAlive(), demo::toString);
    assertTrue(demo.process().isAlive(), demo::toString);
    return demo;
  }

  private static Matcher address(Logtap demo) {
    Matcher address = ADDRESS.matcher(demo.out());
    assertTrue(address.find(), demo::toString);
    return address;
  }

  private static String watchCommand(Logtap demo) {
    Matcher command = WATCH.matcher(demo.out());
    assertTrue(command.find(), demo::toString);
    return command.group(1);
  }

  private Logtap shell(String command) {
    return start(Map.of(), List.of("sh", "-c", command));
  }

  private List<Path> folders() {
    try (Stream<Path> all = Files.list(temporary)) {
      return all.toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path folder() {
    assertEquals(1, folders().size(), () -> folders().toString());
    return folders().getFirst();
  }

  private static Answer ask(Logtap demo, String path) {
    Matcher address = address(demo);
    try (RawPeer peer = RawPeer.connect(Integer.parseInt(address.group(2)))) {
      peer.request("GET", path, "Authorization: Bearer " + address.group(3));
      return peer.answer();
    }
  }

  @Test
  void address_that_it_prints_opens_its_logs_and_its_environment() {
    Logtap demo = demo(ANY_PORT);

    assertEquals(200, ask(demo, "/").status());
    Map<String, Object> names = ask(demo, "/api/v1/server/logs").expect(200).json();
    assertEquals(Set.copyOf(LOGS), Set.copyOf((List<?>) names.get("logs")));
    assertEquals(List.of("demo"), names.get("environments"));
    for (String log : LOGS) {
      List<?> lines = (List<?>) ask(demo, "/api/v1/server/logs/" + log + "?lines=10").expect(200).json().get("lines");
      assertEquals(10, lines.size(), log);
    }
    assertEquals("", demo.err());
  }

  @Test
  void watch_command_that_it_prints_shows_all_of_it_live() {
    Logtap demo = demo(ANY_PORT);
    Logtap watch = shell("exec env " + watchCommand(demo));
    Set<String> sources = new HashSet<>(LOGS);
    sources.add("railway:demo");

    Await.until(() -> sourcesOf(watch.out()).equals(sources), watch::toString);
    for (String source : List.of("nginx-access", "railway:demo")) {
      long history = count(watch.out(), source);
      Await.until(() -> count(watch.out(), source) > history + 5, watch::toString);
    }
    assertEquals("", watch.err());
    assertEquals("", demo.err());
  }

  private static Set<String> sourcesOf(String text) {
    Set<String> sources = new HashSet<>();
    text.lines().forEach(line -> sources.add(line.replaceFirst(": .*", "")));
    return sources;
  }

  private static long count(String text, String source) {
    return text.lines().filter(line -> line.startsWith(source + ": ")).count();
  }

  /** By that name the shell may find nothing, or another program. */
  @Test
  void watch_command_names_the_program_as_the_shell_finds_it(@TempDir Path bin) throws IOException {
    Path logtap = Files.createSymbolicLink(bin.resolve("logtap"), Logtap.launcher());
    Map<String, String> environment = Map.of("PATH", bin + ":/usr/bin:/bin");
    List<String> command = List.of(Logtap.launcher().toString(), "serve", "--demo", ANY_PORT);

    Logtap found = awaitInvitation(start(environment, command));
    assertTrue(watchCommand(found).contains(" logtap watch "), found::toString);

    Files.delete(logtap);
    Logtap missing = awaitInvitation(start(environment, command));
    assertTrue(watchCommand(missing).contains(" " + Logtap.launcher() + " watch "), missing::toString);

    LogFiles.append(logtap, "#!/bin/sh\n");
    Files.setPosixFilePermissions(logtap, PosixFilePermissions.fromString("rwx------"));
    Logtap other = awaitInvitation(start(environment, command));
    assertTrue(watchCommand(other).contains(" " + Logtap.launcher() + " watch "), other::toString);
  }

  @Test
  void environment_streams_entries_of_its_services_and_can_be_filtered() {
    Logtap demo = demo(ANY_PORT);
    Matcher address = address(demo);
    Map<String, String> token = Map.of("LOGTAP_TOKEN", address.group(3));
    List<String> command =
        List.of("watch", "--server", "http://" + address.group(1), "-o", "json", "--service", "api", "railway:demo");
    Logtap watch = start(token, Mode.command(command));

    Await.until(() -> watch.out().lines().count() > 55, watch::toString);
    watch.signal("TERM").expectExit(143);
    for (Map<String, Object> entry : JsonRecord.ofLines(watch.outBytes())) {
      assertEquals("api", entry.get("serviceName"), entry::toString);
      assertEquals("demo", entry.get("environment"), entry::toString);
      assertTrue(entry.keySet().containsAll(Set.of("timestamp", "severity", "serviceId", "deploymentId", "message")), entry::toString);
    }
  }

  @Test
  void each_line_comes_once_over_a_rotation() throws IOException {
    Logtap demo = demo(ANY_PORT);
    Matcher address = address(demo);
    Path log = folder().resolve("nginx-access.log");
    Path rotated = folder().resolve("nginx-access.log.1");
    assertFalse(Files.exists(rotated), "the first rotation is some seconds later");
    List<String> command = List.of("watch", "--server", "http://" + address.group(1), "-n", "20", "nginx-access");
    Logtap watch = start(Map.of("LOGTAP_TOKEN", address.group(3)), Mode.command(command));
    watch.awaitOut("\n");

    // Between the two there is no file of that name.
    Await.until(() -> Files.exists(rotated) && Files.exists(log) && lines(log) > 20, demo::toString);
    List<String> written = new ArrayList<>(Files.readAllLines(rotated));
    written.addAll(Files.readAllLines(log));
    Await.until(() -> watch.out().contains(written.getLast()), watch::toString);
    watch.signal("INT").expectExit(130);

    List<String> seen = watch.out().lines().toList();
    List<String> all = new ArrayList<>(Files.readAllLines(rotated));
    all.addAll(Files.readAllLines(log));
    int from = all.size() - seen.size();
    while (from > 0 && !all.subList(from, from + seen.size()).equals(seen)) {
      from--;
    }
    assertTrue(from > 0 && from < Files.readAllLines(rotated).size(), watch::toString);
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "HUP"})
  void signal_ends_it_with_0_and_nothing_is_left(String signal) {
    Logtap demo = demo(ANY_PORT);
    assertEquals(permissions(folder()), "rwx------");

    demo.signal(signal).expectExit(0);

    assertEquals(List.of(), folders());
    assertEquals("", demo.err());
  }

  private static String permissions(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_a_killed_one_has_left_is_removed_by_the_next_and_what_runs_stays() {
    Logtap killed = demo(ANY_PORT);
    Path left = folder();
    killed.signal("KILL").awaitExit();
    assertTrue(Files.exists(left));

    demo(ANY_PORT);
    Path first = folder();
    Logtap second = demo(ANY_PORT);

    assertFalse(Files.exists(left));
    assertTrue(Files.exists(first));
    assertEquals(2, folders().size());
    second.signal("TERM").expectExit(0);
    assertEquals(List.of(first), folders());
  }

  @Test
  void reader_of_its_stdout_that_is_gone_ends_it_and_nothing_is_left() {
    String demo = "'" + Logtap.launcher() + "' serve --demo " + ANY_PORT;
    String gone = temporary.resolve("gone").toString();
    shell("{ until [ -e " + gone + " ]; do sleep 0.01; done; rm " + gone + "; " + demo + "; } | { exec <&-; : >" + gone + "; }")
        .expectExit(0);

    assertEquals(List.of(), folders());
  }

  @Test
  void no_secret_stands_on_a_command_line_or_in_the_folder() throws IOException {
    Logtap demo = demo(ANY_PORT);
    String token = address(demo).group(3);
    String signature = token.substring(token.lastIndexOf('.') + 1);
    Logtap watch = shell("exec env " + watchCommand(demo));
    watch.awaitOut("\n");

    for (Logtap program : List.of(demo, watch)) {
      String line = Files.readString(Path.of("/proc", Long.toString(program.process().pid()), "cmdline"));
      assertTrue(line.contains("dev.logtap"), line);
      assertFalse(line.contains(signature), line);
    }
    try (Stream<Path> files = Files.list(folder())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        assertFalse(Files.readString(file).contains(signature), file::toString);
      }
    }
    assertFalse(demo.err().contains(signature));
  }

  @Test
  void nothing_of_the_machine_is_needed() {
    List<String> bare = List.of("env", "-i", "TMPDIR=" + temporary, "HOME=", Logtap.launcher().toString(), "serve", "--demo", ANY_PORT);
    Logtap demo = awaitInvitation(start(Map.of(), bare));

    assertEquals(200, ask(demo, "/api/v1/server/logs/mysql?lines=1").status());
    demo.signal("TERM").expectExit(0);
  }

  /** Two of the formats name no zone: who reads them takes it for UTC. */
  @Test
  void times_are_in_utc_wherever_the_machine_is() {
    Logtap demo = awaitInvitation(start(Map.of("TZ", "Pacific/Auckland"), Mode.command(List.of("serve", "--demo", ANY_PORT))));

    List<?> lines = (List<?>) ask(demo, "/api/v1/server/logs/nginx-error?lines=1").expect(200).json().get("lines");
    String stamp = lines.getFirst().toString().substring(0, 19).replace('/', '-').replace(' ', 'T');
    Duration age = Duration.between(Instant.parse(stamp + "Z"), Instant.now()).abs();
    assertTrue(age.compareTo(Duration.ofHours(1)) < 0, lines::toString);
  }

  @Test
  void nothing_of_the_machine_is_heeded(@TempDir Path elsewhere) throws IOException {
    Path config = Files.writeString(elsewhere.resolve("logtap.toml"), "[serve]\nnonsense = [\n");
    Map<String, String> machine =
        Map.of(
            "LOGTAP_CONFIG", config.toString(),
            "LOGTAP_LOG", "nonsense",
            "LOGTAP_LISTEN", "0.0.0.0:1",
            "LOGTAP_SERVER", "http://192.0.2.1",
            "LOGTAP_JWT_SECRET", Tokens.SECRET,
            "LOGTAP_JWT_ALGORITHM", "ES256",
            "LOGTAP_ENVIRONMENT", "production=5f0c",
            "RAILWAY_TOKEN", "none");
    Logtap demo = awaitInvitation(start(machine, Mode.command(List.of("serve", "--demo", ANY_PORT))));

    assertEquals(List.of("demo"), ask(demo, "/api/v1/server/logs").expect(200).json().get("environments"));
    assertTrue(watchCommand(demo).contains(" --server http://" + address(demo).group(1) + " "), demo::toString);
    try (RawPeer peer = RawPeer.connect(Integer.parseInt(address(demo).group(2)))) {
      peer.request("GET", "/api/v1/server/logs", "Authorization: Bearer " + Tokens.any());
      peer.answer().expectRefusal(401);
    }
  }

  @Test
  void port_that_is_taken_is_passed_over_where_none_was_asked_for() throws IOException {
    // 8000 may be somebody else's already: taken it is in any case.
    try (ServerSocket _ = occupy(8000)) {
      Logtap demo = demo();

      assertTrue(Integer.parseInt(address(demo).group(2)) > 8000, demo::toString);
      assertTrue(watchCommand(demo).contains(" --server http://" + address(demo).group(1) + " "), demo::toString);
      assertEquals(200, ask(demo, "/healthz").status());
    }
  }

  /** Null where somebody has it. */
  private static ServerSocket occupy(int port) {
    try {
      return new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
    } catch (IOException _) {
      return null;
    }
  }

  @Test
  void port_that_was_asked_for_and_is_taken_is_1_and_a_sentence() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Logtap demo = launch("--listen", address).expectExit(1);

      Sentence.expect(demo, "--listen: " + address, "; ");
      assertEquals(List.of(), folders());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:8000", "[::]:8000", "192.0.2.1:8000", ":8000", "8000"})
  void address_that_others_can_reach_is_2_and_a_sentence(String address) {
    Logtap demo = launch("--listen", address).expectExit(2);

    Sentence.expect(demo, "--listen: ", address, "; ");
    assertEquals("", demo.out());
    assertEquals(List.of(), folders());
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:0", "[::1]:0"})
  void other_names_of_this_machine_will_do(String listen) {
    Logtap demo = demo("--listen", listen);
    Logtap watch = shell("exec env " + watchCommand(demo));

    watch.awaitOut("mysql: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--config=x", "--log=a=/x", "--jwt-secret-file=x", "--jwt-public-key=x", "--jwt-algorithm=HS512", "--environment=x",
        "--railway-token-file=x", "--tls-cert=x", "--tls-key=x", "--allow-origin=https://x.example", "--max-connections=5", "--ensure"
      })
  void option_that_a_demo_would_not_heed_is_2_and_a_sentence(String option) {
    Logtap demo = launch(option).expectExit(2);

    Sentence.expect(demo, option.replaceFirst("=.*", "") + ": ", "--demo", "; ");
    assertEquals(List.of(), folders());
  }

  @Test
  void folder_that_cannot_be_made_is_1_and_a_sentence() {
    List<String> command =
        List.of("env", "TMPDIR=" + temporary.resolve("missing"), Logtap.launcher().toString(), "serve", "--demo", ANY_PORT);

    Sentence.expect(start(Map.of(), command).expectExit(1), "--demo: ", "missing", "TMPDIR");
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as systemd runs it: the units, what it is told, and a socket that is handed down. */
class SystemdIT {
  private static final Path UNITS = Path.of(System.getProperty("logtap.basedir"), "src/main/systemd");

  @TempDir Path directory;

  private Server.Setup setup;

  @BeforeEach
  void setUp() {
    setup = Server.with("app", directory.resolve("app.log"));
  }

  // ---- the units

  @Test
  void units_are_clean() throws IOException {
    Logtap verify = analyze("verify", "--man=no", unit("logtap.service"), unit("logtap.socket")).expectExit(0);

    assertEquals("", verify.out() + verify.err());
  }

  @Test
  void exposure_is_two_at_most() throws IOException {
    analyze("security", "--offline=true", "--threshold=20", unit("logtap.service")).expectExit(0);
  }

  private static Logtap analyze(String... arguments) {
    Tool.require("systemd-analyze", "the units are not tested");
    List<String> command = new ArrayList<>(List.of("systemd-analyze", "--no-pager"));
    command.addAll(List.of(arguments));
    return Logtap.startCommand(Map.of(), command).awaitExit();
  }

  /** As it is installed. */
  private String unit(String name) throws IOException {
    String prefix = Logtap.launcher().getParent().getParent().toString();
    String text = Files.readString(UNITS.resolve(name)).replace("@prefix@", prefix);
    return Files.writeString(directory.resolve(name), text).toString();
  }

  // ---- what it is told

  @Test
  void it_is_told_when_the_server_is_ready_reloads_and_stops() {
    try (Logtap systemd = systemd();
        Server server = notifying().start()) {
      systemd.awaitOut("READY=1");
      assertFalse(systemd.out().contains("RELOADING=1"), systemd::toString);
      server.reload("read the config again");
      Await.until(() -> systemd.out().matches("(?s).*RELOADING=1\nMONOTONIC_USEC=\\d+\nREADY=1\n.*"), systemd::toString);
      assertFalse(systemd.out().contains("STOPPING=1"), systemd::toString);
      server.stop();
      systemd.awaitOut("STOPPING=1");
    }
  }

  @Test
  void notify_socket_that_is_not_there_keeps_nobody_from_serving() {
    try (Server server = notifying().start()) {
      server.expectRunning();
    }
  }

  @Test
  void it_is_told_that_the_server_lives_again_and_again_and_only_where_it_asks() {
    try (Logtap systemd = systemd();
        Server _ = notifying().variable("WATCHDOG_USEC", "200000").start()) {
      Await.until(() -> pings(systemd) >= 5, systemd::toString);
    }
    try (Logtap systemd = systemd();
        Server server = notifying().start()) {
      server.reload("read the config again");
      systemd.awaitOut("RELOADING=1");
      assertEquals(0, pings(systemd), systemd::toString);
    }
  }

  @Test
  void it_is_not_told_so_while_the_server_accepts_nobody() throws IOException {
    try (Logtap systemd = systemd();
        Server server = notifying().variable("WATCHDOG_USEC", "200000").start()) {
      Await.until(() -> pings(systemd) > 0, systemd::toString);
      List<String> hang = List.of("python3", Server.script("hung.py").toString(), "" + server.program().process().pid(), "accept");
      try (Logtap hung = Logtap.startCommand(Map.of(), hang)) {
        Await.until(() -> !hung.out().isEmpty() || !hung.process().isAlive(), hung::toString);
        assumeTrue(hung.out().equals("hung\n"), "a thread of another process can't be stopped here: " + hung.err());
        say(systemd, "STATUS=it hangs");

        // Said when it was waited for in vain, many intervals later.
        server.program().awaitErr("logtap: watchdog: ");
        say(systemd, "STATUS=it is said");
        int during = pings(systemd.out().replaceAll("(?s).*it hangs|it is said.*", ""));
        assertTrue(during <= 1, () -> during + " pings by a server that hangs\n" + systemd);

        hung.process().getOutputStream().close();
        hung.awaitOut("goes on");
        int after = pings(systemd);
        Await.until(() -> pings(systemd) > after + 1, systemd::toString);
        server.expectRunning();
      }
    }
  }

  private Path notifySocket() {
    return directory.resolve("notify");
  }

  private Server.Setup notifying() {
    return Server.with("app", directory.resolve("app.log")).variable("NOTIFY_SOCKET", notifySocket().toString());
  }

  private Logtap systemd() {
    Tool.require("python3", "what systemd is told is not tested");
    try {
      Files.deleteIfExists(notifySocket());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    List<String> command = List.of("python3", Server.script("notified.py").toString(), notifySocket().toString());
    return Logtap.startCommand(Map.of(), command).awaitOut("bound");
  }

  /** Tells it something, behind all that the server has told it up to now, and waits until it has heard that. */
  private void say(Logtap systemd, String text) {
    String send =
        "from socket import *; import sys; socket(AF_UNIX, SOCK_DGRAM).sendto(sys.argv[2].encode(), sys.argv[1])";
    List<String> command = List.of("python3", "-c", send, notifySocket().toString(), text);
    Logtap.startCommand(Map.of(), command).expectExit(0);
    systemd.awaitOut(text);
  }

  private static int pings(Logtap systemd) {
    return pings(systemd.out());
  }

  private static int pings(String told) {
    return (int) Pattern.compile("^WATCHDOG=1$", Pattern.MULTILINE).matcher(told).results().count();
  }

  // ---- a socket that is handed down

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void socket_that_is_handed_down_is_served(int descriptor) {
    needPython();
    LogFiles.append(directory.resolve("app.log"), "line\n");
    try (Server server = setup.handed(descriptor, 1).start()) {
      server.expectRunning();
      try (StreamClient client = server.stream("app", "lines=1").expect("line")) {
        server.stop();
        client.expectClose(1001);
      }
      // What is said last is said, though Java closes stderr with a socket of this kind.
      assertTrue(server.err().contains("/app/ws"), server::toString);
      assertTrue(Pattern.compile("ended 1001").matcher(server.err()).find(), server::toString);
    }
  }

  @Test
  void address_in_the_settings_does_not_count_beside_it_and_that_is_said() {
    needPython();
    try (Server server = setup.handed(3, 1).port(9).start()) {
      server.program().awaitErr("logtap: --listen: is 127.0.0.1:9, but ");
      assertTrue(server.port() != 9);
      server.expectRunning();
    }
  }

  @Test
  void ensure_looks_for_nobody_else_beside_it() {
    needPython();
    try (Server server = setup.handed(3, 1).argument("--ensure").start()) {
      server.expectRunning();
    }
  }

  /** Several, of which Java sees one, and a Unix socket. */
  @ParameterizedTest
  @ValueSource(ints = {2, -1})
  void anything_but_one_tcp_socket_is_refused(int count) {
    needPython();
    try (Logtap run = setup.handed(3, count).launch().expectExit(2)) {
      Sentence.expect(run, "the socket unit", "; ");
    }
  }

  /** The variables are inherited by whoever is started from a service. */
  @Test
  void socket_of_another_process_is_not_looked_for() {
    try (Server server = setup.variable("LISTEN_PID", "1").variable("LISTEN_FDS", "1").start()) {
      server.expectRunning();
    }
  }

  @Test
  void client_that_comes_between_two_servers_is_answered_by_the_next() throws IOException {
    needPython();
    try (Server server = setup.handed(3, 0).start()) {
      Process first = server.program().process();
      server.program().signal("TERM");
      Await.until(() -> !first.isAlive(), server::toString);

      try (RawPeer client = server.connect()) {
        client.request("GET", "/healthz");
        first.getOutputStream().write('\n');
        first.getOutputStream().flush();
        assertEquals(200, client.answer().status());
      } finally {
        endNext();
      }
    }
  }

  /** Ends the second server, which is not a child of ours. */
  private void endNext() {
    ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(directory.toString()))
        .forEach(ProcessHandle::destroy);
  }

  private static void needPython() {
    Tool.require("python3", "a socket that is handed down is not tested");
  }
}

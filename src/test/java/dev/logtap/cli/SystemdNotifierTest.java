package dev.logtap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SystemdNotifierTest {
  private final List<String> complaints = new ArrayList<>();

  @TempDir private Path directory;

  private SystemdNotifier notifier(String address) {
    return SystemdNotifier.of(Map.of("NOTIFY_SOCKET", address), complaints::add);
  }

  private static void tellAll(SystemdNotifier notifier) {
    notifier.status("starting");
    notifier.ready();
    notifier.watchdog();
    notifier.stopping();
  }

  private void expectAll(NotifyReceiver systemd) {
    assertEquals("STATUS=starting", systemd.next());
    assertEquals("READY=1", systemd.next());
    assertEquals("WATCHDOG=1", systemd.next());
    assertEquals("STOPPING=1", systemd.next());
    assertEquals(List.of(), complaints);
  }

  @Test
  void systemd_is_told_through_a_socket_in_the_file_system() {
    Path path = directory.resolve("notify");
    try (NotifyReceiver systemd = new NotifyReceiver(path.toString())) {
      tellAll(notifier(path.toString()));

      expectAll(systemd);
    }
  }

  @Test
  void systemd_is_told_through_an_abstract_socket() {
    String name = "@logtap-test-" + ProcessHandle.current().pid();
    try (NotifyReceiver systemd = new NotifyReceiver(name)) {
      tellAll(notifier(name));

      expectAll(systemd);
    }
  }

  @Test
  void longest_name_that_the_system_takes_is_taken() {
    String name = "@logtap-test-" + ProcessHandle.current().pid();
    name += "x".repeat(108 - name.length());
    try (NotifyReceiver systemd = new NotifyReceiver(name)) {
      notifier(name).ready();

      assertEquals("READY=1", systemd.next());
    }
  }

  @Test
  void reload_comes_with_the_monotonic_clock() {
    Path path = directory.resolve("notify");
    try (NotifyReceiver systemd = new NotifyReceiver(path.toString())) {
      long before = NotifyReceiver.monotonicMicros();
      notifier(path.toString()).reloading();
      long after = NotifyReceiver.monotonicMicros();

      String[] lines = systemd.next().split("\n");
      assertEquals(2, lines.length);
      assertEquals("RELOADING=1", lines[0]);
      long said = Long.parseLong(lines[1].substring("MONOTONIC_USEC=".length()));
      assertTrue(said >= before && said <= after, before + " <= " + said + " <= " + after);
    }
  }

  @Test
  void status_can_hold_no_message_of_its_own() {
    Path path = directory.resolve("notify");
    try (NotifyReceiver systemd = new NotifyReceiver(path.toString())) {
      notifier(path.toString()).status("caf\u00e9\nSTOPPING=1");

      assertEquals("STATUS=caf\u00e9^JSTOPPING=1", systemd.next());
    }
  }

  @Test
  void nothing_happens_elsewhere() {
    SystemdNotifier notifier = SystemdNotifier.of(Map.of("WATCHDOG_USEC", "1000000"), complaints::add);

    tellAll(notifier);

    assertEquals(Optional.empty(), notifier.watchdogInterval());
    assertEquals(List.of(), complaints);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "@", "relative", "vsock:2:1234", "/no/such/socket", "\u0000"})
  void address_that_nobody_listens_on_is_a_sentence_and_no_more(String address) {
    SystemdNotifier notifier = notifier(address);

    notifier.ready();
    notifier.stopping();

    assertEquals(1, complaints.size(), complaints::toString);
    assertTrue(complaints.getFirst().contains("; "), complaints::toString);
  }

  @Test
  void address_longer_than_the_system_takes_is_a_sentence_and_no_more() {
    notifier("@" + "x".repeat(108)).ready();

    assertEquals(1, complaints.size(), complaints::toString);
  }

  @Test
  void failure_is_said_again_after_a_success() {
    String path = directory.resolve("notify").toString();
    SystemdNotifier notifier = notifier(path);

    notifier.ready();
    try (NotifyReceiver _ = new NotifyReceiver(path)) {
      notifier.ready();
    }
    notifier.ready();
    notifier.ready();

    assertEquals(2, complaints.size(), complaints::toString);
  }

  @Test
  void systemd_that_reads_nothing_is_not_waited_for_for_long() {
    Path path = directory.resolve("notify");
    try (NotifyReceiver _ = new NotifyReceiver(path.toString())) {
      SystemdNotifier notifier = notifier(path.toString());

      // How many it holds is a setting of the system's, seldom more than 512.
      for (int i = 0; i < 10_000 && complaints.isEmpty(); i++) {
        assertTimeout(Duration.ofSeconds(10), notifier::watchdog);
      }

      assertEquals(1, complaints.size());
    }
  }

  @Test
  void no_descriptor_stays_open() throws Exception {
    Path path = directory.resolve("notify");
    try (NotifyReceiver systemd = new NotifyReceiver(path.toString())) {
      SystemdNotifier notifier = notifier(path.toString());
      SystemdNotifier nobody = notifier("/no/such/socket");
      notifier.ready();
      systemd.next();
      long before = openSockets();

      for (int i = 0; i < 50; i++) {
        notifier.ready();
        systemd.next();
        nobody.ready();
      }

      assertEquals(before, openSockets());
    }
  }

  /** Of the kind that systemd is told through: those of tests before this one may still be being closed. */
  private static long openSockets() throws Exception {
    Set<String> datagram = new HashSet<>();
    for (String line : Files.readAllLines(Path.of("/proc/net/unix"))) {
      // Num RefCount Protocol Flags Type St Inode Path
      String[] columns = line.split(" +");
      if (columns[4].equals("0002")) {
        datagram.add("socket:[" + columns[6] + "]");
      }
    }
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(path -> datagram.contains(linkOf(path))).count();
    }
  }

  private static String linkOf(Path path) {
    try {
      return Files.readSymbolicLink(path).toString();
    } catch (Exception _) {
      return ""; // Closed since it was listed.
    }
  }

  @ParameterizedTest
  @CsvSource({
    "30000000, , PT15S",
    "30000000, SELF, PT15S",
    "30000000, 1, ",
    "3, , PT0.000001S",
    "1, , ",
    "0, , ",
    "-5, , ",
    "soon, , ",
    "99999999999999999999, , ",
    ", , ",
  })
  void watchdog_is_told_twice_in_its_time_by_the_process_it_is_set_for(String micros, String pid, Duration interval) {
    Map<String, String> environment = new HashMap<>(Map.of("NOTIFY_SOCKET", "@nobody"));
    if (micros != null) {
      environment.put("WATCHDOG_USEC", micros);
    }
    if (pid != null) {
      environment.put("WATCHDOG_PID", pid.replace("SELF", Long.toString(ProcessHandle.current().pid())));
    }

    assertEquals(
        Optional.ofNullable(interval), SystemdNotifier.of(environment, complaints::add).watchdogInterval());
  }
}

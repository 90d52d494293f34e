package dev.logtap.cli;

import dev.logtap.render.TerminalText;
import dev.logtap.kernel.NotifySocket;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tells systemd how the service is, when it was started by it with {@code Type=notify} or {@code notify-reload}: the
 * protocol of sd_notify(3). Elsewhere all of this does nothing. Called by any thread; a call takes a second at
 * most, and a failure is a sentence and nothing more, because the service itself is well.
 */
final class SystemdNotifier {
  /** Null when nobody wants to be told. */
  private final NotifySocket socket;

  private final Optional<Duration> watchdog;
  private final Consumer<String> complaint;

  /** Of failures in a row one is said. */
  private volatile boolean failing;

  private SystemdNotifier(NotifySocket socket, Optional<Duration> watchdog, Consumer<String> complaint) {
    this.socket = socket;
    this.watchdog = watchdog;
    this.complaint = complaint;
  }

  /**
   * The one that the environment asks for. Native calls are loaded only if it does ask, because that takes
   * 50 ms.
   *
   * @param complaint is given a sentence when systemd can't be told
   */
  static SystemdNotifier of(Map<String, String> environment, Consumer<String> complaint) {
    String address = environment.getOrDefault("NOTIFY_SOCKET", "");
    if (address.isEmpty()) {
      return new SystemdNotifier(null, Optional.empty(), complaint);
    }
    try {
      return new SystemdNotifier(new NotifySocket(address), watchdog(environment), complaint);
    } catch (IOException | RuntimeException e) {
      complaint.accept(sentence(e));
      return new SystemdNotifier(null, Optional.empty(), complaint);
    }
  }

  /** The service is up, or up again after {@link #reloading}. */
  void ready() {
    send("READY=1");
  }

  /** It reads its configuration again; {@link #ready} has to follow. */
  void reloading() {
    // On Linux nanoTime is CLOCK_MONOTONIC itself, by which systemd tells this reload from an earlier one.
    send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
  }

  /** It ends of its own accord or because it was told to. */
  void stopping() {
    send("STOPPING=1");
  }

  /** A sentence that {@code systemctl status} shows. */
  void status(String sentence) {
    // A line end would begin another message.
    send("STATUS=" + TerminalText.harmless(sentence));
  }

  /** It is alive: to be said each {@link #watchdogInterval}. */
  void watchdog() {
    send("WATCHDOG=1");
  }

  /** How often systemd has to hear that we live, with time to spare; empty when it does not ask for that. */
  Optional<Duration> watchdogInterval() {
    return watchdog;
  }

  /** Half of the time after which systemd would kill us, as sd_watchdog_enabled(3) recommends. */
  private static Optional<Duration> watchdog(Map<String, String> environment) {
    String pid = environment.getOrDefault("WATCHDOG_PID", "");
    if (!pid.isEmpty() && !pid.equals(Long.toString(ProcessHandle.current().pid()))) {
      return Optional.empty(); // Meant for another process, which handed its environment down.
    }
    try {
      long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", ""));
      return micros > 1 ? Optional.of(Duration.ofNanos(Math.multiplyExact(micros / 2, 1000L))) : Optional.empty();
    } catch (NumberFormatException | ArithmeticException _) {
      return Optional.empty();
    }
  }

  private void send(String message) {
    if (socket == null) {
      return;
    }
    try {
      socket.send(message);
      failing = false;
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        failing = true;
        complaint.accept(sentence(e));
      }
    }
  }

  private static String sentence(Throwable e) {
    return "systemd can't be told how we are, and may think that we hang: " + e.getMessage() + "; check NOTIFY_SOCKET";
  }
}

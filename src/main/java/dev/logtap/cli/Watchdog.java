package dev.logtap.cli;

import dev.logtap.server.Server;
import dev.logtap.server.ServerLog;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits for the server's end, and meanwhile tells systemd that it lives, as long as it does: a process may well be there
 * whose port nobody answers any more. Runs on the main thread.
 */
final class Watchdog {
  /** Long enough for a machine that is short of something for a moment, short enough to try again before systemd kills. */
  private static final Duration BEFORE_NEXT_ATTEMPT = Duration.ofSeconds(1);

  private final SystemdNotifier systemd;
  private final Server server;
  private final ServerLog log;

  Watchdog(SystemdNotifier systemd, Server server, ServerLog log) {
    this.systemd = systemd;
    this.server = server;
    this.log = log;
  }

  void await(CountDownLatch stop) throws InterruptedException {
    Duration interval = systemd.watchdogInterval().orElse(null);
    if (interval == null) {
      stop.await();
      return;
    }
    boolean alive = true;
    Duration pause = interval;
    while (!stop.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
      boolean before = alive;
      alive = server.isAlive();
      if (alive) {
        systemd.watchdog();
      } else if (before) {
        log.error("watchdog", "the server does not accept connections any more; systemd restarts it if that stays so");
      }
      pause = alive || interval.compareTo(BEFORE_NEXT_ATTEMPT) < 0 ? interval : BEFORE_NEXT_ATTEMPT;
    }
  }
}

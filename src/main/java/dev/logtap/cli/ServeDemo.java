package dev.logtap.cli;

import dev.logtap.auth.Authority;
import dev.logtap.auth.Grant;
import dev.logtap.auth.HmacSecret;
import dev.logtap.auth.Mint;
import dev.logtap.auth.Scope;
import dev.logtap.auth.SignatureAlgorithm;
import dev.logtap.auth.UnusableKeyException;
import dev.logtap.config.ConfigException;
import dev.logtap.config.ConfigFile;
import dev.logtap.config.Settings;
import dev.logtap.demo.Demo;
import dev.logtap.log.AllowedLog;
import dev.logtap.server.Limits;
import dev.logtap.server.Origins;
import dev.logtap.server.Rules;
import dev.logtap.server.Server;
import dev.logtap.server.ServerLog;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code logtap serve --demo}: a server of sample logs, for who sees logtap for the first time, until a signal ends it. It
 * needs nothing of this machine's and heeds nothing of it: no config, no variable, no log, no secret. Its own secret is known
 * to this process alone and ends with it, and it can be reached from this machine alone.
 */
final class ServeDemo {
  private static final Set<String> TOGETHER = Set.of("--demo", "--listen", "--debug");

  /** Where nobody said where to listen, somebody may do so already: then the next ports are tried. */
  private static final int PORTS = 100;

  private static final int SECRET_BYTES = 32;

  /** No demo lasts longer, and the token opens nothing else. */
  private static final Duration TOKEN_LIFETIME = Duration.ofDays(30);

  private final Listen listen;

  /** How many ports may be tried. */
  private final int ports;

  private final boolean debug;

  private ServeDemo(Listen listen, int ports, boolean debug) {
    this.listen = listen;
    this.ports = ports;
    this.debug = debug;
  }

  /**
   * The demo that a command line asks for.
   *
   * @throws ConfigException where it asks for what a demo has not
   */
  static ServeDemo of(GlobalOptions global, ParseResult parsed) {
    for (OptionSpec option : parsed.matchedOptions()) {
      refuse(option.longestName(), !TOGETHER.contains(option.longestName()));
    }
    // These may stand before the command as well.
    refuse("--config", global.config() != null);
    refuse("--log", !global.logs().isEmpty());
    Map<String, String> flags = Flags.of(parsed);
    Listen listen = Listen.of(new Settings(flags, Map.of(), ConfigFile.NONE, "serve"));
    if (!listen.isLoopback()) {
      throw new ConfigException(
          "--listen: " + listen + " can be reached from elsewhere, and a demo is for this machine alone; give 127.0.0.1:PORT");
    }
    return new ServeDemo(listen, flags.containsKey("listen") ? 1 : PORTS, global.debug());
  }

  private static void refuse(String option, boolean given) {
    if (given) {
      throw new ConfigException(
          option + ": does not go with --demo, which brings logs, environment and secret of its own; leave out one of them");
    }
  }

  int run(Shell shell) throws IOException {
    CountDownLatch stop = new CountDownLatch(1);
    // A terminal that is closed ends a demo, too: nobody has asked it to go on without one.
    Map<String, Runnable> actions = Map.of("TERM", stop::countDown, "INT", stop::countDown, "HUP", stop::countDown);
    try (Signals _ = Signals.on(actions);
        ServerLog log = debug ? new ServerLog(shell.err(), false) : ServerLog.ofErrors(shell.err());
        Demo demo = begin(shell, log)) {
      if (demo == null) {
        return ExitCode.FAILED;
      }
      HmacSecret secret = secret();
      Authority authority = new Authority(secret, null, null, InstantSource.system());
      try (Server server = open(rules(demo, authority), log)) {
        if (server == null) {
          return ExitCode.FAILED;
        }
        Grant everything = new Grant("demo", TOKEN_LIFETIME, Scope.EVERYTHING, Scope.EVERYTHING);
        String token = new Mint(secret, null, null, InstantSource.system()).mint(everything);
        Listen address = new Listen(listen.host(), server.address().getPort());
        shell.print(invitation(demo, address, token, Launcher.command(shell)));
        stop.await();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.DONE;
  }

  /** Null where that can't be, which is said. */
  private static Demo begin(Shell shell, ServerLog log) {
    String variable = shell.environment().getOrDefault("TMPDIR", "");
    Path parent = Path.of(variable.startsWith("/") ? variable : "/tmp");
    try {
      return Demo.begin(parent, new SecureRandom().nextLong(), sentence -> log.error("demo", sentence));
    } catch (IOException e) {
      String why =
          switch (e) {
            case NoSuchFileException _ -> "there is no such directory";
            case AccessDeniedException _ -> "it may not be written to";
            default -> e.getMessage();
          };
      log.error("--demo", "no folder can be made in '" + parent + "': " + why + "; name another directory in TMPDIR");
      return null;
    }
  }

  /** Null where there is no address to be had, which is said. */
  private Server open(Rules rules, ServerLog log) throws IOException {
    String version = Main.version();
    for (int i = 0; i < ports; i++) {
      Listen next = new Listen(listen.host(), listen.port() + i);
      try {
        return Server.open(next.address(), rules, log, version);
      } catch (IOException e) {
        boolean taken = e instanceof BindException && next.isTaken();
        if (!taken || ports == 1) {
          String advice = taken ? "end what has it, or leave --listen out: then a free port is found" : "give another address";
          log.error("--listen", next + " can't be had: " + e.getMessage() + "; " + advice);
          return null;
        }
      }
    }
    log.error("--listen", "the " + ports + " ports from " + listen + " on are taken; give another one");
    return null;
  }

  private Rules rules(Demo demo, Authority authority) {
    Map<String, AllowedLog> logs = new LinkedHashMap<>();
    demo.logs().forEach(log -> logs.put(log.name().value(), log));
    return new Rules(
        logs,
        Map.of(Demo.ENVIRONMENT, demo.environmentId()),
        demo.source(),
        authority,
        new Origins(Set.of(), listen.host()),
        null,
        Limits.DEFAULT);
  }

  private static HmacSecret secret() {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    try {
      return HmacSecret.of(SignatureAlgorithm.HS256, secret);
    } catch (UnusableKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * What to do now: with the server's address, for the machine may name another one to watch. The token is shown here alone,
   * and in a fragment, which no browser sends.
   */
  private static String invitation(Demo demo, Listen address, String token, String logtap) {
    List<String> names = demo.logs().stream().map(log -> log.name().value()).toList();
    return """
        A demo of logtap: sample logs below %s, each rotated once a minute,
        and a sample environment. Ctrl-C ends it and removes them.

        In a browser:
          http://%s/#token=%s

        In another terminal:
          LOGTAP_TOKEN=%s %s watch --server http://%s %s railway:%s
        """
        .formatted(demo.folder(), address, token, token, logtap, address, String.join(" ", names), Demo.ENVIRONMENT);
  }
}

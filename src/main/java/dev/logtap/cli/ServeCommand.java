package dev.logtap.cli;

import dev.logtap.config.ConfigException;
import dev.logtap.config.Environments;
import dev.logtap.config.Setting;
import dev.logtap.config.Settings;
import dev.logtap.log.AllowedLog;
import dev.logtap.railway.RailwayAccess;
import dev.logtap.server.Limits;
import dev.logtap.server.Origins;
import dev.logtap.server.Presence;
import dev.logtap.server.Rules;
import dev.logtap.server.Server;
import dev.logtap.server.ServerLog;
import dev.logtap.server.TlsIdentity;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code logtap serve}: the allowlisted logs over REST and WebSocket, until a signal ends it. */
final class ServeCommand implements Command {
  private static final Setting<List<String>> ALLOW_ORIGIN =
      Setting.list("allow-origin", "an origin in small letters, such as https://dash.example.org", ServeCommand::parseOrigin, List.of());
  private static final Setting<Path> TLS_CERT = Setting.path("tls-cert", null);
  private static final Setting<Path> TLS_KEY = Setting.path("tls-key", null);
  private static final Setting<Integer> MAX_CONNECTIONS =
      Setting.number("max-connections", 1, 1_000_000, Limits.DEFAULT.connections());
  private static final Setting<Integer> MAX_PER_ENVIRONMENT =
      Setting.number("max-connections-per-environment", 1, 1_000_000, Limits.DEFAULT.environmentClients());
  private static final Setting<List<String>> ENVIRONMENT =
      Setting.list("environment", "ID or NAME=ID", Environments::parse, List.of());
  private static final Setting<Boolean> ENSURE = Setting.flag("ensure");

  // Limits that hardly anybody changes are settings without a flag.
  private static final Setting<Integer> MAX_ANONYMOUS =
      Setting.number("max-anonymous", 1, 1_000_000, Limits.DEFAULT.anonymous())
          .withoutFlag("How many connections may be there that have not shown a token yet; then the oldest of them gives way.");
  private static final Setting<Long> MAX_HEAD_BYTES =
      Setting.size("max-head-bytes", 256, 1 << 20, (long) Limits.DEFAULT.headBytes())
          .withoutFlag("How long the head of a request may be; a longer one is answered 431.");
  private static final Setting<Integer> MAX_HEADERS =
      Setting.number("max-headers", 1, 10_000, Limits.DEFAULT.headers())
          .withoutFlag("How many header lines a request may have; one with more is answered 431.");
  private static final Setting<Duration> HEAD_TIMEOUT =
      Setting.duration("head-timeout", Limits.DEFAULT.headTime())
          .withoutFlag("How long a client may take for the head of a request, and for a TLS handshake before the first.");
  private static final Setting<Long> MAX_FRAME_BYTES =
      Setting.size("max-frame-bytes", 1, 16 << 20, (long) Limits.DEFAULT.frameBytes())
          .withoutFlag("How long a message from a client may be; a longer one closes its stream with 1009.");
  private static final Setting<Integer> MAX_FRAGMENTS =
      Setting.number("max-fragments", 1, 10_000, Limits.DEFAULT.fragments())
          .withoutFlag("In how many frames a message from a client may come; more close its stream with 1009.");
  private static final Setting<Duration> IDLE_TIMEOUT =
      Setting.duration("idle-timeout", Limits.DEFAULT.idle())
          .withoutFlag("How long a connection may wait for its next request.");
  private static final Setting<Duration> STALL_TIMEOUT =
      Setting.duration("stall-timeout", Limits.DEFAULT.stall())
          .withoutFlag("How long a client may neither take a byte nor send one.");
  private static final Setting<Duration> PING_INTERVAL =
      Setting.duration("ping-interval", Limits.DEFAULT.ping())
          .withoutFlag("How often the client of a stream is asked whether it is there.");
  private static final Setting<Integer> MAX_FILTERS =
      Setting.number("max-filters", 1, 10_000, Limits.DEFAULT.filters())
          .withoutFlag("How many different texts the clients of one log may search for; a further one is closed with 1013.");

  private static final List<Setting<?>> SETTINGS = allSettings();

  private static List<Setting<?>> allSettings() {
    List<Setting<?>> settings = new ArrayList<>(List.of(Listen.SETTING, TLS_CERT, TLS_KEY, ALLOW_ORIGIN, MAX_CONNECTIONS));
    settings.addAll(JwtSettings.SETTINGS);
    settings.add(ENVIRONMENT);
    settings.addAll(RailwaySettings.SETTINGS);
    settings.addAll(
        List.of(
            MAX_PER_ENVIRONMENT,
            MAX_ANONYMOUS,
            MAX_HEAD_BYTES,
            MAX_HEADERS,
            HEAD_TIMEOUT,
            MAX_FRAME_BYTES,
            MAX_FRAGMENTS,
            IDLE_TIMEOUT,
            STALL_TIMEOUT,
            PING_INTERVAL,
            MAX_FILTERS));
    return List.copyOf(settings);
  }

  private static String parseOrigin(String text) {
    if (!Origins.isOrigin(text)) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  @Override
  public CommandSpec model() {
    CommandSpec spec =
        Commands.command(
            "serve",
            "",
            "Serves logs over REST and WebSocket.",
            "Serves the logs on the allowlist over REST and WebSocket, and relays those of Railway environments, until SIGINT or"
                + " SIGTERM ends it. SIGHUP reads the config again.");
    Sections.begin(spec, "Listening");
    spec.addOption(
        Flags.option("HOST:PORT", "Where to listen (127.0.0.1:8000); port 0 takes a free one and says which.", "--listen"));
    spec.addOption(Flags.option("FILE", "Speak TLS, with this certificate chain (PEM).", "--tls-cert"));
    spec.addOption(Flags.option("FILE", "The key of that certificate (PEM, PKCS#8).", "--tls-key"));
    spec.addOption(Flags.list("ORIGIN", "Let web pages of this origin use the server. Repeatable.", "--allow-origin"));
    spec.addOption(Flags.option("N", "How many connections there may be (1000); further ones are answered 503.", "--max-connections"));
    spec.addOption(
        Flags.flag("Exit with 0, quietly, where a logtap serves already: for a cron line that keeps one running.", "--ensure"));
    spec.addOption(Flags.flag("Serve sample logs on this machine, with a token to try; needs nothing else.", "--demo"));
    Sections.begin(spec, "Tokens");
    JwtSettings.addOptions(spec);
    Sections.begin(spec, "Railway");
    spec.addOption(
        Flags.list("ID|NAME=ID", "Relay the logs of this Railway environment, under its id or a name. Repeatable.", "--environment"));
    RailwaySettings.addOptions(spec);
    spec.addOption(
        Flags.option("N", "How many connections may read one environment (10).", "--max-connections-per-environment"));
    GlobalOptions.addTo(spec);
    return spec;
  }

  /** A demo heeds nothing of this machine's, so that it works whatever that is. */
  @Override
  public Context context(Shell shell, GlobalOptions global, ParseResult parsed) {
    return isDemo(parsed) ? Context.bare(global) : Context.load(shell, global);
  }

  private static boolean isDemo(ParseResult parsed) {
    return parsed.matchedOptionValue("--demo", false);
  }

  @Override
  public List<Setting<?>> settings() {
    return SETTINGS;
  }

  @Override
  public int run(Shell shell, Context context, ParseResult parsed) throws IOException {
    if (isDemo(parsed)) {
      return ServeDemo.of(context.global(), parsed).run(shell);
    }
    CountDownLatch stop = new CountDownLatch(1);
    CompletableFuture<Runnable> reload = new CompletableFuture<>();
    // From the first moment on: a service may be stopped or told to read its config while it starts.
    Map<String, Runnable> actions =
        Map.of(
            "TERM", stop::countDown,
            "INT", stop::countDown,
            "HUP", () -> reload.join().run());
    try (Signals _ = Signals.on(actions)) {
      return run(shell, context, parsed, stop, reload);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return ExitCode.DONE;
    } finally {
      reload.complete(() -> {});
    }
  }

  private static int run(
      Shell shell, Context context, ParseResult parsed, CountDownLatch stop, CompletableFuture<Runnable> reload)
      throws IOException, InterruptedException {
    // Closed behind the log: see there.
    try (ServerSocketChannel handed = HandedSocket.take(shell.environment())) {
      Settings settings = settings(shell, context, parsed);
      Listen listen =
          handed == null ? Listen.of(settings) : Listen.of((InetSocketAddress) handed.getLocalAddress());
      if (settings.get(ENSURE) && handed == null && isServed(listen)) {
        return ExitCode.DONE;
      }
      Rules rules = rules(shell, context, settings, listen);
      try (ServerLog log = new ServerLog(shell.err(), Journal.reads(shell.environment()));
          Server server = handed == null ? open(listen, rules, log) : Server.on(handed, rules, log, Main.version())) {
        if (server == null) {
          return ExitCode.FAILED;
        }
        SystemdNotifier systemd = SystemdNotifier.of(shell.environment(), sentence -> log.warning("systemd", sentence));
        Started started = new Started(server, log, listen, handed != null, context.global());
        reload.complete(() -> reload(shell, parsed, started, systemd));
        String scheme = rules.tls() != null ? "https://" : "http://";
        log.info("listening on " + scheme + listen.host() + ":" + server.address().getPort());
        started.compareWith(settings);
        started.warnOf(rules);
        systemd.ready();
        new Watchdog(systemd, server, log).await(stop);
        systemd.stopping();
      }
    }
    return ExitCode.DONE;
  }

  /**
   * A server that runs, and what it was started with.
   *
   * @param handed whether its socket was handed down
   */
  private record Started(Server server, ServerLog log, Listen listen, boolean handed, GlobalOptions global) {

    /** Warns where the settings have another address than the one that counts. */
    void compareWith(Settings settings) {
      Listen given = settings.get(Listen.SETTING);
      if (handed && given != null && !given.equals(listen)) {
        log.warning(
            "--listen",
            "is %s, but the socket that was handed down listens on %s, and counts; change ListenStream= of the socket unit"
                .formatted(given, listen));
      } else if (!handed && !Listen.of(settings).equals(listen)) {
        log.warning("--listen", "has changed, which takes a restart; still listening on " + listen);
      }
    }

    void warnOf(Rules rules) {
      if (rules.source() instanceof RailwayAccess access && access.isInTheClear()) {
        log.warning(
            "--railway-url",
            "sends Railway's token in the clear to " + access.url().getHost() + "; give an address that begins with https://");
      }
    }
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static boolean isServed(Listen listen) throws IOException {
    InetSocketAddress address = listen.address();
    return Presence.isLogtap(address, false) || Presence.isLogtap(address, true);
  }

  /** Null where the address can't be had, which is said. */
  private static Server open(Listen listen, Rules rules, ServerLog log) {
    try {
      return Server.open(listen.address(), rules, log, Main.version());
    } catch (IOException e) {
      String advice = e instanceof BindException && listen.isTaken() ? "end what has it, or give" : "give";
      log.error("--listen", listen + " can't be had: " + e.getMessage() + "; " + advice + " another address");
      return null;
    }
  }

  /** Reads all again; where something is wrong, what was there stays. Called on the signal's thread. */
  private static synchronized void reload(Shell shell, ParseResult parsed, Started started, SystemdNotifier systemd) {
    systemd.reloading();
    try {
      Context context = Context.load(shell, started.global());
      Settings settings = settings(shell, context, parsed);
      Rules rules = rules(shell, context, settings, started.listen());
      started.server().apply(rules);
      started
          .log()
          .info(
              "read the config again: %s and %s are on the allowlist"
                  .formatted(count(rules.logs().size(), "log"), count(rules.environments().size(), "environment")));
      started.compareWith(settings);
      started.warnOf(rules);
    } catch (ConfigException e) {
      started.log().error("config", e.getMessage() + "; what was there before stays in force");
    } finally {
      systemd.ready();
    }
  }

  // ---- settings

  private static Settings settings(Shell shell, Context context, ParseResult parsed) {
    context.file().expectKeys("serve", Setting.names(SETTINGS));
    Map<String, String> flags = Flags.of(parsed);
    if ("".equals(flags.get(ENVIRONMENT.name()))) {
      // A shell's variable that was not set; else nothing would be relayed, in silence.
      throw new ConfigException("--environment: is empty; give " + ENVIRONMENT.expected() + ", or leave it out");
    }
    return new Settings(flags, shell.environment(), context.file(), "serve");
  }

  private static Rules rules(Shell shell, Context context, Settings settings, Listen listen) {
    Map<String, AllowedLog> logs = new LinkedHashMap<>();
    context.allowlist().all().forEach(log -> logs.put(log.name().value(), log));
    Map<String, String> environments = Environments.of(context.file(), settings.get(ENVIRONMENT));
    return new Rules(
        logs,
        environments,
        environments.isEmpty() ? null : RailwaySettings.of(settings, shell.environment()),
        JwtSettings.of(settings, shell.environment()).authority(),
        new Origins(Set.copyOf(settings.get(ALLOW_ORIGIN)), listen.host()),
        tls(settings),
        limits(settings));
  }

  private static SSLContext tls(Settings settings) {
    Path certificate = settings.get(TLS_CERT);
    Path key = settings.get(TLS_KEY);
    if ((certificate == null) != (key == null)) {
      throw new ConfigException(
          (certificate == null ? "--tls-key: is given without --tls-cert" : "--tls-cert: is given without --tls-key")
              + "; give both, or neither");
    }
    try {
      return certificate == null ? null : TlsIdentity.load(certificate, key);
    } catch (IOException e) {
      throw new ConfigException("--tls-cert: " + e.getMessage());
    }
  }

  private static Limits limits(Settings settings) {
    return new Limits(
        settings.get(MAX_CONNECTIONS),
        settings.get(MAX_ANONYMOUS),
        Math.toIntExact(settings.get(MAX_HEAD_BYTES)),
        settings.get(MAX_HEADERS),
        settings.get(HEAD_TIMEOUT),
        Math.toIntExact(settings.get(MAX_FRAME_BYTES)),
        settings.get(MAX_FRAGMENTS),
        settings.get(IDLE_TIMEOUT),
        settings.get(STALL_TIMEOUT),
        settings.get(PING_INTERVAL),
        settings.get(MAX_PER_ENVIRONMENT),
        settings.get(MAX_FILTERS));
  }
}

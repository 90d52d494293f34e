package dev.logtap.cli;

import dev.logtap.client.Patience;
import dev.logtap.client.ServerAddress;
import dev.logtap.client.StateFile;
import dev.logtap.client.Target;
import dev.logtap.client.Terms;
import dev.logtap.client.TokenSource;
import dev.logtap.client.Trust;
import dev.logtap.client.Wanted;
import dev.logtap.config.ConfigException;
import dev.logtap.config.Setting;
import dev.logtap.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code logtap watch}: streams of a server, each record once through whatever happens. */
final class WatchCommand implements Command {
  private static final String TOKEN = "LOGTAP_TOKEN";

  /** A server gives no more to begin with. */
  private static final int MOST_LINES = 500;

  /** Each target has a connection, and the largest messages of all have to fit into the memory. */
  private static final int MOST_TARGETS = 64;

  /** From the least on. */
  private static final List<String> LEVELS = List.of("debug", "info", "warn", "error");

  private static final Setting<ServerAddress> SERVER =
      new Setting<>(
          "server",
          "an address such as https://logs.example.org",
          ServerAddress::parse,
          ServerAddress.parse("http://127.0.0.1:8000"));
  private static final Setting<Path> TOKEN_FILE = Setting.path("token-file", null);
  private static final Setting<Path> CA_CERT = Setting.path("ca-cert", null);
  private static final Setting<Integer> LINES =
      new Setting<>("lines", "a whole number from 0, or all", WatchCommand::parseLines, 50);
  private static final Setting<List<String>> SERVICE = Setting.list("service", "names of services", text -> text, List.of());
  private static final Setting<String> SEARCH = Setting.text("search", "the text to look for", null);
  private static final Setting<String> LEVEL = Setting.oneOf("level", LEVELS, null);
  private static final Setting<Path> STATE = Setting.path("state", null);
  private static final Setting<Boolean> NO_RECONNECT = Setting.flag("no-reconnect");
  private static final Setting<Boolean> FULL = Setting.flag("full");
  private static final Setting<Long> SCROLLBACK = Setting.size("scrollback", 1 << 20, 1 << 30, 64 << 20);

  // Hardly anybody changes how patient it is: settings without a flag.
  private static final Setting<Duration> CONNECT_TIMEOUT =
      Setting.duration("connect-timeout", Patience.DEFAULT.open())
          .withoutFlag("How long to wait for a server while connecting, before trying again.");
  private static final Setting<Duration> PING_INTERVAL =
      Setting.duration("ping-interval", Patience.DEFAULT.ping())
          .withoutFlag("How often a server that is silent is asked whether it is there.");
  private static final Setting<Duration> STALL_TIMEOUT =
      Setting.duration("stall-timeout", Patience.DEFAULT.stall())
          .withoutFlag("How long a server may be silent, before its connection is given up and made anew.");

  private static final List<Setting<?>> SETTINGS =
      List.of(
          SERVER,
          TOKEN_FILE,
          CA_CERT,
          LINES,
          SEARCH,
          SERVICE,
          LEVEL,
          OutputFormat.SETTING,
          Colour.SETTING,
          STATE,
          NO_RECONNECT,
          FULL,
          SCROLLBACK,
          CONNECT_TIMEOUT,
          PING_INTERVAL,
          STALL_TIMEOUT);

  @Override
  public CommandSpec model() {
    CommandSpec spec =
        Commands.command(
            "watch",
            " TARGET...",
            "Prints streams of a server, and goes on through whatever happens.",
            "Prints streams of a logtap server, each record once, and comes back by itself when a connection is lost."
                + " On a terminal it is live: ? lists its keys.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("TARGET")
            .arity("1..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("A log's name on the server, railway:ENVIRONMENT by its name or id, or the full ws:// or wss:// address of a stream.")
            .build());
    Sections.begin(spec, "Server");
    spec.addOption(
        Flags.option("URL", "The server that names are asked of, and that is given the token (http://127.0.0.1:8000).", "--server"));
    spec.addOption(
        Flags.option("FILE", "The token for that server, read again when it changes; or set " + TOKEN + ".", "--token-file"));
    spec.addOption(Flags.option("FILE", "Trust the certificates of this authority (PEM) instead of the system's.", "--ca-cert"));
    Sections.begin(spec, "What is printed");
    spec.addOption(Flags.option("N|all", "How many lines to begin with (50); a server gives up to 500.", "-n", "--lines"));
    spec.addOption(Flags.option("TEXT", "Only lines with this text, case ignored.", "--search"));
    spec.addOption(Flags.list("NAME", "Of environments, only what this service says. Repeatable.", "--service"));
    spec.addOption(
        Flags.choice(LEVELS, "LEVEL", "Of environments, only what is of this level or above: debug, info, warn or error.", "--level"));
    spec.addOption(OutputFormat.option());
    spec.addOption(Colour.option());
    Sections.begin(spec, "On a terminal");
    spec.addOption(Flags.flag("Fill the terminal's screen, and scroll and filter all that came.", "--full"));
    spec.addOption(
        Flags.option("SIZE", "With --full, how many bytes of lines are kept (64MiB); the oldest are dropped.", "--scrollback"));
    Sections.begin(spec, "Going on");
    spec.addOption(Flags.option("FILE", "Keep in FILE how far each stream was printed, and go on there the next time.", "--state"));
    spec.addOption(
        Flags.flag("End with 1 where a connection is lost or can't be had, instead of trying again.", "--no-reconnect"));
    GlobalOptions.addTo(spec);
    return spec;
  }

  @Override
  public List<Setting<?>> settings() {
    return SETTINGS;
  }

  @Override
  public int run(Shell shell, Context context, ParseResult parsed) throws IOException {
    context.file().expectKeys("watch", Setting.names(SETTINGS));
    Map<String, String> flags = Flags.of(parsed);
    Settings settings = new Settings(flags, shell.environment(), context.file(), "watch");
    Map<String, Target> targets = targets(parsed.matchedPositionalValue(0, List.of()), settings.get(SERVER));
    expectRelay(targets, flags);
    Path state = settings.get(STATE);
    Terms terms =
        new Terms(
            token(settings, flags, shell.environment()),
            trust(settings.get(CA_CERT)),
            new Patience(settings.get(CONNECT_TIMEOUT), settings.get(PING_INTERVAL), settings.get(STALL_TIMEOUT)),
            !settings.get(NO_RECONNECT));
    boolean json = settings.get(OutputFormat.SETTING).equals(OutputFormat.JSON);
    boolean colour = Colour.isWanted(shell, settings);
    StateFile kept = state == null ? null : state(state);
    List<Target> all = List.copyOf(targets.values());
    boolean live = shell.isLive() && !json;
    if (!live && flags.containsKey(FULL.name())) {
      throw new ConfigException("--full: takes text on a terminal (stdin and stdout) that can do more than print lines; leave it out");
    }
    return live
        ? new LiveWatch(shell, all, wanted(settings), colour, kept, scrollback(settings)).run(terms)
        : new Watch(shell, all, json, colour, kept).run(wanted(settings), terms);
  }

  /** None where the screen is not to be filled. */
  private static OptionalLong scrollback(Settings settings) {
    if (!settings.get(FULL)) {
      return OptionalLong.empty();
    }
    long bytes = settings.get(SCROLLBACK);
    long memory = Runtime.getRuntime().maxMemory();
    // The rest is for what waits to be shown, and for messages on their way.
    if (bytes > memory / 2) {
      throw new ConfigException(
          "--scrollback: is more than half of the memory, which is " + (memory >> 20) + "MiB; give it more, for example LOGTAP_JAVA_OPTS=-Xmx"
              + ((bytes >> 20) * 2 + 128) + "m");
    }
    return OptionalLong.of(bytes);
  }

  /** Each once, in the order in which they were asked for. */
  private static Map<String, Target> targets(List<String> names, ServerAddress server) {
    if (names.isEmpty()) {
      throw new ConfigException("watch: no target was named; give a log's name or railway:ENVIRONMENT");
    }
    Map<String, Target> targets = new LinkedHashMap<>();
    for (String name : names) {
      try {
        Target target = Target.parse(name, server);
        targets.putIfAbsent(target.key(), target);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(Settings.withoutSecrets(name) + ": " + e.getMessage());
      }
    }
    if (targets.size() > MOST_TARGETS) {
      throw new ConfigException("watch: there are more than " + MOST_TARGETS + " targets; start several");
    }
    return targets;
  }

  /** What only environments have is a slip where there is none; in a config file it is for other runs, too. */
  private static void expectRelay(Map<String, Target> targets, Map<String, String> flags) {
    for (String flag : List.of(SERVICE.name(), LEVEL.name())) {
      if (flags.containsKey(flag) && targets.values().stream().noneMatch(Target::relay)) {
        throw new ConfigException("--" + flag + ": a log's lines have no " + flag + "; use --search, or watch railway:ENVIRONMENT");
      }
    }
  }

  private static Wanted wanted(Settings settings) {
    String level = settings.get(LEVEL);
    // The least is no filter: entries without a severity count as well.
    List<String> severities =
        level == null || level.equals(LEVELS.getFirst()) ? List.of() : LEVELS.subList(LEVELS.indexOf(level), LEVELS.size());
    return new Wanted(settings.get(LINES), settings.get(SEARCH), settings.get(SERVICE), severities);
  }

  private static TokenSource token(Settings settings, Map<String, String> flags, Map<String, String> environment) {
    Path file = settings.get(TOKEN_FILE);
    String variable = environment.getOrDefault(TOKEN, "");
    boolean forThisRun = flags.containsKey(TOKEN_FILE.name()) || !environment.getOrDefault(TOKEN_FILE.variable(), "").isEmpty();
    if (forThisRun && !variable.isEmpty()) {
      throw new ConfigException(TOKEN + ": is set, and so is --token-file; keep one of them");
    }
    // A variable counts more than the config file.
    if (file != null && variable.isEmpty()) {
      try {
        return TokenSource.ofFile(file);
      } catch (IOException e) {
        throw new ConfigException("--token-file: " + e.getMessage());
      }
    }
    try {
      return TokenSource.of(variable.isEmpty() ? null : variable.strip());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(TOKEN + ": " + e.getMessage());
    }
  }

  private static Trust trust(Path file) {
    try {
      return file == null ? Trust.ofSystem() : Trust.ofFile(file);
    } catch (IOException e) {
      throw new ConfigException("--ca-cert: " + e.getMessage());
    }
  }

  private static StateFile state(Path file) {
    try {
      return StateFile.open(file);
    } catch (IOException e) {
      throw new ConfigException("--state: " + e.getMessage());
    }
  }

  private static int parseLines(String text) {
    if (text.equals("all")) {
      return MOST_LINES;
    }
    long lines = Long.parseLong(text);
    if (lines < 0 || text.startsWith("+")) {
      throw new IllegalArgumentException(text);
    }
    return (int) Math.min(MOST_LINES, lines);
  }
}

package dev.logtap.cli;

import dev.logtap.auth.Grant;
import dev.logtap.auth.HmacSecret;
import dev.logtap.auth.Mint;
import dev.logtap.auth.Scope;
import dev.logtap.config.ConfigException;
import dev.logtap.config.Setting;
import dev.logtap.config.Settings;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code logtap token}: a token for the server of the same settings. */
final class TokenCommand implements Command {
  private static final Setting<String> SUBJECT = Setting.text("subject", "the name of whose token it is", null);
  private static final Setting<Duration> TTL = Setting.duration("ttl", Duration.ofHours(8));
  private static final Setting<List<String>> LOGS = Setting.list("logs", "names of logs", text -> text, null);
  private static final Setting<List<String>> ENVIRONMENTS =
      Setting.list("environments", "names or ids of environments", text -> text, null);
  private static final List<Setting<?>> SETTINGS = List.of(SUBJECT, TTL, LOGS, ENVIRONMENTS);

  @Override
  public CommandSpec model() {
    CommandSpec spec =
        Commands.command(
            "token",
            "",
            "Makes a token for a server.",
            "Prints a token for a server, signed with the server's own secret. It opens all that the server has, unless it is told"
                + " what to open.");
    Sections.begin(spec, "What it opens");
    spec.addOption(Flags.option("S", "Whose token it is ('sub'); an open stream can be renewed only by a token of the same subject.", "--subject"));
    spec.addOption(Flags.option("TIME", "How long it is good (8h), such as 10m, 8h or 2d.", "--ttl"));
    spec.addOption(Flags.list("NAME,...", "Only these logs, instead of all. Repeatable.", "--logs"));
    spec.addOption(Flags.list("ID,...", "Only these environments, by name or id, instead of all. Repeatable.", "--environments"));
    Sections.begin(spec, "How it is signed");
    JwtSettings.addOptions(spec);
    GlobalOptions.addTo(spec);
    return spec;
  }

  @Override
  public List<Setting<?>> settings() {
    return SETTINGS;
  }

  @Override
  public int run(Shell shell, Context context, ParseResult parsed) throws IOException {
    context.file().expectKeys("token", Setting.names(SETTINGS));
    Settings own = new Settings(Flags.of(parsed), shell.environment(), context.file(), "token");
    Settings servers = new Settings(Flags.of(parsed), shell.environment(), context.file(), "serve");
    JwtSettings jwt = JwtSettings.of(servers, shell.environment());
    if (!(jwt.key() instanceof HmacSecret secret)) {
      throw new ConfigException(
          "token: a public key checks tokens and can't sign them; ask whoever holds the private key, or give a secret");
    }
    Grant grant =
        new Grant(
            own.get(SUBJECT),
            own.get(TTL),
            logs(own.get(LOGS), context),
            scope(own.get(ENVIRONMENTS)));
    String token = new Mint(secret, jwt.issuer(), jwt.audience(), InstantSource.system()).mint(grant);
    shell.print(token + "\n");
    return ExitCode.DONE;
  }

  /** Only names that there are: a slip would make a token that opens nothing. */
  private static Scope logs(List<String> names, Context context) {
    if (names != null) {
      names.forEach(context::log);
    }
    return scope(names);
  }

  private static Scope scope(List<String> names) {
    return names == null ? Scope.EVERYTHING : new Scope.Only(new HashSet<>(names));
  }
}

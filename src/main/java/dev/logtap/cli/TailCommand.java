package dev.logtap.cli;

import dev.logtap.config.ConfigException;
import dev.logtap.config.Setting;
import dev.logtap.config.Settings;
import dev.logtap.log.AllowedLog;
import dev.logtap.log.LastLines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code logtap tail}: the last lines of allowlisted logs, and what is written from then on. */
final class TailCommand implements Command {
  private static final Setting<Long> LINES =
      new Setting<>("lines", "a whole number from 0, or all", TailCommand::parseLines, 50L);
  private static final Setting<Boolean> FOLLOW = Setting.flag("follow");
  private static final Setting<Boolean> POLL = Setting.flag("poll");
  private static final List<Setting<?>> SETTINGS =
      List.of(LINES, FOLLOW, OutputFormat.SETTING, POLL, Colour.SETTING);

  @Override
  public CommandSpec model() {
    CommandSpec spec =
        Commands.command(
            "tail",
            " NAME...",
            "Prints the last lines of logs, and follows them.",
            "Prints the last lines of logs that are on the allowlist and, with --follow, what is written to them from then on.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("NAME")
            .arity("1..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("A log's name on the allowlist; 'logtap logs' lists them.")
            .build());
    Sections.begin(spec, "Options");
    spec.addOption(Flags.option("N|all", "How many lines to begin with (50).", "-n", "--lines"));
    spec.addOption(
        Flags.flag("Go on with what is written from now on, through rotation, until a signal ends it.", "-f", "--follow"));
    spec.addOption(OutputFormat.option());
    spec.addOption(Flags.flag("Look for changes four times a second instead of being told of them, as network file systems need it.", "--poll"));
    spec.addOption(Colour.option());
    GlobalOptions.addTo(spec);
    return spec;
  }

  @Override
  public List<Setting<?>> settings() {
    return SETTINGS;
  }

  @Override
  public int run(Shell shell, Context context, ParseResult parsed) throws IOException {
    context.file().expectKeys("tail", Setting.names(SETTINGS));
    Settings settings = new Settings(Flags.of(parsed), shell.environment(), context.file(), "tail");
    Tail tail =
        new Tail(
            shell,
            logs(parsed.matchedPositionalValue(0, List.of()), context),
            settings.get(LINES),
            settings.get(OutputFormat.SETTING).equals(OutputFormat.JSON),
            Colour.isWanted(shell, settings));
    boolean follow = settings.get(FOLLOW);
    boolean poll = settings.get(POLL);
    return follow ? tail.follow(poll, context.global().debug()) : tail.print();
  }

  /** The entries of these names, each once, in the order in which they were asked for. */
  private static List<AllowedLog> logs(List<String> names, Context context) {
    if (names.isEmpty()) {
      throw new ConfigException(
          "tail: no log was named; name one or more of " + String.join(", ", context.allowlist().names()));
    }
    List<AllowedLog> logs = new ArrayList<>();
    for (String name : new LinkedHashSet<>(names)) {
      logs.add(context.log(name));
    }
    return logs;
  }

  private static long parseLines(String text) {
    // No file has so many lines that their number would need more digits than fit.
    if (text.equals("all") || text.length() > 18 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return LastLines.ALL;
    }
    long lines = Long.parseLong(text);
    if (lines < 0 || text.startsWith("+")) {
      throw new IllegalArgumentException(text);
    }
    return lines;
  }
}

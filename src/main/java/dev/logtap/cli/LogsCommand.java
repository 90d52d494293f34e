package dev.logtap.cli;

import dev.logtap.config.Setting;
import dev.logtap.config.Settings;
import dev.logtap.log.AllowedLog;
import dev.logtap.log.LogStatus;
import dev.logtap.output.ByteOutput;
import dev.logtap.render.StatusTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code logtap logs}: what is on the allowlist, and what this user can read of it. */
final class LogsCommand implements Command {

  @Override
  public CommandSpec model() {
    CommandSpec spec =
        Commands.command(
            "logs",
            "",
            "Lists the allowlist.",
            "Lists the logs on the allowlist: name, size, last change and path, and why one can't be read.");
    Sections.begin(spec, "Options");
    spec.addOption(OutputFormat.option());
    GlobalOptions.addTo(spec);
    return spec;
  }

  @Override
  public List<Setting<?>> settings() {
    // It has no table of its own: [logs] is the allowlist.
    return List.of();
  }

  @Override
  public int run(Shell shell, Context context, ParseResult parsed) throws IOException {
    Settings settings = new Settings(Flags.of(parsed), shell.environment(), context.file(), "");
    boolean json = settings.get(OutputFormat.SETTING).equals(OutputFormat.JSON);
    List<LogStatus> logs = new ArrayList<>();
    for (AllowedLog log : context.allowlist().all()) {
      logs.add(LogStatus.of(log));
    }
    try {
      ByteOutput out = new ByteOutput(shell.out());
      if (json) {
        StatusTable.writeJson(out, logs);
      } else {
        StatusTable.writeText(out, logs);
      }
      out.flush();
    } catch (IOException e) {
      throw OutputException.of(e);
    }
    return ExitCode.DONE;
  }
}

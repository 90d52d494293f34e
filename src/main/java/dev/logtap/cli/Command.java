package dev.logtap.cli;

import dev.logtap.config.Allowlist;
import dev.logtap.config.ConfigFile;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * One subcommand: its model for Picocli, built only when it is the one that was asked for, and what it
 * does with what was parsed.
 */
sealed interface Command permits TailCommand, LogsCommand {

  CommandSpec model();

  /**
   * Runs on the main thread until the work is done.
   *
   * @return the exit code
   */
  int run(Shell shell, Context context, ParseResult parsed) throws IOException;

  /** What every command starts from. */
  record Context(GlobalOptions global, ConfigFile file, Allowlist allowlist) {}
}

package dev.logtap.cli;

import dev.logtap.config.Allowlist;
import dev.logtap.config.ConfigException;
import dev.logtap.config.ConfigFile;
import dev.logtap.config.Setting;
import dev.logtap.log.AllowedLog;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * One subcommand: its model for Picocli, built only when it is the one that was asked for, and what it
 * does with what was parsed.
 */
sealed interface Command permits TailCommand, ServeCommand, WatchCommand, LogsCommand, TokenCommand {

  CommandSpec model();

  /** What its table of the config file may hold; none where it has no table. */
  List<Setting<?>> settings();

  /**
   * What a run of it starts from.
   *
   * @throws ConfigException where something of it is wrong
   */
  default Context context(Shell shell, GlobalOptions global, ParseResult parsed) {
    return Context.load(shell, global);
  }

  /**
   * Runs on the main thread until the work is done.
   *
   * @return the exit code
   */
  int run(Shell shell, Context context, ParseResult parsed) throws IOException;

  /** What every command starts from. */
  record Context(GlobalOptions global, ConfigFile file, Allowlist allowlist) {

    /**
     * Reads the config file and all that this run says beside it.
     *
     * @throws ConfigException where something of it is wrong
     */
    static Context load(Shell shell, GlobalOptions global) {
      String variable = shell.environment().getOrDefault("LOGTAP_CONFIG", "");
      String named = global.config() != null || variable.isEmpty() ? global.config() : variable;
      ConfigFile file = ConfigFile.load(named, shell.environment());
      return new Context(global, file, allowlist(shell, global, file));
    }

    /** What a run starts from that heeds no config. */
    static Context bare(GlobalOptions global) {
      return new Context(global, ConfigFile.NONE, Allowlist.of(ConfigFile.NONE, List.of(), "--log"));
    }

    /** The flags of this run, or else the variable: a flag overrules it as a whole. */
    private static Allowlist allowlist(Shell shell, GlobalOptions global, ConfigFile file) {
      String variable = shell.environment().getOrDefault("LOGTAP_LOG", "");
      return global.logs().isEmpty() && !variable.isEmpty()
          ? Allowlist.of(file, List.of(variable.split(",")), "LOGTAP_LOG")
          : Allowlist.of(file, global.logs(), "--log");
    }

    /**
     * The entry of that name.
     *
     * @throws ConfigException where there is none, with what was probably meant
     */
    AllowedLog log(String name) {
      AllowedLog log = allowlist.find(name);
      if (log == null) {
        throw new ConfigException(
            name
                + ": there is no such log on the allowlist; "
                + Suggestion.of(name, allowlist.names())
                + "it has "
                + String.join(", ", allowlist.names()));
      }
      return log;
    }
  }
}

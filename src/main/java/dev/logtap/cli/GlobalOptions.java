package dev.logtap.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The options that stand before or after any command.
 *
 * @param config the file that was named; null for none
 * @param logs {@code NAME=PATH} each
 */
record GlobalOptions(String config, List<String> logs, boolean debug) {

  /** Where they stand in the help and the manual of the program, and so in those of each command. */
  static final String HEADING = "Options of every command";

  /** Adds them to a command, or to the program itself. */
  static void addTo(CommandSpec spec) {
    Sections.begin(spec, HEADING);
    spec.addOption(
        OptionSpec.builder("--config")
            .paramLabel("FILE")
            .type(String.class)
            .description("Read FILE instead of the user's or the system's logtap.toml.")
            .build());
    spec.addOption(
        OptionSpec.builder("--log")
            .paramLabel("NAME=PATH")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("Add an entry to the allowlist for this run, or replace one. Repeatable.")
            .build());
    spec.addOption(
        OptionSpec.builder("--debug")
            .type(boolean.class)
            .description("Show stack traces, and by what means logs are followed.")
            .build());
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .type(boolean.class)
            .usageHelp(true)
            .description("Show this help and exit.")
            .build());
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .type(boolean.class)
            .versionHelp(true)
            .description("Show the version and exit.")
            .build());
  }

  /** What was given before the command and after it; after it counts more. */
  static GlobalOptions of(ParseResult program, boolean debug) {
    ParseResult command = program.hasSubcommand() ? program.subcommand() : program;
    String config = command.matchedOptionValue("--config", program.matchedOptionValue("--config", (String) null));
    List<String> logs = new ArrayList<>(program.matchedOptionValue("--log", List.<String>of()));
    if (command != program) {
      logs.addAll(command.matchedOptionValue("--log", List.<String>of()));
    }
    return new GlobalOptions(config, logs, debug);
  }

  /** Asked also before the command line is understood, so a variable with another word is just not set. */
  static boolean isDebug(boolean flag, Map<String, String> environment) {
    String variable = environment.getOrDefault("LOGTAP_DEBUG", "");
    return flag || List.of("true", "yes", "1").contains(variable);
  }
}

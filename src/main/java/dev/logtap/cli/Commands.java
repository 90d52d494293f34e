package dev.logtap.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The table of contents of the command line. */
final class Commands {
  static final List<String> NAMES = List.of("tail", "serve", "watch", "token", "logs");

  private Commands() {}

  /** The command of that name; null for none. */
  static Command named(String name) {
    return switch (name) {
      case "tail" -> new TailCommand();
      case "logs" -> new LogsCommand();
      case "serve" -> new ServeCommand();
      case "watch" -> new WatchCommand();
      case "token" -> new TokenCommand();
      default -> null;
    };
  }

  /** The command line with all commands. */
  static CommandLine line() {
    CommandLine line = new CommandLine(program());
    for (String name : NAMES) {
      line.addSubcommand(name, named(name).model());
    }
    return line;
  }

  /**
   * The command line with the one command that {@code args} ask for, because building a model takes
   * longer than printing fifty lines; with all of them when no command is named, or a wrong one.
   */
  static CommandLine lineFor(String[] args) {
    String asked = nameIn(args);
    Command command = named(asked);
    CommandLine line = command == null ? line() : new CommandLine(program()).addSubcommand(asked, command.model());
    // '@x' is a name like any other, and 'logtap --log a=b' in an alias can be overruled.
    line.setExpandAtFiles(false);
    line.setOverwrittenOptionsAllowed(true);
    line.setInterpolateVariables(false);
    return line;
  }

  /** The first argument that is neither an option nor the value of one; empty for none. */
  private static String nameIn(String[] args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--config") || args[i].equals("--log")) {
        i++;
      } else if (!args[i].startsWith("-")) {
        return args[i];
      }
    }
    return "";
  }

  private static CommandSpec program() {
    CommandSpec program = Sections.newCommand("logtap");
    program
        .usageMessage()
        .customSynopsis("logtap [OPTIONS] COMMAND")
        .description(
            "Prints, follows and streams the logs of a server: by name, from an allowlist, without losing or repeating a line."
                + " 'logtap COMMAND --help' shows the options of a command.")
        .exitCodeList(exitCodes());
    GlobalOptions.addTo(program);
    return program;
  }

  /**
   * What all commands have in common in their model.
   *
   * @param summary a few words, for the list of commands
   * @param description some sentences, for its own help
   */
  static CommandSpec command(String name, String parameters, String summary, String description) {
    CommandSpec command = Sections.newCommand(name);
    command
        .usageMessage()
        .customSynopsis("logtap " + name + " [OPTIONS]" + parameters)
        .header(summary)
        .description(description);
    return command;
  }

  private static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put("0", "Done; also when the reader of our pipe went away, and when serve was stopped.");
    codes.put("1", "Something could not be read or reached, or the port could not be had; the rest was done.");
    codes.put("2", "Wrong usage, a bad config, a log or an environment that is not known, or no good secret.");
    codes.put("3", "The server refused the token, or the token does not open what was asked for.");
    codes.put("130, 143", "tail or watch was ended by SIGINT, SIGTERM.");
    return codes;
  }
}

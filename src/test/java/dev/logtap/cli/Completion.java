package dev.logtap.cli;

import dev.logtap.cli.Sections.Section;
import dev.logtap.config.Allowlist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The completion of a shell: the functions of a template, in which {@code @words@} are replaced by what the command model
 * says, in the words of that shell.
 */
abstract sealed class Completion permits BashCompletion, ZshCompletion, FishCompletion {
  private static final String NAMES = "names.awk";

  final CommandSpec program = Commands.line().getCommandSpec();

  /**
   * The completion of that template.
   *
   * @param template in a directory with what all shells share
   */
  static String of(Path template) throws IOException {
    String file = template.getFileName().toString();
    Completion completion =
        switch (file) {
          case "logtap.bash" -> new BashCompletion();
          case "_logtap" -> new ZshCompletion();
          case "logtap.fish" -> new FishCompletion();
          default -> throw new IllegalArgumentException("there is no shell for " + template);
        };
    StringBuilder text = new StringBuilder();
    for (String line : Files.readAllLines(template)) {
      if (line.strip().matches("@[a-z]+@")) {
        String indent = line.substring(0, line.indexOf('@'));
        for (String generated : completion.lines(line.strip().replace("@", ""))) {
          text.append(indent).append(generated).append('\n');
        }
      } else if (line.equals("@" + NAMES + "@")) {
        text.append(Files.readString(template.resolveSibling(NAMES)));
      } else {
        text.append(
                line.replace("@written@", "Written from src/main/completions/" + file + " and the command model: change those.")
                    .replace("@builtin@", String.join(" ", Allowlist.builtIn().names()))
                    .replace("@commands@", String.join(" ", Commands.NAMES)))
            .append('\n');
      }
    }
    return text.toString();
  }

  /** Shared by all that have the template's functions: whether a shell's file can be written of it. */
  static boolean isTemplate(Path file) {
    return !file.getFileName().toString().equals(NAMES);
  }

  /** What stands for a line {@code @what@}. */
  abstract List<String> lines(String what);

  final List<CommandSpec> commands() {
    return program.subcommands().values().stream().map(CommandLine::getCommandSpec).toList();
  }

  /** The options that are this command's own. */
  static List<OptionSpec> own(CommandSpec command) {
    List<OptionSpec> options = new ArrayList<>();
    for (Section section : Sections.in(command)) {
      if (!section.heading().equals(GlobalOptions.HEADING)) {
        options.addAll(section.options());
      }
    }
    return options;
  }

  /** The short name before the long one. */
  static List<String> names(OptionSpec option) {
    return Arrays.stream(option.names()).sorted((a, b) -> a.length() - b.length()).toList();
  }

  static String summary(CommandSpec command) {
    return command.usageMessage().header()[0].replaceFirst("\\.$", "");
  }

  /** A list of completions has little room: only the beginning of a description that has several parts. */
  static String summary(OptionSpec option) {
    return option.description()[0].replaceFirst("[.:;]( .*)?$", "");
  }

  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  static IllegalArgumentException unknown(String what) {
    return new IllegalArgumentException("@" + what + "@ is nothing that this completion can hold");
  }

  static String spaced(List<String> words) {
    return words.stream().collect(Collectors.joining(" "));
  }
}

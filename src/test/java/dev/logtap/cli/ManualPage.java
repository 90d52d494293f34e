package dev.logtap.cli;

import dev.logtap.cli.Sections.Section;
import dev.logtap.config.Allowlist;
import dev.logtap.config.Setting;
import dev.logtap.log.AllowedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A page of the manual: the prose of a template, in which a line such as {@code @options@} is replaced by what the
 * command model says.
 */
final class ManualPage {
  private final CommandSpec program;
  private final CommandSpec command;
  private final Mdoc page = new Mdoc();

  private ManualPage(CommandSpec program, CommandSpec command) {
    this.program = program;
    this.command = command;
  }

  /**
   * The page of that template.
   *
   * @param template such as {@code logtap-tail.1}
   */
  static String of(Path template) throws IOException {
    CommandSpec program = Commands.line().getCommandSpec();
    String name = template.getFileName().toString().replaceFirst("\\.[15]$", "").replaceFirst("^logtap-?", "");
    CommandLine command = program.subcommands().get(name);
    ManualPage page = new ManualPage(program, command == null ? program : command.getCommandSpec());
    page.page.line(".\\\" Written from src/main/man/" + template.getFileName() + " and the command model: change those.");
    page.fill(Files.readAllLines(template));
    return page.page.toString();
  }

  private void fill(List<String> template) {
    boolean literal = false;
    for (String line : template) {
      literal = line.startsWith(".Bd -literal") || literal && !line.equals(".Ed");
      if (line.startsWith("@") && line.endsWith("@")) {
        generate(line.substring(1, line.length() - 1));
      } else if (literal && !line.startsWith(".Bd")) {
        page.line(Mdoc.literal(line));
      } else {
        page.line(line.startsWith(".Dl ") ? ".Dl " + Mdoc.literal(line.substring(4)) : line);
      }
    }
  }

  private void generate(String what) {
    switch (what) {
      case "synopsis" -> synopsis();
      case "commands" -> commands();
      case "options" -> options();
      case "variables" -> variables();
      case "exit-codes" -> exitCodes();
      case "allowlist" -> allowlist();
      default -> {
        if (!what.startsWith("keys ")) {
          throw new IllegalArgumentException("@" + what + "@ is nothing that a page can hold");
        }
        keys(what.substring("keys ".length()));
      }
    }
  }

  /** What a page tells of: of a command all but what every command has. */
  private List<Section> sections() {
    List<Section> sections = new ArrayList<>(Sections.in(command));
    if (command != program) {
      sections.removeIf(section -> section.heading().equals(GlobalOptions.HEADING));
    }
    return sections;
  }

  private void synopsis() {
    page.line(".Nm " + command.qualifiedName());
    for (Section section : sections()) {
      for (OptionSpec option : section.options()) {
        if (!option.usageHelp() && !option.versionHelp()) {
          String dots = option.isMultiValue() ? " ..." : "";
          page.line(".Op Fl " + option.shortestName().substring(1) + argument(option) + dots);
        }
      }
    }
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      page.line(".Ar " + parameter.paramLabel() + " ...");
    }
    if (command == program) {
      page.line(".Ar COMMAND").line(".Op Ar ...");
    }
  }

  private static String argument(OptionSpec option) {
    return option.arity().max() == 0 ? "" : " " + Mdoc.value(option.paramLabel());
  }

  private void commands() {
    page.line(".Bl -tag -width Ds");
    for (Map.Entry<String, CommandLine> entry : program.subcommands().entrySet()) {
      page.line(".It Xr logtap-" + entry.getKey() + " 1");
      page.sentences(entry.getValue().getCommandSpec().usageMessage().header()[0]);
    }
    page.line(".El");
  }

  private void options() {
    List<Section> sections = sections();
    for (Section section : sections) {
      if (sections.size() > 1) {
        page.line(".Ss " + section.heading());
      }
      page.line(".Bl -tag -width Ds");
      for (OptionSpec option : section.options()) {
        String shortName = option.shortestName().equals(option.longestName()) ? "" : "Fl " + option.shortestName().substring(1) + " , ";
        page.line(".It " + shortName + "Fl " + option.longestName().substring(1) + argument(option));
        page.sentences(option.description()[0]);
      }
      page.line(".El");
    }
  }

  /** The variables of all settings that are this command's own. */
  private void variables() {
    TreeSet<String> names = new TreeSet<>();
    for (Setting<?> setting : Commands.named(command.name()).settings()) {
      names.add(setting.variable());
    }
    for (Section section : sections()) {
      section.options().forEach(option -> names.add(Setting.variableOf(option.longestName().substring(2))));
    }
    // A demo heeds no variable, and so none can begin one.
    names.remove("LOGTAP_DEMO");
    for (String name : names) {
      page.line(".Ev " + name + (name.equals(names.last()) ? "" : " ,"));
    }
  }

  private void exitCodes() {
    page.line(".Bl -tag -width Ds");
    command
        .usageMessage()
        .exitCodeList()
        .forEach((code, meaning) -> page.line(".It " + code.replace(",", " ,")).sentences(meaning));
    page.line(".El");
  }

  private void allowlist() {
    page.line(".Bl -tag -width nginx-access -compact");
    for (AllowedLog log : Allowlist.builtIn().all()) {
      page.line(".It Cm " + log.name()).line(".Pa " + log.path());
    }
    page.line(".El");
  }

  // ---- keys of the config file

  private void keys(String table) {
    page.line(".Bl -tag -width Ds");
    for (Setting<?> setting : Commands.named(table).settings()) {
      OptionSpec option = option(table, "--" + setting.name());
      page.line(".It Ic " + setting.name() + " No = " + value(setting, option));
      page.sentences(option == null ? setting.purpose() : option.description()[0].replace(" Repeatable.", ""));
      if (option == null) {
        page.line("The default is").line(".Cm " + given(setting.fallback()) + " .");
      }
    }
    page.line(".El");
  }

  private OptionSpec option(String table, String name) {
    return program.subcommands().get(table).getCommandSpec().findOption(name);
  }

  /** How TOML has a value: numbers and truth bare, all else quoted. */
  private static String value(Setting<?> setting, OptionSpec option) {
    if (option == null) {
      return switch (setting.fallback()) {
        case Duration _ -> quoted("TIME");
        case Long _ -> "Ar BYTES";
        default -> "Ar N";
      };
    }
    if (option.arity().max() == 0) {
      return "Cm true | false";
    }
    if (setting.kind() == Setting.Kind.LIST) {
      return "Bq Qo Ar " + option.paramLabel().replace(",...", "").replace("|", " Ns | Ns Ar ") + " Qc , Ar ...";
    }
    List<String> values = new ArrayList<>();
    for (String choice : option.paramLabel().split("\\|")) {
      values.add(choice.equals("N") ? "Ar N" : quoted(choice));
    }
    return String.join(" | ", values);
  }

  private static String quoted(String label) {
    return "Qo " + Mdoc.value(label) + " Qc";
  }

  /** A default as it would be given: with the largest unit that it is a whole number of. */
  static String given(Object fallback) {
    return switch (fallback) {
      case Duration time when time.toSeconds() % 3600 == 0 -> time.toHours() + "h";
      case Duration time -> time.toSeconds() + "s";
      case Long bytes when bytes > 0 && bytes % (1 << 20) == 0 -> (bytes >> 20) + "MiB";
      case Long bytes when bytes > 0 && bytes % (1 << 10) == 0 -> (bytes >> 10) + "KiB";
      default -> fallback.toString();
    };
  }
}

package dev.logtap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.config.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class HelpTextTest {
  private static final List<String> NAMES = Commands.NAMES;

  static Stream<CommandSpec> all() {
    CommandLine program = Commands.line();
    return Stream.concat(Stream.of(program), program.getSubcommands().values().stream()).map(CommandLine::getCommandSpec);
  }

  @ParameterizedTest
  @MethodSource("all")
  void help_fits_into_80_columns(CommandSpec command) {
    String help = HelpText.of(command);

    assertEquals(List.of(), help.lines().filter(line -> line.length() > 80 || line.endsWith(" ")).toList());
    assertTrue(help.startsWith("Usage: " + command.qualifiedName() + " "), help);
  }

  @ParameterizedTest
  @MethodSource("all")
  void option_stands_in_help_once_under_a_heading(CommandSpec command) {
    List<OptionSpec> shown = new ArrayList<>();
    Sections.in(command).forEach(section -> shown.addAll(section.options()));

    assertEquals(command.options(), shown);
    for (OptionSpec option : shown) {
      assertEquals(2, (HelpText.of(command) + " ").split(option.longestName() + "[ \\n]").length, option.longestName());
    }
  }

  @Test
  void meaning_is_wrapped_under_its_beginning() {
    String help = HelpText.of(Commands.line().getSubcommands().get("tail").getCommandSpec());

    assertTrue(
        help.contains(
            """

            Arguments:
              NAME...                   A log's name on the allowlist; 'logtap logs' lists
                                        them.

            Options:
              -n, --lines N|all         How many lines to begin with (50).
            """),
        help);
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void setting_says_what_it_is_for_by_its_flag_or_by_itself(String command) {
    CommandSpec model = Commands.named(command).model();

    for (Setting<?> setting : Commands.named(command).settings()) {
      assertEquals(setting.purpose() == null, model.findOption("--" + setting.name()) != null, setting.name());
    }
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void flag_says_what_it_is_by_default(String command) {
    CommandSpec model = Commands.named(command).model();

    for (Setting<?> setting : Commands.named(command).settings()) {
      String fallback =
          switch (setting.fallback()) {
            case null -> "";
            case Boolean _, List<?> _ -> "";
            case Object other -> ManualPage.given(other);
          };
      OptionSpec option = model.findOption("--" + setting.name());
      if (option != null) {
        String help = option.description()[0].toLowerCase(Locale.ROOT);
        assertTrue(help.contains(fallback.toLowerCase(Locale.ROOT)), () -> setting.name() + " is " + fallback + " by default: " + help);
      }
    }
  }
}

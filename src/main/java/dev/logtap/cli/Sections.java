package dev.logtap.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of a command under headings, as its help and its manual show them. Picocli's own way, groups of arguments,
 * would cost each start for what only a reader wants to see.
 */
final class Sections {

  /** Options that belong together. */
  record Section(String heading, List<OptionSpec> options) {}

  /** Where one begins among the command's options. */
  private record Beginning(String heading, int option) {}

  private final List<Beginning> beginnings = new ArrayList<>();

  /** A command whose options can have headings. */
  static CommandSpec newCommand(String name) {
    return CommandSpec.wrapWithoutInspection(new Sections()).name(name);
  }

  /** What is added to the command from now on stands under this heading. */
  static void begin(CommandSpec spec, String heading) {
    of(spec).beginnings.add(new Beginning(heading, spec.options().size()));
  }

  /** All options of the command, in the order in which they were added. */
  static List<Section> in(CommandSpec spec) {
    List<Beginning> beginnings = of(spec).beginnings;
    List<Section> sections = new ArrayList<>();
    for (int i = 0; i < beginnings.size(); i++) {
      int end = i + 1 < beginnings.size() ? beginnings.get(i + 1).option() : spec.options().size();
      sections.add(new Section(beginnings.get(i).heading(), spec.options().subList(beginnings.get(i).option(), end)));
    }
    return sections;
  }

  private static Sections of(CommandSpec spec) {
    return (Sections) spec.userObject();
  }
}

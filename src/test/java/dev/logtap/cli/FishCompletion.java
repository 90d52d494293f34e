package dev.logtap.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A {@code complete} for each command, option and argument. */
final class FishCompletion extends Completion {

  @Override
  List<String> lines(String what) {
    if (!what.equals("complete")) {
      throw unknown(what);
    }
    List<String> lines = new ArrayList<>(List.of("complete -c logtap -f"));
    program.options().forEach(option -> lines.add("complete -c logtap" + option(option)));
    for (CommandSpec command : commands()) {
      lines.add("");
      lines.add("complete -c logtap -n __logtap_is -a " + command.name() + " -d " + text(summary(command)));
      String within = "complete -c logtap -n '__logtap_is " + command.name() + "'";
      own(command).forEach(option -> lines.add(within + option(option)));
      for (PositionalParamSpec argument : command.positionalParameters()) {
        lines.add(within + value(Offer.of(argument)).replaceFirst("^ -x", ""));
      }
    }
    return lines;
  }

  private static String option(OptionSpec option) {
    StringBuilder line = new StringBuilder();
    for (String name : names(option)) {
      line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    return line + (Offer.isFlag(option) ? "" : value(Offer.of(option))) + " -d " + text(summary(option));
  }

  private static String value(Offer offer) {
    return switch (offer) {
      case Offer.Words(List<String> words) -> " -x -a '" + spaced(words) + "'";
      case Offer.Names(String table, boolean several) ->
          several ? " -x -a '(__fish_complete_list , \"__logtap_names " + table + "\")'" : " -x -a '(__logtap_names " + table + ")'";
      case Offer.Other.FILE -> " -r -F";
      case Offer.Other.ENTRY -> " -x -a '(__logtap_entries)'";
      case Offer.Other.TARGET -> " -x -a '(__logtap_targets)'";
      case Offer.Other.TEXT -> " -x";
    };
  }

  private static String text(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}

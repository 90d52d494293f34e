package dev.logtap.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Specifications for {@code _arguments}. */
final class ZshCompletion extends Completion {

  @Override
  List<String> lines(String what) {
    return switch (what) {
      case "commands" ->
          commands().stream().map(command -> quoted(command.name() + ":" + escaped(summary(command)))).toList();
      case "every" -> program.options().stream().map(ZshCompletion::specification).toList();
      case "options" -> options();
      default -> throw unknown(what);
    };
  }

  private List<String> options() {
    List<String> lines = new ArrayList<>();
    for (CommandSpec command : commands()) {
      lines.add(command.name() + ")");
      lines.add("  _arguments -s $every \\");
      List<String> specifications = new ArrayList<>(own(command).stream().map(ZshCompletion::specification).toList());
      for (PositionalParamSpec argument : command.positionalParameters()) {
        specifications.add(quoted("*:" + argument.paramLabel() + ":" + action(Offer.of(argument))));
      }
      for (int i = 0; i < specifications.size(); i++) {
        lines.add("    " + specifications.get(i) + (i + 1 < specifications.size() ? " \\" : ""));
      }
      lines.add("  ;;");
    }
    return lines;
  }

  private static String specification(OptionSpec option) {
    List<String> names = names(option);
    String text = "[" + escaped(summary(option)) + "]" + value(option);
    if (option.usageHelp() || option.versionHelp()) {
      return "'(- *)'" + braced(names, "") + quoted(text);
    }
    if (names.size() > 1) {
      return quoted("(" + spaced(names) + ")") + braced(names, Offer.isFlag(option) ? "" : "+") + quoted(text);
    }
    return quoted((option.isMultiValue() ? "*" : "") + names.getFirst() + (Offer.isFlag(option) ? "" : "=") + text);
  }

  /** With a value the short name may have it glued on, and the long one behind {@code =}. */
  private static String braced(List<String> names, String glued) {
    List<String> all = new ArrayList<>();
    for (String name : names) {
      all.add(name + (glued.isEmpty() ? "" : name.startsWith("--") ? "=" : glued));
    }
    return "{" + String.join(",", all) + "}";
  }

  private static String value(OptionSpec option) {
    return Offer.isFlag(option) ? "" : ":" + option.paramLabel().replace(":", "\\:") + ":" + action(Offer.of(option));
  }

  /** What begins with a space is called as it is, without options for how matches are to be added. */
  private static String action(Offer offer) {
    return switch (offer) {
      case Offer.Words(List<String> words) -> "(" + spaced(words) + ")";
      case Offer.Names(String table, boolean several) -> (several ? " _logtap_list " : " _logtap_names ") + table;
      case Offer.Other.FILE -> "_files";
      case Offer.Other.ENTRY -> " _logtap_entry";
      case Offer.Other.TARGET -> " _logtap_target";
      case Offer.Other.TEXT -> " ";
    };
  }

  private static String escaped(String text) {
    return text.replace("[", "\\[").replace("]", "\\]").replace(":", "\\:");
  }
}

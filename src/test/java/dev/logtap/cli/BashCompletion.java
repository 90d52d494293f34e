package dev.logtap.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Tables of words in {@code case} statements, which the template's functions ask. */
final class BashCompletion extends Completion {

  @Override
  List<String> lines(String what) {
    return switch (what) {
      case "takes" -> takes();
      case "options" -> options();
      case "arguments" -> arguments();
      default -> throw unknown(what);
    };
  }

  /** An option means the same in all commands, so that it need not be known in which one it stands. */
  private List<String> takes() {
    Map<String, String> offers = new LinkedHashMap<>();
    List<CommandSpec> all = new ArrayList<>(List.of(program));
    all.addAll(commands());
    for (CommandSpec command : all) {
      for (OptionSpec option : command.options()) {
        for (String name : names(option)) {
          String offer = Offer.isFlag(option) ? "" : word(Offer.of(option));
          if (!offer.equals(offers.getOrDefault(name, offer))) {
            throw new IllegalStateException(name + " of " + command.name() + " takes something else than elsewhere");
          }
          offers.put(name, offer);
        }
      }
    }
    List<String> lines = new ArrayList<>();
    for (String offer : new TreeSet<>(offers.values())) {
      if (!offer.isEmpty()) {
        List<String> names = new ArrayList<>(offers.keySet());
        names.removeIf(name -> !offers.get(name).equals(offer));
        lines.add(String.join(" | ", names) + ") takes=" + quoted(offer) + " ;;");
      }
    }
    return lines;
  }

  private List<String> options() {
    List<String> lines = new ArrayList<>();
    lines.add(":-*) _logtap_offer_value " + quoted(allNames(program)) + " ;;");
    for (CommandSpec command : commands()) {
      lines.add(command.name() + ":-*) _logtap_offer_value " + quoted(allNames(command)) + " ;;");
    }
    return lines;
  }

  private static String allNames(CommandSpec command) {
    return spaced(command.options().stream().flatMap(option -> names(option).stream()).toList());
  }

  private List<String> arguments() {
    return commands().stream()
        .filter(command -> !command.positionalParameters().isEmpty())
        .map(
            command ->
                command.name() + ":*) _logtap_offer_value " + word(Offer.of(command.positionalParameters().getFirst())) + " ;;")
        .toList();
  }

  private static String word(Offer offer) {
    return switch (offer) {
      case Offer.Words(List<String> words) -> spaced(words);
      case Offer.Names(String table, boolean several) -> (several ? "names:" : "name:") + table;
      case Offer.Other.FILE -> "file";
      case Offer.Other.ENTRY -> "entry";
      case Offer.Other.TARGET -> "target";
      case Offer.Other.TEXT -> "text";
    };
  }
}

package dev.logtap.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What a shell offers where the value of an option or an argument of a command is typed. */
sealed interface Offer {

  /** One of these. */
  record Words(List<String> words) implements Offer {}

  /** Names in a table of the config file, {@code several} by commas. */
  record Names(String table, boolean several) implements Offer {}

  enum Other implements Offer {
    FILE,
    /** {@code NAME=PATH} of a log. */
    ENTRY,
    /** What {@code watch} takes. */
    TARGET,
    /** Anything, of which nobody knows beforehand. */
    TEXT
  }

  /** For an option that takes a value. */
  static Offer of(OptionSpec option) {
    if (option.completionCandidates() != null) {
      List<String> words = new ArrayList<>();
      option.completionCandidates().forEach(words::add);
      return new Words(words);
    }
    return switch (option.longestName()) {
      case "--log" -> Other.ENTRY;
      case "--logs" -> new Names("logs", true);
      case "--environments" -> new Names("railway.environments", true);
      default -> option.paramLabel().equals("FILE") ? Other.FILE : Other.TEXT;
    };
  }

  static Offer of(PositionalParamSpec argument) {
    return switch (argument.paramLabel()) {
      case "NAME" -> new Names("logs", false);
      case "TARGET" -> Other.TARGET;
      default -> throw new IllegalStateException("nobody says what can be offered for " + argument.paramLabel());
    };
  }

  /** Whether the option has no value. */
  static boolean isFlag(OptionSpec option) {
    return option.arity().max() == 0;
  }
}

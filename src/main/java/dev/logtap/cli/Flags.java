package dev.logtap.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** What was given on the command line, as the texts that {@link dev.logtap.config.Settings} reads. */
final class Flags {
  private Flags() {}

  /** By the long name without dashes; an option without a value is {@code true}, one of several has them by commas. */
  static Map<String, String> of(ParseResult parsed) {
    Map<String, String> flags = new HashMap<>();
    for (OptionSpec option : parsed.matchedOptions()) {
      String value =
          option.isMultiValue()
              ? String.join(",", option.<List<String>>getValue())
              : String.valueOf(option.<Object>getValue());
      flags.put(option.longestName().substring(2), value);
    }
    return flags;
  }

  /** An option that takes a text, which is read where all sources of a setting are. */
  static OptionSpec option(String label, String description, String... names) {
    return OptionSpec.builder(names)
        .paramLabel(label)
        .type(String.class)
        .description(description)
        .build();
  }

  /** An option that takes one of a few words. */
  static OptionSpec choice(List<String> words, String label, String description, String... names) {
    return OptionSpec.builder(names)
        .paramLabel(label)
        .type(String.class)
        .completionCandidates(words)
        .description(description)
        .build();
  }

  /** An option that may be given several times. */
  static OptionSpec list(String label, String description, String... names) {
    return OptionSpec.builder(names)
        .paramLabel(label)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .description(description)
        .build();
  }

  /** An option that is there or not. */
  static OptionSpec flag(String description, String... names) {
    return OptionSpec.builder(names).type(boolean.class).description(description).build();
  }
}

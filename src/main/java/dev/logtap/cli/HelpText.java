package dev.logtap.cli;

import dev.logtap.cli.Sections.Section;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What {@code --help} prints of a command: its model in 80 columns. Picocli's own would know nothing of {@link Sections}. */
final class HelpText {
  private static final int WIDTH = 80;

  /** Where meanings begin; a longer word has a line to itself. */
  private static final int COLUMN = 28;

  private final StringBuilder text = new StringBuilder();

  private HelpText() {}

  static String of(CommandSpec spec) {
    HelpText help = new HelpText();
    help.text.append("Usage: ").append(spec.usageMessage().customSynopsis()[0]).append("\n\n");
    help.words(spec.usageMessage().description()[0], 0);
    if (!spec.subcommands().isEmpty()) {
      help.heading("Commands");
      for (Map.Entry<String, CommandLine> command : spec.subcommands().entrySet()) {
        help.entry("  " + command.getKey(), command.getValue().getCommandSpec().usageMessage().header()[0]);
      }
    }
    if (!spec.positionalParameters().isEmpty()) {
      help.heading("Arguments");
      for (PositionalParamSpec parameter : spec.positionalParameters()) {
        help.entry("  " + parameter.paramLabel() + "...", parameter.description()[0]);
      }
    }
    for (Section section : Sections.in(spec)) {
      help.heading(section.heading());
      for (OptionSpec option : section.options()) {
        help.entry(names(option), option.description()[0]);
      }
    }
    if (!spec.usageMessage().exitCodeList().isEmpty()) {
      help.heading("Exit codes");
      for (Map.Entry<String, String> code : spec.usageMessage().exitCodeList().entrySet()) {
        help.entry("  " + code.getKey(), code.getValue());
      }
    }
    help.text.append("\nThe manual says more: man ").append(spec.qualifiedName("-")).append('\n');
    return help.text.toString();
  }

  /** Without a short name the long one stands below the other long ones. */
  private static String names(OptionSpec option) {
    String shortest = option.shortestName();
    String names = shortest.equals(option.longestName()) ? "      " + shortest : "  " + shortest + ", " + option.longestName();
    return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
  }

  private void heading(String heading) {
    text.append('\n').append(heading).append(":\n");
  }

  private void entry(String words, String meaning) {
    text.append(words);
    int length = words.length();
    if (length > COLUMN - 2) {
      text.append('\n');
      length = 0;
    }
    text.repeat(' ', COLUMN - length);
    words(meaning, COLUMN);
  }

  /** Words in lines that begin at this column, in which the first one already is. */
  private void words(String sentence, int column) {
    int at = column;
    for (String word : sentence.split(" ")) {
      if (at > column && at + 1 + word.length() > WIDTH) {
        text.append('\n').repeat(' ', column);
        at = column;
      } else if (at > column) {
        text.append(' ');
        at++;
      }
      text.append(word);
      at += word.length();
    }
    text.append('\n');
  }
}

package dev.logtap.cli;

import dev.logtap.config.Setting;
import dev.logtap.output.ByteOutput;
import dev.logtap.render.TerminalJson;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** {@code -o, --output}: text for eyes, JSON lines for scripts. */
final class OutputFormat {
  static final String JSON = "json";
  private static final List<String> FORMATS = List.of("text", JSON);
  static final Setting<String> SETTING = Setting.oneOf("output", FORMATS, "text");

  private OutputFormat() {}

  /** Where records go: to stdout. To make JSON of them takes work. */
  static ByteOutput output(Shell shell, boolean json) {
    return json
        ? ByteOutput.writingBehind(shell.terminal() ? new TerminalJson(shell.out()) : shell.out())
        : new ByteOutput(shell.out());
  }

  static OptionSpec option() {
    return Flags.choice(FORMATS, "text|json", "Text for eyes (the default), or one JSON object a line for scripts.", "-o", "--output");
  }
}

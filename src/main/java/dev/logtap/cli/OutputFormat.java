package dev.logtap.cli;

import dev.logtap.config.Setting;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** {@code -o, --output}: text for eyes, JSON lines for scripts. */
final class OutputFormat {
  static final String JSON = "json";
  private static final List<String> FORMATS = List.of("text", JSON);
  static final Setting<String> SETTING = Setting.oneOf("output", FORMATS, "text");

  private OutputFormat() {}

  static OptionSpec option() {
    return Flags.choice(FORMATS, "text|json", "Text for eyes (the default), or one JSON object a line for scripts.", "-o", "--output");
  }
}

package dev.logtap.cli;

import dev.logtap.config.Setting;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** {@code -o, --output}: text for eyes, JSON lines for scripts. */
final class OutputFormat {
  static final String JSON = "json";
  static final Setting<String> SETTING = Setting.oneOf("output", List.of("text", JSON), "text");

  private OutputFormat() {}

  static OptionSpec option() {
    return Flags.option("text|json", "Text (the default), or one JSON object a line.", "-o", "--output");
  }
}

package dev.logtap.cli;

import dev.logtap.config.Setting;
import dev.logtap.config.Settings;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** {@code --color}: whether text is coloured. */
final class Colour {
  static final Setting<String> SETTING = Setting.oneOf("color", List.of("auto", "always", "never"), "auto");

  private Colour() {}

  static OptionSpec option() {
    return Flags.option(
        "auto|always|never", "Colour on a terminal (auto, the default, heeds NO_COLOR), always, or never.", "--color");
  }

  /** https://no-color.org: any value but the empty one. */
  static boolean isWanted(Shell shell, Settings settings) {
    String when = settings.get(SETTING);
    boolean wanted =
        shell.environment().getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(shell.environment().get("TERM"));
    return when.equals("always") || when.equals("auto") && shell.terminal() && wanted;
  }
}

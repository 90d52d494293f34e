package dev.logtap.cli;

import dev.logtap.config.Setting;
import dev.logtap.config.Settings;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** {@code --color}: whether text is coloured. */
final class Colour {
  private static final List<String> TIMES = List.of("auto", "always", "never");
  static final Setting<String> SETTING = Setting.oneOf("color", TIMES, "auto");

  private Colour() {}

  static OptionSpec option() {
    return Flags.choice(
        TIMES, "WHEN", "When text is coloured: auto (the default) is on a terminal and unless NO_COLOR is set; or always, or never.", "--color");
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

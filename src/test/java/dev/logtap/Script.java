package dev.logtap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the installed program as administrators do: from a shell, with pipes and redirections. */
final class Script {
  private Script() {}

  /** Starts a script in which {@code $0} is the launcher and {@code $1}... are the arguments. */
  static Logtap start(String script, Object... arguments) {
    return start(Map.of(), script, arguments);
  }

  static Logtap start(Map<String, String> environment, String script, Object... arguments) {
    List<String> command = new ArrayList<>(List.of("sh", "-c", script, Logtap.launcher().toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return Logtap.startCommand(environment, command);
  }
}

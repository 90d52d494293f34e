package dev.logtap;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a follower learns of changes. What it prints must not depend on it. */
enum Mode {
  /** File system events, and a look each second. */
  NOTIFY,

  /** Looks only. */
  POLL;

  /** Follows {@code log} under the name {@code app}, from its first line. */
  Logtap follow(Path log, String... more) {
    return followNames(List.of("--log", "app=" + log, "app"), more);
  }

  /** Follows two logs, {@code app} and {@code other}: each line begins with its log's name. */
  Logtap followBoth(Path log, Path other, String... more) {
    return followNames(List.of("--log", "app=" + log, "--log", "other=" + other, "app", "other"), more);
  }

  Logtap followNames(List<String> names, String... more) {
    return Logtap.startCommand(Map.of(), command(arguments(names, more)));
  }

  /**
   * The program with these arguments. A shell starts what runs in its background with SIGINT ignored, and
   * these tests may run there.
   */
  static List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT", Logtap.launcher().toString()));
    command.addAll(arguments);
    return command;
  }

  /** What stands behind {@code logtap} on the command line. */
  List<String> arguments(List<String> names, String... more) {
    List<String> arguments = new ArrayList<>(List.of("tail", "-f", "-n", "all"));
    if (this == POLL) {
      arguments.add("--poll");
    }
    arguments.addAll(List.of(more));
    arguments.addAll(names);
    return arguments;
  }
}

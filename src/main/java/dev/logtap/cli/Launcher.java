package dev.logtap.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The launcher of this installation, as a person calls it. */
final class Launcher {
  private Launcher() {}

  /** {@code logtap} where the shell finds this very program by that, else its path, quoted if need be. */
  static String command(Shell shell) {
    // The image is PREFIX/lib/logtap/BUILD.
    Path launcher = Path.of(System.getProperty("java.home")).resolve("../../../bin/logtap").normalize();
    if (!Files.isExecutable(launcher) || isOnPath(launcher, shell)) {
      return "logtap";
    }
    String path = launcher.toString();
    return path.matches("[A-Za-z0-9/._+-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
  }

  private static boolean isOnPath(Path launcher, Shell shell) {
    for (String directory : shell.environment().getOrDefault("PATH", "").split(":")) {
      Path found = Path.of(directory, "logtap");
      if (Files.isExecutable(found)) {
        return isSame(found, launcher);
      }
    }
    return false;
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException _) {
      return false;
    }
  }
}

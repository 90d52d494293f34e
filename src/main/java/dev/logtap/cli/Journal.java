package dev.logtap.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Whether journald reads stderr, so that lines may begin with their level. */
final class Journal {
  private static final Path STDERR = Path.of("/proc/self/fd/2");

  private Journal() {}

  /**
   * By {@code JOURNAL_STREAM}, the device and inode of the socket. Processes inherit the variable whose stderr is another
   * file, so it has to be compared (systemd.exec(5)).
   */
  static boolean reads(Map<String, String> environment) {
    String stream = environment.get("JOURNAL_STREAM");
    try {
      return stream != null
          && stream.equals(Files.getAttribute(STDERR, "unix:dev") + ":" + Files.getAttribute(STDERR, "unix:ino"));
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }
}

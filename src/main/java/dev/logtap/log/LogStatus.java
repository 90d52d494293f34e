package dev.logtap.log;

import java.io.IOException;
import java.time.Instant;

/**
 * What can be said of a log without reading it.
 *
 * @param size in bytes, -1 where it can't be read
 * @param changed when it was last written; null where it can't be read
 * @param why it can't be read, a sentence; null where it can
 */
public record LogStatus(AllowedLog log, long size, Instant changed, String why) {

  /** Opens the log as reading it would, and closes it. */
  public static LogStatus of(AllowedLog log) {
    try (PlainFile file = PlainFile.open(log)) {
      return new LogStatus(log, file.size(), file.modifiedWhenOpened().toInstant(), null);
    } catch (IOException e) {
      return new LogStatus(log, -1, null, e.getMessage());
    }
  }

  public boolean readable() {
    return why == null;
  }
}

package dev.logtap.log;

import dev.logtap.log.Reading.Trouble;
import dev.logtap.log.UnreadableLogException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Why a log's path can't be followed at present, said once however often it is found. */
final class PathTrouble {
  /** A rename that is followed by a new file at once is not worth a sentence. */
  private static final long GRACE_WHILE_MISSING = Duration.ofSeconds(1).toNanos();

  private final Path path;

  /** What was said last; null when all is well. */
  private String said;

  /** When the path was first found to name nothing; 0 while it names something. */
  private long missingSince;

  PathTrouble(Path path) {
    this.path = path;
  }

  /**
   * The path could not be looked at or opened.
   *
   * @param reading whether a file is being read, so that this may be the middle of a rotation
   * @return what is to be said; null when it was said already, or may pass
   */
  Trouble found(IOException e, boolean reading, long now) {
    UnreadableLogException why = PlainFile.explain(path, e);
    boolean missing = why.reason() == Reason.MISSING;
    if (missing && missingSince == 0) {
      missingSince = now;
    }
    boolean mayPass = missing && reading && now - missingSince < GRACE_WHILE_MISSING;
    if (mayPass || why.getMessage().equals(said)) {
      return null;
    }
    said = why.getMessage();
    return new Trouble(said);
  }

  /**
   * The path names a file that can be read.
   *
   * @return whether something else had been said of it
   */
  boolean passed() {
    boolean wasSaid = said != null;
    said = null;
    missingSince = 0;
    return wasSaid;
  }
}

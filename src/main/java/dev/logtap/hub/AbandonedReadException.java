package dev.logtap.hub;

import java.io.IOException;
import java.time.Duration;

/**
 * A read was not waited for to its end, and may still be under way: what it works on belongs to the reading thread
 * now.
 */
final class AbandonedReadException extends IOException {
  private static final long serialVersionUID = 1;

  AbandonedReadException(String message) {
    super(message);
  }

  static AbandonedReadException ofStalledDisk(Duration time) {
    return new AbandonedReadException("the disk has not answered for " + time.toSeconds() + " s");
  }
}

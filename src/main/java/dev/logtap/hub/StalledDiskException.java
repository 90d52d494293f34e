package dev.logtap.hub;

import java.io.IOException;

/** A read has not come back in time, and may still be under way: what it worked on can't be used any more. */
final class StalledDiskException extends IOException {
  private static final long serialVersionUID = 1;

  StalledDiskException(long seconds) {
    super("the disk has not answered for " + seconds + " s");
  }
}

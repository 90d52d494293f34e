package dev.logtap.log;

import java.io.IOException;

/** A file was renamed or removed between being seen in the directory and being opened; look again. */
final class RotatedMeanwhileException extends IOException {
  private static final long serialVersionUID = 1;

  RotatedMeanwhileException(String name) {
    super("'" + name + "' is rotated quicker than it can be opened");
  }
}

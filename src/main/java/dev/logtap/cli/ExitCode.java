package dev.logtap.cli;

/** The exit codes of all commands, as the manual has them. */
final class ExitCode {
  /** Done; also when the reader of our pipe went away. */
  static final int DONE = 0;

  /** Something could not be read or reached; the rest was. */
  static final int FAILED = 1;

  /** Wrong usage, a bad config, or a name that is not on the list. */
  static final int USAGE = 2;

  /** The server refused the token or its scope. */
  static final int REFUSED = 3;

  /** A signal ended it: the JVM is about to exit with 130 or 143 by itself. */
  static final int SIGNALLED = -1;

  private ExitCode() {}
}

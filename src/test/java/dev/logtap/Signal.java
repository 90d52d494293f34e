package dev.logtap;

/** The signals that end a program which prints until it is told to stop, and the exit codes that tell of it. */
enum Signal {
  INT(130),
  TERM(143);

  final int code;

  Signal(int code) {
    this.code = code;
  }
}

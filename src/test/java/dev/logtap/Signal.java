package dev.logtap;

import java.io.IOException;

/** The signals that end a program which prints until it is told to stop, and the exit codes that tell of it. */
enum Signal {
  INT(130),
  TERM(143);

  final int code;

  Signal(int code) {
    this.code = code;
  }

  /** Sends any signal by its name, for example {@code STOP}. */
  static void send(String name, long pid) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

package dev.logtap.cli;

import dev.logtap.render.TerminalText;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command knows of where it was started: streams, environment, and whether a person looks on.
 *
 * @param out data and nothing else; throws when its reader is gone
 * @param err sentences
 * @param terminal whether {@code out} is a terminal
 * @param build names the installed image, for {@code --version}; null when run from classes
 * @param keys what is typed; null where stdin is no terminal
 */
record Shell(
    OutputStream out, PrintStream err, Map<String, String> environment, boolean terminal, String build, InputStream keys) {

  /** One without a person who looks on and presses keys. */
  Shell(OutputStream out, PrintStream err, Map<String, String> environment, boolean terminal, String build) {
    this(out, err, environment, terminal, build, null);
  }

  /** The real one, with what the launcher has found out. */
  static Shell ofThisProcess() {
    return new Shell(
        new FileOutputStream(FileDescriptor.out),
        new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8),
        System.getenv(),
        "terminal".equals(System.getProperty("logtap.stdout")),
        System.getProperty("logtap.build"),
        "terminal".equals(System.getProperty("logtap.stdin")) ? new FileInputStream(FileDescriptor.in) : null);
  }

  /** Whether a person looks on and can press keys, on a terminal that can do more than print. */
  boolean isLive() {
    return terminal && keys != null && !"dumb".equals(environment.getOrDefault("TERM", "dumb"));
  }

  /** Writes to stdout, in one write. */
  void print(String text) throws OutputException {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw OutputException.of(e);
    }
  }

  /** Says {@code logtap: subject: sentence} on stderr. */
  void complain(Object subject, String sentence) {
    complain(subject + ": " + sentence);
  }

  /** Says {@code logtap: sentence} on stderr, in one write so that processes do not mix their lines. */
  void complain(String sentence) {
    err.print("logtap: " + TerminalText.harmless(sentence) + "\n");
    err.flush();
  }
}

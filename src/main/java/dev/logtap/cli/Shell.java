package dev.logtap.cli;

import dev.logtap.render.TerminalText;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
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
 */
record Shell(OutputStream out, PrintStream err, Map<String, String> environment, boolean terminal, String build) {

  /** The real one, with what the launcher has found out. */
  static Shell ofThisProcess() {
    return new Shell(
        new FileOutputStream(FileDescriptor.out),
        new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8),
        System.getenv(),
        "terminal".equals(System.getProperty("logtap.stdout")),
        System.getProperty("logtap.build"));
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

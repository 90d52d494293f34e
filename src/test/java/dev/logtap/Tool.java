package dev.logtap;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Programs that not every machine has. */
public final class Tool {
  /** With those that are for administrators, and not on everybody's PATH. */
  private static final String PATH = System.getenv("PATH") + ":/usr/sbin";

  private Tool() {}

  /** Without the program the test is skipped, but for where all is checked: there it fails. */
  public static void require(String program, String otherwise) {
    require(find(program).isPresent(), program, otherwise);
  }

  static Optional<Path> find(String program) {
    return Arrays.stream(PATH.split(":")).map(path -> Path.of(path, program)).filter(Files::isExecutable).findFirst();
  }

  /** The same of what is there or not in another way. */
  public static void require(boolean there, String what, String otherwise) {
    if (!there && System.getenv("CI") != null) {
      fail(what + " is missing: install it, .ci/run does");
    }
    assumeTrue(there, what + " is not installed: " + otherwise);
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs that a test calls. Where one is missing the test is skipped and says so, but not where everything is checked. */
final class Needed {
  private Needed() {}

  /**
   * @param consequence what is not tested without it
   */
  static void program(String name, String consequence) {
    Stream<String> places = Stream.of(System.getenv("PATH").split(":"), new String[] {"/usr/sbin"}).flatMap(Stream::of);
    there(places.anyMatch(path -> Files.isExecutable(Path.of(path, name))), name, consequence);
  }

  static void there(boolean there, String what, String consequence) {
    if (!there && System.getenv("CI") != null) {
      fail(what + " is missing: install it, .ci/run does");
    }
    assumeTrue(there, what + " is not installed: " + consequence);
  }
}

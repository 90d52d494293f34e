package dev.logtap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The manuals and completions that are checked in are what the command model says. With {@code -Drefresh} they are
 * written anew instead.
 */
class ReferenceTest {
  private static final String COMMAND = "mvn -B -q test -Dtest=ReferenceTest -Drefresh";

  @TestFactory
  Stream<DynamicTest> file_is_what_the_command_model_says() throws IOException {
    return files().entrySet().stream()
        .map(file -> DynamicTest.dynamicTest(file.getKey().toString(), () -> check(file.getKey(), file.getValue())));
  }

  private static void check(Path file, String expected) throws IOException {
    if (System.getProperty("refresh") != null) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, expected);
    }
    String found = Files.exists(file) ? Files.readString(file) : "";

    assertEquals(expected, found, file + " is not what the command model says; refresh it and its like with: " + COMMAND);
  }

  private static Map<Path, String> files() throws IOException {
    Map<Path, String> files = new TreeMap<>();
    for (Path template : templates("src/main/man")) {
      files.put(Path.of("man").resolve(template.getFileName()), ManualPage.of(template));
    }
    for (Path template : templates("src/main/completions")) {
      if (Completion.isTemplate(template)) {
        files.put(Path.of("completions").resolve(template.getFileName()), Completion.of(template));
      }
    }
    return files;
  }

  private static List<Path> templates(String directory) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(directory))) {
      return files.sorted().toList();
    }
  }
}

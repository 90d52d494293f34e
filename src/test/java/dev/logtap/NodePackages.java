package dev.logtap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Packages of npm for tests that run other implementations on Node. */
public final class NodePackages {
  /** Kept from one build to the next. */
  public static final Path DIRECTORY =
      Path.of(System.getProperty("logtap.basedir"), "target", "node").toAbsolutePath();

  private NodePackages() {}

  /**
   * Whether they are there or could be installed.
   *
   * @param packages names and versions: {@code ws@8}
   */
  public static boolean have(String... packages) {
    return succeeds(List.of("node", "--version"))
        && (Arrays.stream(packages).allMatch(NodePackages::isThere) || install(packages));
  }

  private static boolean install(String... packages) {
    List<String> command = new ArrayList<>(List.of("npm", "install", "--prefix", DIRECTORY.toString()));
    // Where there is no network that is known at once.
    command.addAll(List.of("--no-audit", "--no-fund", "--fetch-retries=0"));
    command.addAll(List.of(packages));
    return succeeds(command);
  }

  private static boolean succeeds(List<String> command) {
    try {
      Files.createDirectories(DIRECTORY);
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(DIRECTORY.resolve(command.getFirst() + ".log").toFile())
              .start();
      boolean ended = process.waitFor(Duration.ofMinutes(1));
      process.destroy();
      return ended && process.exitValue() == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isThere(String versioned) {
    String name = versioned.substring(0, versioned.indexOf('@'));
    return Files.isDirectory(DIRECTORY.resolve("node_modules").resolve(name));
  }
}

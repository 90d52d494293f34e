package dev.logtap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** What writers, rotation and administrators do to log files, in the system calls in which they do it. */
final class LogFiles {
  private LogFiles() {}

  /** Writes at the end, as a writer does that opens the file for every line. Makes the file if need be. */
  static void append(Path log, String text) {
    append(log, text.getBytes(StandardCharsets.UTF_8));
  }

  /** In one call, so that what another thread appends does not come in between. */
  static void append(Path log, byte[] bytes) {
    run(
        () -> {
          try (FileChannel file = FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (ByteBuffer rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
              file.write(rest);
            }
          }
        });
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The log's file of that suffix, for example {@code .1}. */
  static Path beside(Path log, String suffix) {
    return log.resolveSibling(log.getFileName() + suffix);
  }

  static void rename(Path from, Path to) {
    run(() -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
  }

  static void remove(Path path) {
    run(() -> Files.delete(path));
  }

  static void truncate(Path log) {
    run(() -> Files.write(log, new byte[0], StandardOpenOption.TRUNCATE_EXISTING));
  }

  /** Copies the content, into the file that is there already if there is one. */
  static void copy(Path from, Path to) {
    run(() -> Files.write(to, Files.readAllBytes(from)));
  }

  /** Renames the log to {@code .1} and the older ones one further, of which there are then {@code kept}. */
  static void rotate(Path log, int kept) {
    shift(log, kept);
    rename(log, beside(log, ".1"));
  }

  /** Copies the log to {@code .1} and empties it; the older copies move one further. */
  static void copyTruncate(Path log, int kept) {
    shift(log, kept);
    copy(log, beside(log, ".1"));
    truncate(log);
  }

  /** Compresses as rotation does: the packed file has the time stamp of the plain one, which is removed. */
  static void gzip(Path file) {
    runCommand("gzip", file.toString());
  }

  static Path makeFifo(Path path) {
    runCommand("mkfifo", path.toString());
    return path;
  }

  static Path makeDirectory(Path path) {
    run(() -> Files.createDirectory(path));
    return path;
  }

  /** Makes a symbolic link, or sets one anew in one step. */
  static void link(Path link, Path target) {
    Path fresh = link.resolveSibling("fresh-link");
    run(() -> Files.createSymbolicLink(fresh, target));
    rename(fresh, link);
  }

  static void permit(Path path, String permissions) {
    run(() -> Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions)));
  }

  private static void shift(Path log, int kept) {
    run(() -> Files.deleteIfExists(beside(log, "." + kept)));
    for (int number = kept - 1; number >= 1; number--) {
      if (Files.exists(beside(log, "." + number))) {
        rename(beside(log, "." + number), beside(log, "." + (number + 1)));
      }
    }
  }

  private static void runCommand(String... command) {
    run(
        () -> {
          try {
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
              throw new IOException(String.join(" ", command) + " failed");
            }
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  private interface Action {
    void run() throws IOException;
  }

  private static void run(Action action) {
    try {
      action.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

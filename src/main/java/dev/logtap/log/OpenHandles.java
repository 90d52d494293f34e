package dev.logtap.log;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Tells whether a file that is open here still has a name anywhere. Java has no fstat, but Linux shows
 * this process's own descriptors in /proc, and looking through one of those is one.
 */
final class OpenHandles {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private OpenHandles() {}

  /** Whether the open file was removed; also where that can't be told, so that nothing is kept for ever. */
  static boolean isRemoved(FileIdentity file) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path descriptor : descriptors) {
        if (isOpenAs(descriptor, file)) {
          return (Integer) Files.getAttribute(descriptor, "unix:nlink") == 0;
        }
      }
    } catch (IOException _) {
      // No /proc here, or the descriptor was closed meanwhile.
    }
    return true;
  }

  private static boolean isOpenAs(Path descriptor, FileIdentity file) {
    try {
      return file.key().equals(Files.readAttributes(descriptor, BasicFileAttributes.class).fileKey());
    } catch (IOException _) {
      // The descriptor of this very listing, closed by now.
      return false;
    }
  }
}

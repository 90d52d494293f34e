package dev.logtap.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;

/**
 * The temporary folder of a demo, which nobody but its user can look into. While the demo runs it holds a lock in there, which
 * the kernel releases however it ends: so the next one can tell what a killed demo has left, and removes that.
 */
final class Folder implements Closeable {
  private static final String PREFIX = "logtap-demo-";
  private static final String LOCK = "lock";

  /** Another demo that begins takes one that is not locked yet for a killed demo's. */
  private static final int MOST_ATTEMPTS = 20;

  private final Path path;
  private final FileChannel lock;

  private Folder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes one, and removes those that were left behind; close it in the end.
   *
   * @param parent the system's folder for temporary files, in which strangers may write too
   */
  static Folder make(Path parent) throws IOException {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      Path path =
          Files.createTempDirectory(
              parent, PREFIX, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Folder folder = lock(path, StandardOpenOption.CREATE_NEW);
      if (folder != null) {
        folder.removeLeftovers(parent);
        return folder;
      }
    }
    throw new IOException("others keep removing the demo's folder below '" + parent + "'");
  }

  /** Null where somebody else has the lock, or the folder is being removed. */
  private static Folder lock(Path path, StandardOpenOption creating) throws IOException {
    Path file = path.resolve(LOCK);
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.WRITE, creating, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException _) {
      return null;
    }
    boolean locked = false;
    try {
      // Who had it before may have removed the file that we have opened.
      locked = channel.tryLock() != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    } catch (OverlappingFileLockException _) {
      // Another demo in this JVM has it.
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    return locked ? new Folder(path, channel) : null;
  }

  private void removeLeftovers(Path parent) throws IOException {
    UserPrincipal us = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path other : folders) {
        // To open and close our own lock again would release it, see fcntl_locking(2).
        if (!other.equals(path)) {
          removeLeftover(other, us);
        }
      }
    }
  }

  /** Also others may be removing it, and it may be something else by that name: then it stays, and nothing is said. */
  private static void removeLeftover(Path other, UserPrincipal us) {
    try {
      boolean ours =
          Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS) && Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(us);
      Folder left = ours ? lock(other, StandardOpenOption.WRITE) : null;
      if (left != null) {
        left.close();
      }
    } catch (IOException _) {
      // It is not in our way.
    }
  }

  Path path() {
    return path;
  }

  /** Removes it with the files in it; the lock last, so that what is left of a demo that is killed now is still known as that. */
  @Override
  public void close() throws IOException {
    Path held = path.resolve(LOCK);
    try (lock) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
        for (Path file : files) {
          if (!file.equals(held) && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(file);
          }
        }
      }
      Files.deleteIfExists(held);
      Files.deleteIfExists(path);
    } catch (NoSuchFileException | DirectoryNotEmptyException _) {
      // Somebody has removed it already, or put a folder of his own into it.
    }
  }
}

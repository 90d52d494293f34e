package dev.logtap.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Which rotated files of a log's directory are older than what its follower reads. One that is not
 * among them came and went as the live file between two looks, or is a copy of what was truncated
 * then; it has to be read.
 *
 * <p>Used by its follower alone, on the follower's thread.
 */
final class RotatedFiles {
  /** Within this time of a change, a second one may leave the directory's time stamp as it is. */
  private static final Duration TIME_STAMP_GRAIN = Duration.ofMillis(50);

  private static final int MOST_FORGOTTEN = 10_000;

  /**
   * By device and inode, with the time of birth, because a removed file's inode is given to the next one
   * at once. Null before the first look.
   */
  private Map<Object, Long> known;

  /** Whether this file system tells times of birth: where it does not, Java gives that of the last write. */
  private boolean tellsBirths;

  private Path live;
  private Object directory;

  /** The directory's time stamp at the look that {@code known} is of; null to look again. */
  private FileTime changed;

  /** The directory's time stamp at the last look. */
  private FileTime seenChanged;

  /**
   * What the directory of the live file shows.
   *
   * @return null when that has not changed since it was remembered
   */
  Generations look(Path path) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(Generations.directoryOf(path), BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      // Whatever a directory holds that is made from now on is new.
      forget(path, null);
      known = new HashMap<>();
      throw e;
    }
    if (!path.equals(live) || directory != null && !attributes.fileKey().equals(directory)) {
      // Another directory, or another target of a symbolic link, has other rotated files.
      forget(path, attributes.fileKey());
    }
    directory = attributes.fileKey();
    seenChanged = attributes.lastModifiedTime();
    return seenChanged.equals(changed) ? null : Generations.beside(path);
  }

  private void forget(Path path, Object newDirectory) {
    live = path;
    directory = newDirectory;
    known = null;
    changed = null;
  }

  /** Whether nothing was remembered of this directory yet. */
  boolean isBlank() {
    return known == null;
  }

  /** Whether the file has appeared since the last look. */
  boolean isNew(Sibling file) {
    if (known == null || file.isLive() || !file.looksRotated()) {
      return false;
    }
    Long birth = known.get(file.identity().key());
    return birth == null || tellsBirths && birth != file.identity().birth();
  }

  /** All of these are older than what is read. */
  void remember(Generations seen) {
    seen.oldestFirst().forEach(file -> tellsBirths |= file.written() != file.identity().birth());
    // A directory that is read while files in it are renamed may leave some out: those that were known stay so. Where
    // births are not told that would hide the next file with the same inode; and it is not to grow for ever.
    if (known == null || !tellsBirths || known.size() > MOST_FORGOTTEN + 2 * seen.oldestFirst().size()) {
      known = new HashMap<>();
    }
    for (Sibling file : seen.oldestFirst()) {
      if (!file.isLive()) {
        add(file.identity());
      }
    }
    boolean settled = seenChanged != null && seenChanged.toInstant().plus(TIME_STAMP_GRAIN).isBefore(Instant.now());
    changed = settled ? seenChanged : null;
  }

  /** Those that are not younger than {@code newest} are older than what is read; others may have replaced it. */
  void rememberUpTo(FileIdentity newest, Generations seen) {
    remember(seen);
    for (Sibling file : seen.oldestFirst()) {
      if (!file.isPacked() && file.identity().birth() > newest.birth()) {
        leaveOpen(file.identity());
      }
    }
    changed = null;
  }

  /** This one is being read, or was. */
  void add(FileIdentity file) {
    if (known != null) {
      known.put(file.key(), file.birth());
    }
  }

  /** What to do with this one is to be decided at the next look. */
  void leaveOpen(FileIdentity file) {
    known.remove(file.key());
    changed = null;
  }
}

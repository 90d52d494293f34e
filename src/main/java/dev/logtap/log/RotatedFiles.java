package dev.logtap.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

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

  /** Null before the first look. */
  private Set<Object> known;

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
    BasicFileAttributes attributes = Files.readAttributes(Generations.directoryOf(path), BasicFileAttributes.class);
    if (!path.equals(live) || !attributes.fileKey().equals(directory)) {
      // Another directory, or another target of a symbolic link, has other rotated files.
      live = path;
      directory = attributes.fileKey();
      known = null;
      changed = null;
    }
    seenChanged = attributes.lastModifiedTime();
    return seenChanged.equals(changed) ? null : Generations.beside(path);
  }

  /** Whether nothing was remembered of this directory yet. */
  boolean isBlank() {
    return known == null;
  }

  /** Whether the file has appeared since the last look. */
  boolean isNew(Sibling file) {
    return known != null
        && !file.isLive()
        && file.looksRotated()
        && !file.isOpaque()
        && !known.contains(file.identity().key());
  }

  /** All of these are older than what is read. */
  void remember(Generations seen) {
    known = new HashSet<>();
    for (Sibling file : seen.oldestFirst()) {
      if (!file.isLive()) {
        known.add(file.identity().key());
      }
    }
    boolean settled = seenChanged != null && seenChanged.toInstant().plus(TIME_STAMP_GRAIN).isBefore(Instant.now());
    changed = settled ? seenChanged : null;
  }

  /** Those that are not younger than {@code newest} are older than what is read; others may have replaced it. */
  void rememberUpTo(FileIdentity newest, Generations seen) {
    remember(seen);
    changed = null;
    for (Sibling file : seen.oldestFirst()) {
      if (!file.isGzip() && file.identity().birth() > newest.birth()) {
        known.remove(file.identity().key());
      }
    }
  }

  /** This one is being read now. */
  void add(FileIdentity file) {
    if (known != null) {
      known.add(file.key());
    }
  }
}

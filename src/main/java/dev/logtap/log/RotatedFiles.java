package dev.logtap.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which rotated files of a log's directory hold nothing that has to be read any more. One that is not
 * among them came and went as the live file between two looks, or is a copy of what was truncated then.
 *
 * <p>Used by its follower alone, on the follower's thread.
 */
final class RotatedFiles {
  /** By device and inode. Null before the first look. */
  private Map<Object, Known> known;

  /** Those of the last look that could not be told yet. */
  private Set<Object> undecided = Set.of();

  private Path live;
  private Object directory;

  /** When the directory was found missing; null while it is there. */
  private Instant missingSince;

  /** The directory's time stamp at the look that {@code known} is of; null to look again. */
  private FileTime changed;

  /** The directory's time stamp at the last look. */
  private FileTime seenChanged;

  /**
   * A file by what its next look is compared with: a removed file's inode is given to the next one at once,
   * not every file system tells when a file was made, and a copy may be written over an older one.
   *
   * @param settled whether a write would have given it another time stamp
   * @param end where it ended then; of a packed one, which is never written again, where its first bytes end;
   *     null where it can't be read
   */
  private record Known(long birth, long size, FileTime modified, boolean packed, boolean settled, Position end) {

    static Known of(Sibling file) throws RotatedMeanwhileException {
      return new Known(
          file.identity().birth(),
          file.size(),
          file.modified(),
          file.isPacked(),
          Generations.isSettled(file.modified()),
          endOf(file));
    }

    private static Position endOf(Sibling file) throws RotatedMeanwhileException {
      try (Source source = file.openSame()) {
        long end = file.isPacked() ? source.readFully(new byte[Position.HEAD], 0, Position.HEAD, 0) : file.size();
        return new LineReader(source, end).position();
      } catch (RotatedMeanwhileException e) {
        throw e;
      } catch (IOException _) {
        return null;
      }
    }

    /** Whether this is that file, and holds what it did. */
    boolean isStill(Sibling file, Locator locator) throws RotatedMeanwhileException {
      if (size == 0) {
        return isUntouched(file);
      }
      if (packed) {
        return birth == file.identity().birth();
      }
      if (end == null) {
        // What can't be read is known by its inode alone, lest it be complained of again and again.
        return true;
      }
      return isSurelyUntouched(file) || locator.holds(file, end);
    }

    private boolean isUntouched(Sibling file) {
      // Where births are not told this compares the last write twice.
      return birth == file.identity().birth() && size == file.size() && modified.equals(file.modified());
    }

    boolean isSurelyUntouched(Sibling file) {
      return settled && isUntouched(file);
    }

    /** Whether it was packed or unpacked since, which keeps the time of the last write. */
    boolean became(Sibling file, Locator locator) throws RotatedMeanwhileException {
      if (packed == file.isPacked() || size == 0) {
        return false;
      }
      boolean sameTime = modified.equals(file.modified());
      if (end == null || file.isOpaque()) {
        return sameTime;
      }
      return sameTime ? end.offset() > 0 && Locator.begins(file, end) : !packed && locator.holds(file, end);
    }
  }

  /**
   * Whether the directory of the live file may show something else than what is remembered.
   *
   * @param path of the live file, behind any symbolic link
   */
  boolean mayHaveChanged(Path path) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(Generations.directoryOf(path), BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      missingSince = missingSince == null ? Instant.now() : missingSince;
      throw e;
    }
    if (!path.equals(live) || directory != null && !attributes.fileKey().equals(directory)) {
      // Another directory, or another target of a symbolic link, has other rotated files.
      forget(path);
    }
    directory = attributes.fileKey();
    seenChanged = attributes.lastModifiedTime();
    return !seenChanged.equals(changed);
  }

  private void forget(Path path) {
    live = path;
    known = null;
    undecided = Set.of();
    changed = null;
  }

  /** Whether the directory has changed just before the last look: this may be the middle of a rotation. */
  boolean isChanging() {
    return seenChanged != null && !Generations.isSettled(seenChanged);
  }

  /** Whether nothing was remembered of this directory yet. */
  boolean isBlank() {
    return known == null;
  }

  /**
   * Whether the file is one of the log's, and may hold what was not read yet.
   *
   * @throws RotatedMeanwhileException when it was renamed since it was seen
   */
  boolean isNew(Sibling file, Locator locator) throws RotatedMeanwhileException {
    if (known == null || file.isLive() || !file.looksRotated()) {
      return false;
    }
    Known before = known.get(file.identity().key());
    return before == null || !before.isStill(file, locator);
  }

  /**
   * Takes all that a directory holds when it is seen first for old, but for what has come into being since it
   * was found missing.
   */
  void rememberAtFirst(Generations seen) throws RotatedMeanwhileException {
    remember(seen, seen.oldestFirst().stream().filter(this::cameSinceMissing).toList());
  }

  private boolean cameSinceMissing(Sibling file) {
    return missingSince != null && file.modified().toInstant().isAfter(missingSince);
  }

  /** Whether a look before could not tell yet whether it has to be read. */
  boolean isUndecided(Sibling file) {
    return undecided.contains(file.identity().key());
  }

  /** Whether it is what became of a known file by packing or unpacking it. */
  boolean isRepacked(Sibling file, Locator locator) throws RotatedMeanwhileException {
    for (Known old : known.values()) {
      if (old.became(file, locator)) {
        return true;
      }
    }
    return false;
  }

  /**
   * All that was seen holds nothing that has to be read, or is being read.
   *
   * @param except but for these, of which that can't be told yet
   * @throws RotatedMeanwhileException when one was renamed since it was seen; nothing has changed then
   */
  void remember(Generations seen, Collection<Sibling> except) throws RotatedMeanwhileException {
    Map<Object, Known> before = known == null ? Map.of() : known;
    Map<Object, Known> now = seen.listed() ? new HashMap<>() : new HashMap<>(before);
    for (Sibling file : seen.oldestFirst()) {
      if (!file.isLive() && file.looksRotated() && !except.contains(file)) {
        Known old = before.get(file.identity().key());
        boolean same = old != null && old.isSurelyUntouched(file);
        now.put(file.identity().key(), same ? old : Known.of(file));
      }
    }
    known = now;
    missingSince = null;
    undecided = except.stream().map(file -> file.identity().key()).collect(Collectors.toSet());
    boolean settled = except.isEmpty() && seenChanged != null && !isChanging();
    changed = settled ? seenChanged : null;
  }
}

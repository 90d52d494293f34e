package dev.logtap.log;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The generations of one log, as its directory shows them at one moment: oldest first, the live file
 * last if it is there. Only regular files count.
 *
 * @param listed whether the directory could be read; where it may only be passed through, the live file
 *     is all that is known
 */
record Generations(List<Sibling> oldestFirst, Counting counting, boolean listed) {
  static final Generations NONE = new Generations(List.of(), Counting.DOWN, true);

  /** So many rotated files are known at most: the newest. */
  static final int MOST = 32;

  /** A directory in which rotation is always quicker than a look at it is no directory of logs. */
  private static final int MOST_ATTEMPTS = 20;

  /** Within this time of a change, a second one may leave a time stamp as it is: a tick of the kernel's clock. */
  private static final Duration GRAIN = Duration.ofMillis(50);

  /** The same where a file system keeps whole seconds, or every second one. */
  private static final Duration COARSE_GRAIN = Duration.ofSeconds(3);

  /** How numbers tell the order of generations. */
  enum Counting {
    /** The newest has the lowest number: logrotate and most others. */
    DOWN,
    UP,
    /** Times contradict each other. */
    UNCLEAR
  }

  /**
   * Looks at the directory of {@code live}, the path behind any symbolic link of the entry.
   *
   * @throws RotatedMeanwhileException when it never held still
   */
  static Generations beside(Path live) throws IOException {
    FileTime before = lastChange(live);
    boolean quiet = isSettled(before);
    List<Sibling> found = new ArrayList<>();
    boolean listed = list(live, found);
    if (quiet && before.equals(lastChange(live))) {
      return of(found, listed);
    }
    // Reading a directory while files in it are renamed can leave some out, or show them twice. Where its time stamp is
    // too coarse to rule that out, it has to show the same twice: then it was so at the moment in between.
    for (int attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
      Set<Name> names = namesOf(found);
      found = new ArrayList<>();
      listed = list(live, found);
      if (names.equals(namesOf(found))) {
        return of(found, listed);
      }
    }
    throw new RotatedMeanwhileException(live.getFileName().toString());
  }

  /** A file under its name. */
  private record Name(String suffix, Object file) {}

  private static Set<Name> namesOf(List<Sibling> files) {
    Set<Name> names = new HashSet<>();
    files.forEach(file -> names.add(new Name(file.suffix(), file.identity().key())));
    return names;
  }

  private static FileTime lastChange(Path live) throws IOException {
    return Files.getLastModifiedTime(directoryOf(live));
  }

  /** Whether a change that comes now is sure to give another time stamp than this. */
  static boolean isSettled(FileTime stamp) {
    Instant changed = stamp.toInstant();
    return changed.plus(changed.getNano() == 0 ? COARSE_GRAIN : GRAIN).isBefore(Instant.now());
  }

  /** Finds them; false where the directory hides them. */
  private static boolean list(Path live, List<Sibling> found) throws IOException {
    String name = live.getFileName().toString();
    try (DirectoryStream<Path> directory =
        Files.newDirectoryStream(directoryOf(live), path -> isNamedAfter(name, path.getFileName().toString()))) {
      boolean listed = true;
      for (Path path : directory) {
        listed &= add(found, path, path.getFileName().toString().substring(name.length()));
      }
      return listed;
    } catch (AccessDeniedException _) {
      // A directory that may be passed through but not listed hides its rotated files, not the live one.
      add(found, live, "");
      return false;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static Generations of(List<Sibling> found, boolean listed) {
    List<Sibling> files = new ArrayList<>(found);
    files.removeIf(one -> one.isPacked() && hasPlainTwin(one, found));
    Counting counting = counting(files);
    files.sort(Sibling.oldestFirst(counting == Counting.UP));
    return new Generations(List.copyOf(files), counting, listed);
  }

  /** The live file; null when it is missing, or no regular file. */
  Sibling live() {
    return oldestFirst.isEmpty() || !oldestFirst.getLast().isLive() ? null : oldestFirst.getLast();
  }

  /** Which of them a file is, by whatever name; -1 where it is none. */
  int indexOf(FileIdentity file) {
    for (int i = 0; i < oldestFirst.size(); i++) {
      if (oldestFirst.get(i).identity().isSameFileAs(file)) {
        return i;
      }
    }
    return -1;
  }

  /** The live file and the {@value #MOST} rotated ones that were written last: as many as a search may open. */
  Generations newest() {
    if (oldestFirst.size() <= MOST + 1) {
      return this;
    }
    List<Sibling> newest = new ArrayList<>(oldestFirst);
    newest.sort(Comparator.comparing(Sibling::isLive).thenComparing(Sibling::modified));
    return of(newest.subList(newest.size() - 1 - MOST, newest.size()), listed);
  }

  /** What neighbours in number say. One pair that contradicts may be a writer that lingers in an old file. */
  private static Counting counting(List<Sibling> files) {
    List<Sibling> numbered =
        files.stream().filter(file -> file.number() >= 0).sorted(Comparator.comparing(Sibling::number)).toList();
    int down = 0;
    int up = 0;
    boolean sure = false;
    for (int i = 1; i < numbered.size(); i++) {
      Sibling low = numbered.get(i - 1);
      Sibling high = numbered.get(i);
      boolean plain = !low.isPacked() && !high.isPacked();
      int born = plain ? Long.compare(low.identity().birth(), high.identity().birth()) : 0;
      int written = low.modified().compareTo(high.modified());
      if (plain ? born > 0 : written > 0) {
        down++;
      } else if (written < 0) {
        up++;
        sure |= plain;
      }
    }
    return down >= up ? Counting.DOWN : down == 0 && (sure || up > 1) ? Counting.UP : Counting.UNCLEAR;
  }

  static Path directoryOf(Path live) {
    return live.toAbsolutePath().getParent();
  }

  /** {@code NAME}, {@code NAME.*} or {@code NAME-*}. */
  static boolean isNamedAfter(String name, String candidate) {
    return candidate.startsWith(name)
        && (candidate.length() == name.length()
            || candidate.charAt(name.length()) == '.'
            || candidate.charAt(name.length()) == '-');
  }

  /** Adds a file if it is a regular one; false where a directory that may be listed hides what its files are. */
  private static boolean add(List<Sibling> found, Path path, String suffix) throws IOException {
    try {
      BasicFileAttributes attributes = PlainFile.look(path);
      if (attributes.isRegularFile()) {
        found.add(Sibling.of(path, suffix, attributes));
      }
      return true;
    } catch (NoSuchFileException _) {
      // Renamed or removed since it was listed: no longer one of those that are here.
      return true;
    } catch (AccessDeniedException _) {
      return false;
    }
  }

  /** Whether {@code app.log.1} lies beside {@code app.log.1.gz}: the latter is still being written. */
  private static boolean hasPlainTwin(Sibling packed, List<Sibling> all) {
    String plain = packed.plainSuffix();
    for (Sibling other : all) {
      if (other.suffix().equals(plain)) {
        return true;
      }
    }
    return false;
  }
}

package dev.logtap.log;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The generations of one log, as its directory shows them at one moment: oldest first, the live file
 * last if it is there. Only regular files count.
 */
record Generations(List<Sibling> oldestFirst, Counting counting) {
  static final Generations NONE = new Generations(List.of(), Counting.DOWN);

  private static final int MOST = 32;

  private static final int MOST_ATTEMPTS = 5;

  /** How numbers tell the order of generations. */
  enum Counting {
    /** The newest has the lowest number: logrotate and most others. */
    DOWN,
    UP,
    /** Times contradict each other. */
    UNCLEAR
  }

  /** Looks at the directory of {@code live}, the path behind any symbolic link of the entry. */
  static Generations beside(Path live) throws IOException {
    List<Sibling> found;
    FileTime before;
    int attempts = 0;
    do {
      // Reading a directory while files in it are renamed can leave some out, or show them twice.
      before = Files.getLastModifiedTime(directoryOf(live));
      found = list(live);
    } while (++attempts < MOST_ATTEMPTS && !before.equals(Files.getLastModifiedTime(directoryOf(live))));
    List<Sibling> all = found;
    found.removeIf(one -> one.isPacked() && hasPlainTwin(one, all));
    return of(found);
  }

  private static List<Sibling> list(Path live) throws IOException {
    String name = live.getFileName().toString();
    List<Sibling> found = new ArrayList<>();
    try (DirectoryStream<Path> directory =
        Files.newDirectoryStream(directoryOf(live), path -> isNamedAfter(name, path.getFileName().toString()))) {
      for (Path path : directory) {
        add(found, path, path.getFileName().toString().substring(name.length()));
      }
    } catch (AccessDeniedException _) {
      // A directory that may be passed through but not listed hides its rotated files, not the live one.
      add(found, live, "");
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  private static Generations of(List<Sibling> files) {
    Counting counting = counting(files);
    List<Sibling> sorted = new ArrayList<>(files);
    sorted.sort(Sibling.oldestFirst(counting == Counting.UP));
    return new Generations(List.copyOf(sorted), counting);
  }

  /** The live file and the {@value #MOST} rotated ones that were written last: as many as a search may open. */
  Generations newest() {
    if (oldestFirst.size() <= MOST + 1) {
      return this;
    }
    List<Sibling> newest = new ArrayList<>(oldestFirst);
    newest.sort(Comparator.comparing(Sibling::isLive).thenComparing(Sibling::modified));
    return of(newest.subList(newest.size() - 1 - MOST, newest.size()));
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

  private static void add(List<Sibling> found, Path path, String suffix) {
    try {
      BasicFileAttributes attributes = PlainFile.look(path);
      if (attributes.isRegularFile()) {
        found.add(Sibling.of(path, suffix, attributes));
      }
    } catch (IOException _) {
      // Renamed or removed since it was listed: no longer one of those that are here.
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

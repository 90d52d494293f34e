package dev.logtap.log;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The generations of one log, as its directory shows them at one moment: oldest first, the live file
 * last if it is there. Only regular files count.
 */
record Generations(List<Sibling> oldestFirst) {
  private static final int MOST = 32;

  /** Looks at the directory of {@code live}, the path behind any symbolic link of the entry. */
  static Generations beside(Path live) throws IOException {
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
    found.removeIf(one -> one.isPacked() && hasPlainTwin(one, found));
    found.sort(Sibling.OLDEST_FIRST);
    return new Generations(List.copyOf(found));
  }

  /** The live file and the {@value #MOST} rotated ones that were written last: as many as a search may open. */
  Generations newest() {
    if (oldestFirst.size() <= MOST + 1) {
      return this;
    }
    List<Sibling> newest = new ArrayList<>(oldestFirst);
    newest.sort(Comparator.comparing(Sibling::isLive).thenComparing(Sibling::modified));
    newest = newest.subList(newest.size() - 1 - MOST, newest.size());
    newest.sort(Sibling.OLDEST_FIRST);
    return new Generations(List.copyOf(newest));
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

package dev.logtap.log;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;

/**
 * One generation of a log as the directory shows it: the live file, or one that was rotated away and
 * lies beside it as {@code NAME.*} or {@code NAME-*}.
 *
 * @param suffix what follows the live file's name, empty for the live file itself
 */
record Sibling(Path path, String suffix, FileIdentity identity, long size, FileTime modified) {

  /** Numbers that count generations; longer ones are dates. */
  private static final int LONGEST_NUMBER = 3;

  private static final String DATE_MARKS = ".-_:+TZ";

  /**
   * From the oldest generation to the live file. Numbers say it themselves. Of others, packed ones are
   * older; among plain ones the time of birth counts, because a renamed file may still be written after
   * its successor; among packed ones the time of the last write, which packers keep.
   */
  static Comparator<Sibling> oldestFirst(boolean upwards) {
    return Comparator.comparing(Sibling::isLive)
        .thenComparing(sibling -> sibling.number() >= 0)
        .thenComparing(sibling -> upwards ? sibling.number() : -sibling.number())
        .thenComparing(sibling -> !sibling.isPacked())
        .thenComparing(sibling -> sibling.isPacked() ? 0 : sibling.identity().birth())
        .thenComparing(Sibling::modified)
        .thenComparing(Sibling::suffix);
  }

  static Sibling of(Path path, String suffix, BasicFileAttributes attributes) {
    return new Sibling(
        path, suffix, FileIdentity.of(attributes), attributes.size(), attributes.lastModifiedTime());
  }

  boolean isLive() {
    return suffix.isEmpty();
  }

  boolean isGzip() {
    return suffix.endsWith(".gz");
  }

  /** Whether it is packed in a way that logtap does not read. */
  boolean isOpaque() {
    return suffix.endsWith(".Z")
        || suffix.endsWith(".xz")
        || suffix.endsWith(".zst")
        || suffix.endsWith(".bz2")
        || suffix.endsWith(".lz4");
  }

  /** Whether it was packed after its rotation: then its time of birth tells nothing of its content. */
  boolean isPacked() {
    return isGzip() || isOpaque();
  }

  /** When it was last written, in nanoseconds as {@link FileIdentity#birth}. */
  long written() {
    return modified.to(TimeUnit.NANOSECONDS);
  }

  /** Whether it can be told when it was made: not every file system does, and Java then gives the last write. */
  boolean tellsBirth() {
    return identity.birth() != written();
  }

  /** Whether all of its content is younger than that time. */
  boolean beganSince(long nanos) {
    return (isPacked() ? written() : identity.birth()) >= nanos;
  }

  /**
   * Whether the name looks as if rotation had given it, by number, by date, or as {@code .old}. An
   * administrator's {@code app.log.bak} or {@code app.log.1.orig} is no generation of the log.
   */
  boolean looksRotated() {
    String plain = plainSuffix();
    if (plain.length() < 2 || !isDigit(plain.charAt(1))) {
      return plain.equals(".old");
    }
    for (int i = 2; i < plain.length(); i++) {
      if (!isDigit(plain.charAt(i)) && DATE_MARKS.indexOf(plain.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** The 3 of {@code app.log.3} and {@code app.log.3.gz}; -1 where there is none. */
  int number() {
    String plain = plainSuffix();
    if (plain.length() < 2 || plain.length() > 1 + LONGEST_NUMBER) {
      return -1;
    }
    int number = 0;
    for (int i = 1; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + c - '0';
    }
    return number;
  }

  /** The suffix without that of a compressor. */
  String plainSuffix() {
    return isPacked() ? suffix.substring(0, suffix.lastIndexOf('.')) : suffix;
  }

  /** The file's name, for sentences. */
  String name() {
    return path.getFileName().toString();
  }

  Source open() throws IOException {
    if (isOpaque()) {
      throw new IOException("'" + name() + "' is packed in a way that logtap does not read");
    }
    return isGzip() ? GzipFile.open(path) : PlainFile.open(path, false);
  }

  /**
   * Opens the file that was seen, not another one that has its name by now.
   *
   * @throws RotatedMeanwhileException when the name is gone or names another file
   */
  Source openSame() throws IOException {
    Source source;
    try {
      source = open();
    } catch (IOException e) {
      throw isStillThere() ? e : new RotatedMeanwhileException(name());
    }
    if (!source.identity().isSameFileAs(identity)) {
      source.close();
      throw new RotatedMeanwhileException(name());
    }
    return source;
  }

  private boolean isStillThere() {
    try {
      return FileIdentity.of(PlainFile.look(path)).isSameFileAs(identity);
    } catch (IOException _) {
      return false;
    }
  }
}

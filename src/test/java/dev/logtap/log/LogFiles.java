package dev.logtap.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;

/** A log in a directory, and what writers and rotation do to it. Files are named by what follows the log's name. */
final class LogFiles {
  /** The live file's suffix. */
  static final String LIVE = "";

  static final LogName NAME = new LogName("app");

  final Path directory;
  final Path live;
  final AllowedLog log;

  LogFiles(Path directory) {
    this.directory = directory;
    this.live = directory.resolve("app.log");
    this.log = new AllowedLog(NAME, live, false);
  }

  /** Lines that are equal to no other: {@code line 7 of a}. */
  static String lines(String of, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i <= to; i++) {
      text.append("line ").append(i).append(" of ").append(of).append('\n');
    }
    return text.toString();
  }

  Path path(String suffix) {
    return directory.resolve(live.getFileName() + suffix);
  }

  boolean has(String suffix) {
    return Files.exists(path(suffix));
  }

  LogFiles append(String text) throws IOException {
    return append(LIVE, text);
  }

  LogFiles append(String suffix, String text) throws IOException {
    return append(suffix, text.getBytes(StandardCharsets.UTF_8));
  }

  LogFiles append(String suffix, byte[] bytes) throws IOException {
    Files.write(path(suffix), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return this;
  }

  /** What a writer without O_APPEND does to a file that was emptied under it. */
  LogFiles writeAt(long offset, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(live, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), offset);
    }
    return this;
  }

  LogFiles truncate() throws IOException {
    return resize(0);
  }

  /** Cuts the file, or makes it longer by a hole. */
  LogFiles resize(long size) throws IOException {
    try (FileChannel channel = FileChannel.open(live, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (size > channel.size()) {
        channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
      } else {
        channel.truncate(size);
      }
    }
    return this;
  }

  LogFiles delete(String suffix) throws IOException {
    Files.delete(path(suffix));
    return this;
  }

  LogFiles rename(String from, String to) throws IOException {
    Files.move(path(from), path(to));
    return this;
  }

  /** As cp(1) does it: the copy is written now. */
  LogFiles copy(String from, String to) throws IOException {
    Files.copy(path(from), path(to));
    return this;
  }

  /** Gives each numbered generation the next higher number, packed or not, and the live file number 1. */
  LogFiles rotate() throws IOException {
    awaitTick();
    shift();
    return rename(LIVE, ".1");
  }

  LogFiles copyTruncate() throws IOException {
    awaitTick();
    shift();
    return copy(LIVE, ".1").truncate().awaitTick();
  }

  /**
   * Waits until what is made now has a later time stamp, to the millisecond, than all that was made and
   * all cursors that were issued before. The kernel's clock for files ticks every few milliseconds only,
   * and no log is rotated twice in one of them.
   */
  LogFiles awaitTick() throws IOException {
    Path probe = directory.resolve("clock");
    long now = System.currentTimeMillis();
    while (birthOfNew(probe) / 1_000_000 <= now) {
      LockSupport.parkNanos(100_000);
    }
    Files.delete(probe);
    return this;
  }

  private static long birthOfNew(Path path) throws IOException {
    Files.deleteIfExists(path);
    return FileIdentity.of(PlainFile.look(Files.createFile(path))).birth();
  }

  private void shift() throws IOException {
    int highest = 0;
    while (numbered(highest + 1) != null || numbered(highest + 2) != null) {
      highest++;
    }
    for (int number = highest; number > 0; number--) {
      String suffix = numbered(number);
      if (suffix != null) {
        rename(suffix, suffix.replace("." + number, "." + (number + 1)));
      }
    }
  }

  /** The suffix of the generation of that number; null where there is none. */
  String numbered(int number) {
    String plain = "." + number;
    return has(plain) ? plain : has(plain + ".gz") ? plain + ".gz" : null;
  }

  /** As gzip(1) does it: the packed file has the time stamp of the plain one, which is removed. */
  LogFiles gzip(String suffix) throws IOException {
    return gzipKeeping(suffix, suffix + ".gz").delete(suffix);
  }

  LogFiles gzipKeeping(String suffix, String packed) throws IOException {
    FileTime modified = Files.getLastModifiedTime(path(suffix));
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path(packed)))) {
      Files.copy(path(suffix), out);
    }
    Files.setLastModifiedTime(path(packed), modified);
    return this;
  }

  /** Cuts a file, as a crash or a full disk does. */
  LogFiles cutShort(String suffix, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(path(suffix), StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
    return this;
  }

  /** Where a reader of that file is when {@code offset} bytes lie behind it. */
  Position position(String suffix, long offset) throws IOException {
    try (LineReader reader = new LineReader(PlainFile.open(path(suffix), false), offset)) {
      return reader.position();
    }
  }

  FileIdentity identity(String suffix) throws IOException {
    return FileIdentity.of(PlainFile.look(path(suffix)));
  }

  Generations generations() throws IOException {
    return Generations.beside(live);
  }
}

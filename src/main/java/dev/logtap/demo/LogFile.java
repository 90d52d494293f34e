package dev.logtap.demo;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A log that is rotated as logrotate does it with {@code create} and {@code rotate 2}. For one thread. */
final class LogFile implements Closeable {
  private final Path path;
  private OutputStream out;

  LogFile(Path path) throws IOException {
    this.path = path;
    this.out = open();
  }

  private OutputStream open() throws IOException {
    return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Appends whole lines in one write. */
  void append(byte[] lines) throws IOException {
    out.write(lines);
  }

  void rotate() throws IOException {
    rename(old(1), old(2));
    rename(path, old(1));
    OutputStream before = out;
    out = open();
    before.close();
  }

  private Path old(int number) {
    return path.resolveSibling(path.getFileName() + "." + number);
  }

  private static void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException _) {
      // It has not been rotated so often yet.
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}

package dev.logtap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A program that keeps its log open, as nginx does: it goes on in that file wherever it is moved. */
final class LogWriter implements AutoCloseable {
  private final FileChannel channel;

  private LogWriter(FileChannel channel) {
    this.channel = channel;
  }

  static LogWriter open(Path log) {
    return open(log, StandardOpenOption.APPEND);
  }

  /** One that goes on at its own offset, also when the file has become shorter. */
  static LogWriter openWithoutAppend(Path log) {
    return open(log, StandardOpenOption.WRITE);
  }

  private static LogWriter open(Path log, StandardOpenOption how) {
    try {
      return new LogWriter(FileChannel.open(log, StandardOpenOption.CREATE, how));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes in one call, so that nobody sees half of it. */
  void write(String text) {
    try {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

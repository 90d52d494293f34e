package dev.logtap;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The program with a pipe as its stdout, which is read only when the test says so. */
final class StdoutPipe implements AutoCloseable {
  /** A pipe holds 64 KiB; the last page of them may stay partly empty. */
  private static final int FULL = 60 << 10;

  private final Logtap program;
  private final FileInputStream in;

  private StdoutPipe(Logtap program, FileInputStream in) {
    this.program = program;
    this.in = in;
  }

  /** Starts {@code logtap arguments...}; the pipe is made in {@code directory}. */
  static StdoutPipe start(Path directory, List<String> arguments) {
    return start(directory, Map.of(), arguments);
  }

  static StdoutPipe start(Path directory, Map<String, String> environment, List<String> arguments) {
    Path pipe = LogFiles.makeFifo(directory.resolve("stdout"));
    List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$0\" \"$@\" >'" + pipe + "'"));
    command.addAll(Mode.command(arguments));
    Logtap program = Logtap.startCommand(environment, command);
    try {
      return new StdoutPipe(program, new FileInputStream(pipe.toFile()));
    } catch (IOException e) {
      program.close();
      throw new UncheckedIOException(e);
    }
  }

  Logtap program() {
    return program;
  }

  /** Waits until the program has more to write than the pipe takes. */
  void awaitFull() {
    Await.until(() -> available() >= FULL, program::toString);
  }

  /** Reads that many bytes, or fails when they do not come. */
  byte[] read(int length) {
    return readWhile(bytes -> bytes.size() < length, length);
  }

  /** Reads until the output ends in this, or fails when it does not come. */
  byte[] readUntil(String end) {
    byte[] wanted = end.getBytes(StandardCharsets.UTF_8);
    return readWhile(read -> !read.endsIn(wanted), Integer.MAX_VALUE);
  }

  private byte[] readWhile(Predicate<Read> wanting, int most) {
    Read read = new Read();
    Await.until(
        () -> {
          for (int ready = available(); ready > 0 && wanting.test(read); ready = available()) {
            read.writeBytes(readNow(Math.min(ready, most - read.size())));
          }
          return !wanting.test(read);
        },
        () -> read.size() + " bytes of output\n" + program);
    return read.toByteArray();
  }

  /** What was read, which may be many megabytes: it is not copied to look at its end. */
  private static final class Read extends ByteArrayOutputStream {
    boolean endsIn(byte[] end) {
      return count >= end.length && Arrays.equals(buf, count - end.length, count, end, 0, end.length);
    }
  }

  /** Reads until the program has closed its end. */
  byte[] readAll() {
    return readNow(Integer.MAX_VALUE);
  }

  private byte[] readNow(int length) {
    try {
      return in.readNBytes(length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads line by line until the program has closed its end. */
  void forEachLine(Consumer<String> action) {
    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().forEach(action);
  }

  /** Closes the reader's end. */
  void closeReader() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closeReader();
    program.close();
  }

  private int available() {
    try {
      return in.available();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

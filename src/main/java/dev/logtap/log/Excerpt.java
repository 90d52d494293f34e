package dev.logtap.log;

import dev.logtap.log.Reading.Lines;
import java.io.Closeable;
import java.io.IOException;

/**
 * The last lines of a log as it is at one moment: what is written later is not in it. Used by one
 * thread; memory does not depend on how many lines, how long, or how large the file.
 */
public final class Excerpt implements Closeable {
  private final LineReader reader;
  private final long end;

  private Excerpt(LineReader reader, long end) {
    this.reader = reader;
    this.end = end;
  }

  /**
   * Opens the last {@code count} lines. A last line without a newline is one of them.
   *
   * @param count a number, or {@link LastLines#ALL}
   * @throws UnreadableLogException when the log is not there, may not be read, or is no regular file
   */
  public static Excerpt ofLastLines(AllowedLog log, long count) throws IOException {
    PlainFile file = PlainFile.open(log);
    try {
      long end = file.size();
      return new Excerpt(new LineReader(file, new LastLines(file).startOf(count, end), end), end);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /**
   * The next lines, which hold until the next call; null at the end.
   *
   * @throws IOException also when the file is truncated before its lines were read
   */
  public Lines next() throws IOException {
    Lines lines = reader.next();
    if (lines == null && (reader.replaced() || reader.offsetRead() < end)) {
      throw new IOException("the file was truncated while it was being read");
    }
    return lines != null ? lines : reader.rest();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}

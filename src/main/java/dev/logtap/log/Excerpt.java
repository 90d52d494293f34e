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

  /** Whether there would have been more lines, or more of the first one. */
  private final boolean truncated;

  private Excerpt(LineReader reader, long end, boolean truncated) {
    this.reader = reader;
    this.end = end;
    this.truncated = truncated;
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
      return new Excerpt(new LineReader(file, new LastLines(file).startOf(count, end), end), end, false);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Opens the newest of the last {@code count} lines that fit into {@code most} bytes, which is all that is read
   * of the file. A line that alone has more begins in its midst.
   *
   * @throws UnreadableLogException when the log is not there, may not be read, or is no regular file
   */
  public static Excerpt ofNewest(AllowedLog log, long count, int most) throws IOException {
    PlainFile file = PlainFile.open(log);
    try {
      long end = file.size();
      long least = Math.max(0, end - most);
      LastLines last = new LastLines(file);
      // One byte before the window tells whether a line begins with it.
      long start = last.startOf(count, end, Math.max(0, least - 1));
      boolean cut = start < least;
      if (cut) {
        long next = last.startOfNextLine(start, end);
        start = next < end ? next : Math.max(least, end - LineReader.PART);
      }
      return new Excerpt(new LineReader(file, start, end), end, cut);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** Whether lines that were asked for, or a part of one, are left out. */
  public boolean truncated() {
    return truncated;
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

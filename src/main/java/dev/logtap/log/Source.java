package dev.logtap.log;

import java.io.Closeable;
import java.io.IOException;

/** The bytes of one generation of a log, by their offset in the uncompressed text. */
sealed interface Source extends Closeable permits PlainFile, GzipFile {

  /**
   * Reads up to {@code length} bytes at {@code offset} into {@code into[at, at + length)}, at one moment.
   *
   * @return how many; 0 at or behind the end of the file
   */
  int read(byte[] into, int at, int length, long offset) throws IOException;

  /** The same, but fewer only at the end of the file: some file systems give less than they have. */
  default int readFully(byte[] into, int at, int length, long offset) throws IOException {
    int count = 0;
    while (count < length) {
      int n = read(into, at + count, length - count, offset + count);
      if (n == 0) {
        break;
      }
      count += n;
    }
    return count;
  }

  /** Which file this is. */
  FileIdentity identity();

  /** Whether the content can no longer change, so that it needs no second look. */
  boolean settled();
}

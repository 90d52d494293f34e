package dev.logtap.log;

import java.io.Closeable;
import java.io.IOException;

/** The bytes of one generation of a log, by their offset in the uncompressed text. */
sealed interface Source extends Closeable permits PlainFile, GzipFile {

  /**
   * Reads up to {@code length} bytes at {@code offset} into {@code into[at, at + length)}.
   *
   * @return how many, fewer only at the end of the file; 0 at or behind the end
   */
  int read(byte[] into, int at, int length, long offset) throws IOException;

  /** Which file this is. */
  FileIdentity identity();

  /** Whether the content can no longer change, so that it needs no second look. */
  boolean settled();
}

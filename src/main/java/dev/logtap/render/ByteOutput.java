package dev.logtap.render;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Collects bytes and writes them on in large pieces. Unlike a {@code PrintStream} it throws when the
 * reader is gone. Used by one thread.
 */
public final class ByteOutput {
  private static final int SIZE = 64 << 10;

  private final OutputStream out;
  private final byte[] buffer = new byte[SIZE];
  private int length;

  public ByteOutput(OutputStream out) {
    this.out = out;
  }

  public void write(byte b) throws IOException {
    if (length == SIZE) {
      drain();
    }
    buffer[length++] = b;
  }

  public void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  /** Small pieces are copied, pieces that would fill the buffer are written as they are. */
  public void write(byte[] bytes, int from, int to) throws IOException {
    int count = to - from;
    if (count > SIZE - length) {
      drain();
      if (count >= SIZE) {
        out.write(bytes, from, count);
        return;
      }
    }
    System.arraycopy(bytes, from, buffer, length, count);
    length += count;
  }

  public void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Hands everything on to the reader. */
  public void flush() throws IOException {
    drain();
    out.flush();
  }

  private void drain() throws IOException {
    int count = length;
    length = 0;
    out.write(buffer, 0, count);
  }
}

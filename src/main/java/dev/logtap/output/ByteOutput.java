package dev.logtap.output;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Collects bytes and writes them on in large pieces. Unlike a {@code PrintStream} it throws when the
 * reader is gone. Used by one thread.
 */
public final class ByteOutput implements Closeable {
  private static final int SIZE = 64 << 10;

  /** After so many full buffers without a pause it is worth a second thread. */
  private static final int MUCH = 16;

  private final OutputStream out;
  private final boolean mayWriteBehind;
  private ByteBuffer buffer = newBuffer();
  private byte[] bytes = buffer.array();
  private int length;

  /** How many full buffers were written since the last flush. */
  private int full;

  /** Null as long as there was never much to write. */
  private WriteBehind behind;

  public ByteOutput(OutputStream out) {
    this(out, false);
  }

  private ByteOutput(OutputStream out, boolean mayWriteBehind) {
    this.out = out;
    this.mayWriteBehind = mayWriteBehind;
  }

  /** One that writes on a thread of its own while there is much to write: for what takes work to make. */
  public static ByteOutput writingBehind(OutputStream out) {
    return new ByteOutput(out, true);
  }

  private static ByteBuffer newBuffer() {
    return ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
  }

  public void write(byte b) throws IOException {
    if (length == SIZE) {
      drain();
    }
    bytes[length++] = b;
  }

  public void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  /** Small pieces are copied, pieces that would fill the buffer are written as they are. */
  public void write(byte[] piece, int from, int to) throws IOException {
    int count = to - from;
    if (count > SIZE - length) {
      drain();
      if (count >= SIZE) {
        awaitWritten();
        out.write(piece, from, count);
        return;
      }
    }
    System.arraycopy(piece, from, bytes, length, count);
    length += count;
  }

  public void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The buffer itself, for who fills it in place, until {@link #taken} gives another one; of eight bytes put
   * as one the first is the lowest.
   */
  ByteBuffer buffer() {
    return buffer;
  }

  /** How much of the buffer is taken. */
  int length() {
    return length;
  }

  /** Takes what was filled in, and makes room for at least {@code least} more. */
  void taken(int newLength, int least) throws IOException {
    length = newLength;
    if (SIZE - newLength < least) {
      drain();
    }
  }

  /** Forgets what was not handed on. */
  public void discard() {
    length = 0;
  }

  /** Hands everything on to the reader. */
  public void flush() throws IOException {
    awaitWritten();
    int count = length;
    length = 0;
    full = 0;
    out.write(bytes, 0, count);
    out.flush();
  }

  /** Ends what was begun for writing; what was not flushed may be lost, and stdout stays open. */
  @Override
  public void close() {
    if (behind != null) {
      behind.close();
      behind = null;
    }
  }

  private void drain() throws IOException {
    int count = length;
    length = 0;
    if (!mayWriteBehind || ++full < MUCH) {
      awaitWritten();
      out.write(bytes, 0, count);
      return;
    }
    if (behind == null) {
      behind = new WriteBehind(out);
    }
    ByteBuffer next = behind.exchange(buffer.position(count));
    buffer = next == null ? newBuffer() : next;
    bytes = buffer.array();
  }

  private void awaitWritten() throws IOException {
    if (behind != null) {
      behind.drain();
    }
  }
}

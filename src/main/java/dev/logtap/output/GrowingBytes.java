package dev.logtap.output;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Collects bytes in an array that grows, behind some room that is left for what is known only at the end.
 * Used by one thread at a time.
 */
public final class GrowingBytes extends OutputStream {
  private static final int FIRST = 1 << 10;

  /** What a large message needed is given back when a small one comes. */
  private static final int MOST_KEPT = 256 << 10;

  private final int room;
  private byte[] bytes;
  private int length;

  /** @param room how many bytes stay free before those that are written */
  public GrowingBytes(int room) {
    this.room = room;
    this.bytes = new byte[room + FIRST];
    this.length = room;
  }

  /** Begins anew. */
  public void clear() {
    if (bytes.length > MOST_KEPT) {
      bytes = new byte[room + FIRST];
    }
    length = room;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] piece, int from, int count) {
    if (count > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
    }
    System.arraycopy(piece, from, bytes, length, count);
    length += count;
  }

  /** What was written, in the array itself, whose room before it may be used as well. */
  public ByteBuffer written() {
    return ByteBuffer.wrap(bytes, room, length - room);
  }
}

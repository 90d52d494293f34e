package dev.logtap.server;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Collects an answer up to a limit; beyond that it only counts, so that it is known how much memory to claim for the
 * next attempt. Used by one thread at a time.
 */
final class AnswerBytes extends OutputStream {
  private static final int FIRST = 4 << 10;

  private final int most;
  private byte[] bytes;
  private int length;

  /** For a small answer: grows up to {@code most}. */
  static AnswerBytes upTo(int most) {
    return new AnswerBytes(FIRST, most);
  }

  /** For one whose memory was claimed, and is taken at once: growing would need twice as much for a moment. */
  static AnswerBytes of(int claimed) {
    return new AnswerBytes(claimed, claimed);
  }

  private AnswerBytes(int first, int most) {
    this.bytes = new byte[first];
    this.most = most;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] piece, int from, int count) {
    int end = length + count;
    if (end <= most) {
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.min(most, Math.max(end, 2 * bytes.length)));
      }
      System.arraycopy(piece, from, bytes, length, count);
    }
    length = end;
  }

  /** How long it would be, also where that is more than the limit. */
  int length() {
    return length;
  }

  boolean isWhole() {
    return length <= most;
  }

  /** The answer, which has to be whole. */
  ByteBuffer written() {
    return ByteBuffer.wrap(bytes, 0, length);
  }
}

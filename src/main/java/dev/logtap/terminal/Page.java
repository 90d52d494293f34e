package dev.logtap.terminal;

import java.nio.ByteBuffer;

/**
 * Lines that follow on each other, as bytes: their texts from the front, and from the back, as databases do it, for each a
 * slot of one size.
 */
final class Page {
  /** Where the text ends (4), its source and its level (1 each), its time (8). */
  private static final int SLOT = 14;

  private final long first;
  private final ByteBuffer bytes;
  private int end;
  private int count;

  /**
   * An empty one.
   *
   * @param first the number of the first line
   * @param bytes where it is written, whatever stands there
   */
  Page(long first, ByteBuffer bytes) {
    this.first = first;
    this.bytes = bytes;
  }

  /** How large one has to be for a line alone. */
  static int sizeFor(int text) {
    return text + SLOT;
  }

  /** For another one, when this is not needed any more. */
  ByteBuffer bytes() {
    return bytes;
  }

  boolean hasRoomFor(int text) {
    return end + text + (count + 1) * SLOT <= bytes.capacity();
  }

  void add(byte[] text, int source, int level, long seconds) {
    bytes.put(end, text);
    end += text.length;
    int slot = slot(count++);
    bytes.putInt(slot, end).put(slot + 4, (byte) source).put(slot + 5, (byte) level).putLong(slot + 6, seconds);
  }

  private int slot(int index) {
    return bytes.capacity() - (index + 1) * SLOT;
  }

  long first() {
    return first;
  }

  /** Behind the number of the last line. */
  long behind() {
    return first + count;
  }

  byte[] text(long number) {
    int index = (int) (number - first);
    int from = index == 0 ? 0 : bytes.getInt(slot(index - 1));
    byte[] text = new byte[bytes.getInt(slot(index)) - from];
    bytes.get(from, text);
    return text;
  }

  int source(long number) {
    return bytes.get(slot((int) (number - first)) + 4);
  }

  int level(long number) {
    return bytes.get(slot((int) (number - first)) + 5);
  }

  long seconds(long number) {
    return bytes.getLong(slot((int) (number - first)) + 6);
  }
}

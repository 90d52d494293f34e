package dev.logtap.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A place in a log from which reading can go on later, in another process, through rotation. Opaque
 * to whoever keeps it.
 *
 * <p>It can hold several positions, oldest generation first: while the old file is still written and
 * the new one has begun, no single offset says what was delivered.
 *
 * <p>As text it is base64url of: version (1 byte), hash of the log's name (4), time of issue in ms
 * (8), number of positions (1), each position (40), CRC-32C of all before (4).
 */
public record Cursor(LogName log, Instant issued, List<Position> positions) {
  /** More generations than this are never written at once. */
  static final int MOST_POSITIONS = 4;

  private static final byte VERSION = 1;
  private static final int HEADER = 1 + 4 + 8 + 1;
  private static final int POSITION = 5 * 8;
  private static final int CHECK = 4;
  private static final int LONGEST_TEXT = (HEADER + MOST_POSITIONS * POSITION + CHECK + 2) / 3 * 4;

  public Cursor {
    if (positions.isEmpty() || positions.size() > MOST_POSITIONS) {
      throw new IllegalArgumentException("a cursor has 1 to " + MOST_POSITIONS + " positions");
    }
    positions = List.copyOf(positions);
  }

  /**
   * Reads a cursor that somebody brought for {@code log}. It may come from a stranger: it is bounded
   * in length, and can point only into the log it belongs to.
   *
   * @throws IllegalArgumentException with a sentence, when it can't be read or is of another log
   */
  public static Cursor parse(LogName log, String text) {
    if (text.length() > LONGEST_TEXT) {
      throw unreadable();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw unreadable();
    }
    if (bytes.length < HEADER + POSITION + CHECK) {
      throw unreadable();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (crc(bytes, bytes.length - CHECK) != in.getInt(bytes.length - CHECK) || in.get() != VERSION) {
      throw unreadable();
    }
    if (in.getInt() != hash(log)) {
      throw new IllegalArgumentException("the cursor is of another log than '" + log + "'");
    }
    Instant issued = Instant.ofEpochMilli(in.getLong());
    int count = in.get();
    if (count < 1 || count > MOST_POSITIONS || bytes.length != HEADER + count * POSITION + CHECK) {
      throw unreadable();
    }
    List<Position> positions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Position position = new Position(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
      if (position.offset() < 0) {
        throw unreadable();
      }
      positions.add(position);
    }
    return new Cursor(log, issued, positions);
  }

  /** The cursor as text, of base64url's alphabet without padding. */
  @Override
  public String toString() {
    ByteBuffer out = ByteBuffer.allocate(HEADER + positions.size() * POSITION + CHECK);
    out.put(VERSION).putInt(hash(log)).putLong(issued.toEpochMilli()).put((byte) positions.size());
    for (Position p : positions) {
      out.putLong(p.offset()).putLong(p.head()).putLong(p.tail()).putLong(p.inode()).putLong(p.birth());
    }
    out.putInt(crc(out.array(), out.position()));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
  }

  private static IllegalArgumentException unreadable() {
    return new IllegalArgumentException("the cursor can't be read; begin without one");
  }

  private static int hash(LogName log) {
    byte[] name = log.value().getBytes(StandardCharsets.US_ASCII);
    return crc(name, name.length);
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}

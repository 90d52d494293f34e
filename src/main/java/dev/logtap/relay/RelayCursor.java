package dev.logtap.relay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * A place in an environment's log: the relay's own count, which is exact while that relay lives, and what the entries
 * before it were like, for another one. Opaque to whoever keeps it.
 *
 * <p>As text it is base64url of: version (1 byte), hash of the environment's id (4), epoch (8), number (8), from (8), since
 * (8), count (4), sum (8), newest (8), upTo (8), count at upTo (4), number of hashes (1), each hash (4), CRC-32C of all before (4).
 *
 * @param epoch which relay counted
 * @param number how many entries it had told
 * @param from entries up to this time, in ns since 1970, have been told
 * @param since and from this time on so many of these, that one stored late can be told from them
 * @param count how many; negative where nobody knows
 * @param sum of their hashes
 * @param newest no entry that was told is newer than this
 * @param upTo of those that came after all this, entries before this time have been told: a client that comes back is brought
 *     what is stored in the order of time, and may be cut off in the midst of it
 * @param atUpTo and so many of just this time
 * @param known hashes of those that were told and are newer than {@code from}, {@value Recent#MOST} at most
 */
public record RelayCursor(
    long epoch,
    long number,
    long from,
    long since,
    int count,
    long sum,
    long newest,
    long upTo,
    int atUpTo,
    int[] known) {
  private static final byte VERSION = 1;
  private static final int HEADER = 1 + 4 + 8 + 8 + 8 + 8 + 4 + 8 + 8 + 8 + 4 + 1;
  private static final int CHECK = 4;
  private static final int LONGEST_TEXT = (HEADER + Recent.MOST * Integer.BYTES + CHECK + 2) / 3 * 4;

  /** The place behind all entries up to a time. */
  static RelayCursor behind(long time) {
    return new RelayCursor(0, 0, time, time, -1, 0, time, Long.MIN_VALUE, 0, new int[0]);
  }

  /** The place behind so many of those that came after this one. */
  RelayCursor upTo(long time, int count) {
    return new RelayCursor(epoch, number, from, since, this.count, sum, newest, time, count, known);
  }

  /**
   * Reads a cursor that somebody brought.
   *
   * @throws IllegalArgumentException with a sentence, when it can't be read or is of another environment
   */
  public static RelayCursor parse(String environmentId, String text) {
    if (text.length() > LONGEST_TEXT) {
      throw unreadable();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      throw unreadable();
    }
    if (bytes.length < HEADER + CHECK) {
      throw unreadable();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (crc(bytes) != in.getInt(bytes.length - CHECK) || in.get() != VERSION) {
      throw unreadable();
    }
    if (in.getInt() != hash(environmentId)) {
      throw new IllegalArgumentException("the cursor is of another environment; leave it out, or ask for that one");
    }
    long epoch = in.getLong();
    long number = in.getLong();
    long from = in.getLong();
    long since = in.getLong();
    int count = in.getInt();
    long sum = in.getLong();
    long newest = in.getLong();
    long upTo = in.getLong();
    int atUpTo = in.getInt();
    int hashes = in.get() & 0xff;
    if (hashes > Recent.MOST || in.remaining() != hashes * Integer.BYTES + CHECK) {
      throw unreadable();
    }
    int[] known = new int[hashes];
    for (int i = 0; i < known.length; i++) {
      known[i] = in.getInt();
    }
    return new RelayCursor(epoch, number, from, since, count, sum, newest, upTo, atUpTo, known);
  }

  String text(String environmentId) {
    byte[] bytes = new byte[HEADER + known.length * Integer.BYTES + CHECK];
    ByteBuffer out = ByteBuffer.wrap(bytes);
    out.put(VERSION).putInt(hash(environmentId)).putLong(epoch).putLong(number);
    out.putLong(from).putLong(since).putInt(count).putLong(sum).putLong(newest).putLong(upTo).putInt(atUpTo).put((byte) known.length);
    for (int hash : known) {
      out.putInt(hash);
    }
    out.putInt(crc(bytes));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - CHECK);
    return (int) crc.getValue();
  }

  private static int hash(String environmentId) {
    byte[] bytes = environmentId.getBytes(StandardCharsets.UTF_8);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    return (int) crc.getValue();
  }

  private static IllegalArgumentException unreadable() {
    return new IllegalArgumentException("the cursor can't be read; leave it out, or give one as it came");
  }
}

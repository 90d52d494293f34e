package dev.logtap.log;

import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * A 64-bit hash of a few hundred bytes: two CRCs of different polynomials, both done by the CPU. It
 * tells files apart that differ by accident; it need not withstand forgery, because a forged cursor
 * leads only to what its bearer may read anyway.
 */
final class Fingerprint {
  private Fingerprint() {}

  static long of(byte[] bytes, int from, int to) {
    CRC32C high = new CRC32C();
    CRC32 low = new CRC32();
    high.update(bytes, from, to - from);
    low.update(bytes, from, to - from);
    return high.getValue() << 32 | low.getValue();
  }
}

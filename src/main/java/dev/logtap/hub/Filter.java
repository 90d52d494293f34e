package dev.logtap.hub;

import dev.logtap.log.Needle;
import dev.logtap.log.Reading.Lines;

/**
 * One text that clients of a hub look for. The first of them that comes to a batch sifts it, the others get what
 * came of that. Any thread may call it.
 */
final class Filter {
  /** So many batches are remembered: those who keep up are never further apart. */
  private static final int REMEMBERED = 8;

  private final Needle needle;
  private final Encoding encoding;
  private final FramePool pool;

  /** How many use it; guarded by the hub. */
  int users;

  /** Guarded by this. */
  private final Sifted[] sifted = new Sifted[REMEMBERED];

  /** What passed of a batch; null where nothing did. */
  private record Sifted(long sequence, Frame frame) {}

  Filter(Needle needle, Encoding encoding, FramePool pool) {
    this.needle = needle;
    this.encoding = encoding;
    this.pool = pool;
  }

  Needle needle() {
    return needle;
  }

  /** The message of what passes of a batch that begins and ends with a line, held for the caller; null for none. */
  synchronized Frame frameOf(Batch batch) {
    int slot = (int) (batch.sequence() % REMEMBERED);
    Sifted before = sifted[slot];
    if (before == null || before.sequence() != batch.sequence()) {
      forget(slot);
      sifted[slot] = new Sifted(batch.sequence(), sift(batch));
    }
    Frame frame = sifted[slot].frame();
    if (frame != null) {
      frame.hold();
    }
    return frame;
  }

  private Frame sift(Batch batch) {
    encoding.begin();
    // No larger than the batch's own message, which is small where there is a text.
    boolean passed = new Sieve(needle).pass(new Lines(batch.text(), 0, batch.text().length, false), encoding);
    return passed ? pool.frameOf(encoding.end(false, null, batch.cursor())) : null;
  }

  /** Lets go of all that is remembered. */
  synchronized void close() {
    for (int i = 0; i < REMEMBERED; i++) {
      forget(i);
    }
  }

  private void forget(int slot) {
    Sifted old = sifted[slot];
    // First, so that whatever fails after it can't release the frame twice.
    sifted[slot] = null;
    if (old != null && old.frame() != null) {
      old.frame().release();
    }
  }
}

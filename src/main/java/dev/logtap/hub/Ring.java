package dev.logtap.hub;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The newest batches of a hub, bounded in number and bytes. The hub's thread adds, any thread takes: a batch
 * that was overwritten meanwhile is known by its sequence, and a frame that is gone can't be held any more.
 */
final class Ring {
  private static final int SLOTS = 256;

  private final AtomicReferenceArray<Batch> slots = new AtomicReferenceArray<>(SLOTS);

  /** The sequence of the oldest that is still here; changed by the hub's thread. */
  private volatile long oldest = 1;

  /** For the hub's thread only. */
  private long bytes;

  /** The batch that was added last, or the place where the hub began. */
  private volatile Batch newest;

  Ring(Batch beginning) {
    newest = beginning;
  }

  Batch newest() {
    return newest;
  }

  /**
   * Adds the next batch and takes its frame over. Drops the oldest while there are more than {@code most} bytes.
   */
  void add(Batch batch, long most) {
    bytes += batch.size();
    while (batch.sequence() - oldest >= SLOTS || bytes > most && oldest < batch.sequence()) {
      drop();
    }
    slots.set(slotOf(batch.sequence()), batch);
    newest = batch;
  }

  /** The sequence of the oldest batch that is still here, or of the next one that comes. */
  long oldest() {
    return oldest;
  }

  /** Lets go of all that is held. */
  void clear() {
    while (oldest <= newest.sequence()) {
      drop();
    }
  }

  private void drop() {
    Batch batch = slots.getAndSet(slotOf(oldest), null);
    bytes -= batch.size();
    if (batch.frame() != null) {
      batch.frame().release();
    }
    oldest = oldest + 1;
  }

  /** The batch of that sequence; null when it is gone, or not there yet. */
  Batch at(long sequence) {
    Batch batch = slots.get(slotOf(sequence));
    return batch != null && batch.sequence() == sequence ? batch : null;
  }

  private static int slotOf(long sequence) {
    return (int) (sequence & SLOTS - 1);
  }
}

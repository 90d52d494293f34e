package dev.logtap.relay;

/**
 * The newest items, as many as a number of bytes allows, each with its place in the sequence of all. Guarded by its owner.
 */
final class Ring {
  /** What an item takes beside its frame: the entry's texts, and the objects. */
  private static final int OVERHEAD = 300;

  private Item[] items = new Item[64];
  private long first;
  private long end;
  private long bytes;

  /** The place of the oldest item; {@link #end} when there is none. */
  long first() {
    return first;
  }

  /** The place of the next item that comes. */
  long end() {
    return end;
  }

  Item get(long place) {
    return items[(int) place & items.length - 1];
  }

  void add(Item item) {
    if (end - first == items.length) {
      grow();
    }
    items[(int) end & items.length - 1] = item;
    end++;
    bytes += sizeOf(item);
  }

  /** The place of the oldest item that is left when so many bytes more have been added. */
  long firstAfter(long more, long most) {
    long left = bytes + more;
    long place = first;
    while (left > most && place < end) {
      left -= sizeOf(get(place));
      place++;
    }
    return place;
  }

  /** Takes out the oldest item while there is more than this, but never the only one; null when there is not. */
  Item evict(long most) {
    if (bytes <= most || end - first <= 1) {
      return null;
    }
    int index = (int) first & items.length - 1;
    Item oldest = items[index];
    items[index] = null;
    first++;
    bytes -= sizeOf(oldest);
    return oldest;
  }

  static long sizeOf(Item item) {
    return OVERHEAD + 2L * item.frame().limit();
  }

  private void grow() {
    Item[] larger = new Item[items.length * 2];
    for (long place = first; place < end; place++) {
      larger[(int) place & larger.length - 1] = get(place);
    }
    items = larger;
  }
}

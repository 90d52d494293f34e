package dev.logtap.relay;

import dev.logtap.railway.Entry;
import java.nio.ByteBuffer;

/** One message in the ring. Its frame is shared: who writes it takes a duplicate. */
sealed interface Item {
  ByteBuffer frame();

  /** How many entries and gaps have come, up to an item of the ring and with it. */
  record Count(long entries, long gaps) {
    static final Count NONE = new Count(0, 0);

    Count andEntry() {
      return new Count(entries + 1, gaps);
    }

    Count andGap() {
      return new Count(entries, gaps + 1);
    }
  }

  /**
   * An entry.
   *
   * @param count null where it is none of the ring
   */
  record Logged(Count count, Fitting fitting, ByteBuffer frame) implements Item {
    Entry entry() {
      return fitting.entry();
    }

    Likeness likeness() {
      return fitting.likeness();
    }
  }

  /**
   * A gap, which is also told to who comes later and gets entries from before it.
   *
   * @param count null where it is none of the ring
   */
  record Lost(Count count, ByteBuffer frame) implements Item {}

  /**
   * Something about the present, told to who is there.
   *
   * @param status null where it is another message
   */
  record Said(Status status, ByteBuffer frame) implements Item {}
}

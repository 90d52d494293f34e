package dev.logtap.relay;

import dev.logtap.railway.Entry;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Makes the messages that clients get, ready to be written. Used by one thread at a time; each call gives a buffer of its own. */
public interface Encoding {
  /** @param cut whether something of the entry was left out because it is too large */
  ByteBuffer entry(Entry entry, boolean cut, String cursor);

  /** @param dropped how many entries are missing, where that is known */
  ByteBuffer gap(OptionalLong dropped, String why);

  ByteBuffer status(String status);

  ByteBuffer error(String sentence);
}

package dev.logtap.hub;

import dev.logtap.log.Cursor;
import dev.logtap.log.Reading.Lines;
import java.nio.ByteBuffer;

/**
 * Makes messages of what was read. One belongs to one thread at a time, which calls {@link #begin}, then
 * {@link #add} as often as it likes, then {@link #end}.
 */
public interface Encoding {

  void begin();

  /** Adds lines, or a part of one, behind those that were added. */
  void add(Lines lines);

  /**
   * Ends the message.
   *
   * @param partial whether its last line goes on in the next message
   * @param gap why something may be missing before its lines; null where nothing is
   * @param cursor the place behind it
   * @return what goes to the client as it is; it holds until the next {@link #begin}
   */
  ByteBuffer end(boolean partial, String gap, Cursor cursor);
}

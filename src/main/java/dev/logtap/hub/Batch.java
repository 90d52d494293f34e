package dev.logtap.hub;

import dev.logtap.log.Cursor;

/**
 * One message of a log as the hub has published it.
 *
 * @param sequence counts from 1; 0 is the place where the hub began
 * @param frame held by the ring; null where it began, and where the message is too large to be shared
 * @param cursor the place behind it
 * @param inLine whether that is in the middle of a line
 * @param text the lines as they stand in the log, for filters; null where there was no filter, and where
 *     the frame is
 * @param gap whether it tells of a loss, which concerns everybody
 */
record Batch(long sequence, Frame frame, Cursor cursor, boolean inLine, byte[] text, boolean gap) {

  /** The memory that it takes. */
  int size() {
    return (frame == null ? 0 : frame.length()) + (text == null ? 0 : text.length);
  }
}

/**
 * Bytes on their way out: collected into large pieces, and text as the inside of a JSON string.
 *
 * <p>What {@code render} and {@code protocol} write with; used on the thread of whoever renders, but for the
 * one that {@link dev.logtap.output.ByteOutput#writingBehind} adds. Knows {@code log}'s notion of UTF-8.
 */
package dev.logtap.output;

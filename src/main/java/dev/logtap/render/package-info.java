/**
 * Turns what was read into what is shown: the log's own bytes, harmless text for terminals, JSON lines.
 *
 * <p>Works on bytes and writes to a {@link dev.logtap.output.ByteOutput}, on the thread of the command.
 * Knows {@code log}, {@code output} and {@code protocol}.
 */
package dev.logtap.render;

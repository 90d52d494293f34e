/**
 * The messages and answers that go over the wire, and their JSON. What is large is written as bytes straight
 * from the log's, everything else by Jackson, of which this is the only package that knows.
 *
 * <p>Values and writers without threads; used on the thread of whoever reads or writes a message. Knows
 * {@code log} and {@code output}.
 */
package dev.logtap.protocol;

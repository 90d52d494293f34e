/**
 * The messages and answers that go over the wire, and their JSON. What is large is written as bytes straight
 * from the log's, everything else by Jackson.
 *
 * <p>Values and writers without threads; used on the thread of whoever reads or writes a message. Knows
 * {@code log}, {@code output} and {@code railway}'s entries.
 */
package dev.logtap.protocol;

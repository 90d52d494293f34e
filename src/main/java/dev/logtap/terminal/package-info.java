/**
 * The live views of {@code watch}: lines in the terminal's own buffer with a status line below them, or on the whole screen,
 * and keys.
 *
 * <p>A {@link dev.logtap.terminal.View} turns lines, keys and the state of targets into what is to be written, and knows no
 * terminal; the command's thread calls it. {@link dev.logtap.terminal.Keys} reads keys on a thread of their own. Knows {@code
 * render}; the only one with JLine, by which it knows how wide characters are.
 */
package dev.logtap.terminal;

/**
 * What Java can't ask of Linux, asked of it directly by java.lang.foreign: inotify without a thread between the kernel and
 * who waits, datagrams to a Unix socket, a terminal's settings, and waits that another thread can end. Its first use costs tens of milliseconds, so
 * {@code tail} does without until its first lines are out.
 *
 * <p>Knows nothing else of ours, and makes no thread.
 */
package dev.logtap.kernel;

/**
 * The log reader that all commands share: names, the last lines of a file, following it through rotation,
 * and cursors from which reading can go on in another process.
 *
 * <p>Bytes in, {@link dev.logtap.log.Reading}s out; nothing here knows what becomes of them. Readers and
 * followers are used by one thread each, which is the caller's. A {@link dev.logtap.log.Bell} is rung by any
 * thread: that of a signal, or whichever listens in {@link dev.logtap.log.DirectoryWatch}. Nothing here makes a
 * thread. Knows of ours only what speaks to the kernel.
 */
package dev.logtap.log;

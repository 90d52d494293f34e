/**
 * Fan-out: each log is read once, by one {@link dev.logtap.hub.LogHub} that lives while somebody listens, and
 * what it read becomes one message that all its {@link dev.logtap.hub.Subscription}s share as bytes. What those
 * bytes are, an {@link dev.logtap.hub.Encoding} decides.
 *
 * <p>The file is the buffer. A hub keeps the newest messages in a ring of bounded bytes and goes on when half
 * of its subscriptions have taken what there is; one that is slower than the ring reads the files itself, from
 * its own place, until it has caught up. So nothing is dropped, nobody waits for another, and memory does not
 * depend on how slow anybody is.
 *
 * <p>A hub runs on one platform thread, {@code hub-NAME}. A subscription belongs to the thread that writes to
 * its client. Files are read on hub threads and on those of {@link dev.logtap.hub.FileReads}, never on a
 * virtual thread, whose carrier a slow disk would hold. Knows {@code log}.
 */
package dev.logtap.hub;

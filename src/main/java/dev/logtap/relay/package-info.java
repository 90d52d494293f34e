/**
 * The fan-out of an environment's log: one stream from Railway, a ring of the newest entries, and a place in it for each
 * client. Entries come in on the stream's thread and are encoded there, once; each client's writing thread takes them out.
 *
 * <p>Unlike a log's hub it can't go back to a file: who falls out of the ring is told how much he has missed.
 */
package dev.logtap.relay;

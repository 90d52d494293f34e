/**
 * The client of a logtap server: one stream a target, kept up through whatever happens, each record once.
 *
 * <p>A {@link dev.logtap.client.Receiver} for each target runs on a thread of its own and puts what happens into the one {@link
 * dev.logtap.client.Inbox}, from which the command's thread takes it; it waits there while that is full, and so stops
 * reading its socket. A {@link dev.logtap.client.Keeper} looks after all connections. Knows {@code log}, {@code protocol}
 * and {@code websocket}.
 */
package dev.logtap.client;

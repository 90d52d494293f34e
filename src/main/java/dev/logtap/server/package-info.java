/**
 * The one port: HTTP/1.1 and WebSocket, who may do what, and the limits of what strangers can make grow.
 *
 * <p>{@link dev.logtap.server.Server} accepts on a platform thread and gives each connection a virtual one, which
 * reads it from begin to end; a stream has a second one that writes. {@link dev.logtap.server.Sweeper} ends what
 * takes too long, by closing the socket below whoever waits for it. Knows {@code auth}, {@code hub}, {@code log},
 * {@code protocol}, {@code railway}, {@code relay}, {@code render}'s harmless text and {@code websocket}; the only package with
 * HttpCore.
 */
package dev.logtap.server;

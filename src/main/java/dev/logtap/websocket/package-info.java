/**
 * The server's side of RFC 6455: the handshake's answer, what comes in as messages, what goes out as frames.
 *
 * <p>A codec over plain streams and buffers: it has no threads, opens nothing and waits only where the stream it was
 * given does. Java-WebSocket's {@code Draft_6455} does the work, and what that does not check is checked before. The
 * only package with Java-WebSocket on the server's side; knows nothing of ours.
 */
package dev.logtap.websocket;

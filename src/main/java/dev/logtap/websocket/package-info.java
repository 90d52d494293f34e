/**
 * Both sides of RFC 6455: the handshake, what comes in as messages, what goes out as frames.
 *
 * <p>A codec over plain streams and buffers: it has no threads, opens nothing and waits only where the stream it was
 * given does. Java-WebSocket's {@code Draft_6455} does the work, and what that does not check is checked before. The
 * only package of the server and of its client with Java-WebSocket; knows nothing of ours.
 */
package dev.logtap.websocket;

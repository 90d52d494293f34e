package dev.logtap.websocket;

/** Who sends: a client masks its frames, a server never does (RFC 6455 5.1). */
public enum Side {
  CLIENT,
  SERVER
}

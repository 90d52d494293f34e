package dev.logtap.server;

/** The peer can't be written to. */
final class PeerGoneException extends Exception {
  private static final long serialVersionUID = 1;

  PeerGoneException() {
    super(null, null, false, false);
  }
}

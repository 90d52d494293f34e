package dev.logtap.client;

import java.io.IOException;

/** A server answers a plain request with a message of TLS. */
final class SpeaksTlsException extends IOException {
  private static final long serialVersionUID = 1;

  SpeaksTlsException() {
    super("the server speaks TLS");
  }
}

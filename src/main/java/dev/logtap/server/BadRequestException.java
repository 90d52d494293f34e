package dev.logtap.server;

/** A request that is not answered as it stands; the message is the one sentence of the refusal's body. */
final class BadRequestException extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;

  BadRequestException(int status, String sentence) {
    super(sentence, null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }
}

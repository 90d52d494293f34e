package dev.logtap.railway;

/** What becomes an error of the GraphQL response, with this message. */
final class StandInRefusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  StandInRefusal(String message) {
    super(message, null, false, false);
  }
}

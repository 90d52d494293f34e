package dev.logtap.relay;

/** How a relay stands with Railway, as clients are told. */
enum Status {
  CONNECTED("connected"),
  RECONNECTING("reconnecting");

  final String text;

  Status(String text) {
    this.text = text;
  }
}

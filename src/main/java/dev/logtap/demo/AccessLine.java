package dev.logtap.demo;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** nginx's access log in its format {@code combined}, written when the answer has been sent. */
record AccessLine(Instant time, Request request, int status, long bytes) implements Line {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.US);

  @Override
  public String text(ZoneId zone) {
    String client = request.client().address() + " - - [" + TIME.format(time.atZone(zone)) + "] \"";
    String answer = "\" " + status + " " + bytes + " \"";
    return client + request.line() + answer + request.referrer() + "\" \"" + request.client().agent() + "\"";
  }
}

package dev.logtap.demo;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** PHP-FPM's log, of its master and what its workers say into stderr. */
record FpmLine(Instant time, String level, String message) implements Line {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd-MMM-yyyy HH:mm:ss", Locale.US);

  @Override
  public String text(ZoneId zone) {
    return "[" + TIME.format(time.atZone(zone)) + "] " + level + ": " + message;
  }
}

package dev.logtap.demo;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * nginx's error log.
 *
 * @param process the worker that wrote it, or the master
 * @param connection 0 where it is about none
 */
record ErrorLine(Instant time, String level, int process, long connection, String message) implements Line {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu/MM/dd HH:mm:ss");

  @Override
  public String text(ZoneId zone) {
    String number = connection == 0 ? "" : "*" + connection + " ";
    return TIME.format(time.atZone(zone)) + " [" + level + "] " + process + "#" + process + ": " + number + message;
  }
}

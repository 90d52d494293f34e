package dev.logtap.demo;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * MySQL's error log, which is in UTC wherever it is.
 *
 * @param connection 0 where it is about none
 */
record MysqlLine(Instant time, long connection, String level, String code, String part, String message) implements Line {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  @Override
  public String text(ZoneId zone) {
    return TIME.format(time) + " " + connection + " [" + level + "] [" + code + "] [" + part + "] " + message;
  }
}

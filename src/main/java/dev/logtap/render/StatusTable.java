package dev.logtap.render;

import dev.logtap.log.LogStatus;
import dev.logtap.output.ByteOutput;
import dev.logtap.output.JsonText;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The allowlist as a table for eyes, or as JSON lines. */
public final class StatusTable {
  private static final List<String> HEADER = List.of("NAME", "SIZE", "LAST CHANGE", "PATH");
  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};

  private StatusTable() {}

  /** Columns as wide as what they hold. */
  public static void writeText(ByteOutput out, List<LogStatus> logs) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    for (LogStatus log : logs) {
      String path = TerminalText.harmless(log.log().path().toString());
      rows.add(
          log.readable()
              ? List.of(log.log().name().value(), size(log.size()), time(log.changed()), path)
              : List.of(log.log().name().value(), "-", "-", path + " (" + TerminalText.harmless(log.why()) + ")"));
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size() - 1; column++) {
        int width = width(rows, column);
        String cell = row.get(column);
        line.append(cell).repeat(' ', width - cell.length() + 2);
      }
      out.write(line.append(row.getLast()).append('\n').toString());
    }
  }

  /** {@code {"log":"...","path":"...","readable":true,"size":1,"changed":"..."}}; or false and "why". */
  public static void writeJson(ByteOutput out, List<LogStatus> logs) throws IOException {
    JsonText text = new JsonText(out);
    for (LogStatus log : logs) {
      out.write("{\"log\":\"" + log.log().name() + "\",\"path\":\"");
      text.write(log.log().path().toString());
      out.write("\",\"readable\":" + log.readable());
      if (log.readable()) {
        out.write(",\"size\":" + log.size() + ",\"changed\":\"" + log.changed() + "\"}\n");
      } else {
        out.write(",\"why\":\"");
        text.write(log.why());
        out.write("\"}\n");
      }
    }
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    long tenths = Math.round(value * 10);
    return tenths / 10 + "." + tenths % 10 + " " + UNITS[unit];
  }

  private static String time(Instant instant) {
    ZonedDateTime local = instant.truncatedTo(ChronoUnit.SECONDS).atZone(ZoneId.systemDefault());
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(local);
  }
}

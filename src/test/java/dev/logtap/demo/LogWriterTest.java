package dev.logtap.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogWriterTest {
  private static final Instant BEGIN = Instant.parse("2026-11-23T01:02:03Z");

  @TempDir Path folder;

  private static List<Line> notices(int from, int to) {
    List<Line> lines = new ArrayList<>();
    for (int i = from; i < to; i++) {
      lines.add(new FpmLine(BEGIN, "NOTICE", "line " + i));
    }
    return lines;
  }

  private List<String> read(String name) throws IOException {
    return Files.readAllLines(folder.resolve(name));
  }

  private static List<String> expected(int from, int to) {
    return notices(from, to).stream().map(line -> line.text(ZoneOffset.UTC)).toList();
  }

  @Test
  void each_line_goes_into_its_programs_log() throws IOException {
    List<Line> lines =
        List.of(
            new AccessLine(BEGIN, Request.get(new Client("192.0.2.1", "curl/8"), "/"), 200, 5),
            new ErrorLine(BEGIN, "error", 1, 1, "no"),
            new FpmLine(BEGIN, "NOTICE", "ready"),
            new MysqlLine(BEGIN, 0, "Note", "MY-010914", "Server", "no"));
    try (LogWriter writer = new LogWriter(folder, ZoneOffset.UTC, BEGIN)) {
      writer.write(lines);
    }

    for (Line line : lines) {
      assertEquals(List.of(line.text(ZoneOffset.UTC)), Files.readAllLines(LogWriter.pathOf(folder, line.log())));
    }
  }

  @Test
  void logs_are_there_before_the_first_line() throws IOException {
    new LogWriter(folder, ZoneOffset.UTC, BEGIN).close();

    for (SampleLog log : SampleLog.values()) {
      assertEquals(0, Files.size(LogWriter.pathOf(folder, log)));
    }
  }

  @Test
  void rotation_renames_and_keeps_two_and_loses_no_line_of_those() throws IOException {
    try (LogWriter writer = new LogWriter(folder, ZoneOffset.UTC, BEGIN)) {
      for (int minute = 0; minute < 4; minute++) {
        writer.write(notices(10 * minute, 10 * minute + 10));
        writer.rotate(BEGIN.plusSeconds(60 * (minute + 1)));
      }
      writer.write(notices(40, 45));
    }

    assertEquals(expected(40, 45), read("php-fpm.log"));
    assertEquals(expected(30, 40), read("php-fpm.log.1"));
    assertEquals(expected(20, 30), read("php-fpm.log.2"));
    assertFalse(Files.exists(folder.resolve("php-fpm.log.3")));
  }

  @Test
  void logs_are_rotated_one_after_the_other_and_each_once_a_minute() throws IOException {
    List<String> rotated = new ArrayList<>();
    try (LogWriter writer = new LogWriter(folder, ZoneOffset.UTC, BEGIN)) {
      for (int second = 1; second <= 120; second++) {
        writer.rotate(BEGIN.plusSeconds(second));
        for (SampleLog log : SampleLog.values()) {
          if (Files.deleteIfExists(folder.resolve(log.text + ".log.1"))) {
            rotated.add(second + " " + log.text);
          }
        }
      }
    }

    assertEquals(
        List.of(
            "15 nginx-access", "30 nginx-error", "45 php-fpm", "60 mysql", "75 nginx-access", "90 nginx-error", "105 php-fpm",
            "120 mysql"),
        rotated);
  }
}

package dev.logtap.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LevelTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "2026/11/23 01:02:03 [error] 12#12: *1 open() failed; ERROR",
        "[23-Nov-2026 01:02:03] WARNING: [pool www] busy; WARN",
        "2026-11-23T01:02:03Z 0 [Warning] [MY-010068] CA; WARN",
        "2026-11-23 01:02:03,004 INFO main started; INFO",
        "FATAL: no memory; ERROR",
        "time=1 level=debug msg=x; DEBUG",
        "{\"level\":\"warn\",\"msg\":\"x\"}; WARN",
        "{\"time\":1, \"level\": \"error\"}; ERROR"
      })
  void line_names_its_level(String line, Level level) {
    assertEquals(level, Level.in(line));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.1 - - [23/Nov/2026] \"GET /error/info HTTP/1.1\" 200",
        "no error here",
        "ERRORS",
        "TERROR",
        "level",
        "=info"
      })
  void other_lines_have_none(String line) {
    assertNull(Level.in(line));
  }
}

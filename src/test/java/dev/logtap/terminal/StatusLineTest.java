package dev.logtap.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.terminal.Status.Stream;
import dev.logtap.terminal.StatusLine.Settings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusLineTest {
  private static final Settings NONE = new Settings(false, List.of(), null, null, 0, 0);
  private static final Settings ALL = new Settings(true, List.of(), "/5\\d\\d/", Level.WARN, 1, 0);

  private static Status status(Stream... streams) {
    return new Status(List.of(streams), List.of(), 0, false, 12, 0);
  }

  @Test
  void one_target() {
    assertEquals(" app live | 12/s | ? keys ", StatusLine.of(status(new Stream("app", null)), NONE, 80));
  }

  @Test
  void each_target_has_its_state() {
    Status status = status(new Stream("app", null), new Stream("web", "reconnecting in 3 s"), new Stream("db", "ended: gone"));

    assertEquals(" app live, web reconnecting in 3 s, db ended: gone | 12/s | ? keys ", StatusLine.of(status, NONE, 80));
  }

  @Test
  void where_there_is_no_room_those_that_are_well_are_counted() {
    Status status = status(new Stream("app", null), new Stream("web", "reconnecting in 3 s"), new Stream("db", null));

    assertEquals(" web reconnecting in 3 s | 2 of 3 live | 12/s ", StatusLine.of(status, NONE, 50));
  }

  @Test
  void all_that_was_set_is_told() {
    Status status = new Status(List.of(new Stream("app", null)), List.of("--search b\u001b", "--level warn"), 345, true, 0, 2);

    assertEquals(
        " paused, 345 waiting, more at the server | app live | //5\\d\\d/ | warn and above | 2 gaps"
            + " | --search b^[ | --level warn | 1 hidden | 0/s | ? keys ",
        StatusLine.of(status, ALL, 200));
    assertEquals(" paused, 345 waitin", StatusLine.of(status, ALL, 20));
  }

  @Test
  void gaps_are_told_before_what_the_servers_leave_out() {
    Status status = new Status(List.of(new Stream("app", null)), List.of("--search " + "x".repeat(60)), 0, false, 0, 2);

    assertEquals(" app live | 2 gaps ", StatusLine.of(status, NONE, 50));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 19, 20, 21, 40, 79, 80, 81, 200})
  void it_takes_one_row_less_its_last_column_whatever_it_says(int columns) {
    Stream wide = new Stream("\u65e5\u672c\u8a9e\ud83d\ude00e\u0301", "\u65e5\u672c\u8a9e");
    List<Stream> streams = List.of(wide, new Stream("x\u001b[2J", null));
    Status status = new Status(streams, List.of("--search x\u001b"), 1, false, 1, 1);

    for (Settings settings : List.of(NONE, ALL)) {
      String line = StatusLine.of(status, settings, columns);
      assertTrue(Columns.of(line) < columns, line);
      assertEquals(-1, line.indexOf('\u001b'));
    }
  }
}

package dev.logtap.log;

import static dev.logtap.log.LogFiles.lines;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import dev.logtap.log.Reading.Lines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is between two places that a follower has reached, read again. */
class BacklogTest {
  private static final long PLENTY = Long.MAX_VALUE;

  @TempDir Path directory;

  private LogFiles files;
  private Follower follower;

  /** All that the follower has given out, and where each place lies in it. */
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();

  private final List<Cursor> places = new ArrayList<>();
  private final List<Integer> lengths = new ArrayList<>();

  @BeforeEach
  void aFollowerOfAFewLines() throws IOException {
    files = new LogFiles(directory);
    files.append(lines("first", 1, 50));
    follower = Follower.fromLastLines(files.log, LastLines.ALL).inPieces(100);
    takeAll("line 50 of first\n");
  }

  @AfterEach
  void close() {
    follower.close();
  }

  /** Takes until the given text ends so, noting each place. */
  private void takeAll(String end) {
    Await.until(
        () -> {
          for (Reading reading = follower.next(); reading != null; reading = follower.next()) {
            if (reading instanceof Lines some) {
              text.write(some.bytes(), some.from(), some.length());
              places.add(follower.cursor());
              lengths.add(text.size());
            }
          }
          return text().endsWith(end);
        },
        this::text);
  }

  private String text() {
    return text.toString(StandardCharsets.UTF_8);
  }

  private static String all(Backlog backlog) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try (backlog) {
      for (Lines some = backlog.next(64); some != null; some = backlog.next(64)) {
        read.write(some.bytes(), some.from(), some.length());
      }
    }
    return read.toString(StandardCharsets.UTF_8);
  }

  private String between(int from, int to) throws IOException {
    return all(Backlog.between(files.log, places.get(from), places.get(to), false, PLENTY));
  }

  private void expectAllPlacesLeadToTheLast() throws IOException {
    int last = places.size() - 1;
    for (int i = 0; i <= last; i++) {
      assertEquals(text().substring(lengths.get(i)), between(i, last), "from place " + i);
    }
  }

  @Test
  void between_any_two_places_of_a_file_lies_what_came_between() throws IOException {
    files.append(lines("more", 1, 30));
    takeAll("line 30 of more\n");

    for (int i = 0; i < places.size(); i++) {
      for (int j = i; j < places.size(); j++) {
        assertEquals(text().substring(lengths.get(i), lengths.get(j)), between(i, j));
      }
    }
  }

  @Test
  void renamed_files_are_read_up_to_where_the_follower_is() throws IOException {
    files.rename("", ".1");
    files.append(lines("second", 1, 20));
    takeAll("line 20 of second\n");
    files.rename(".1", ".2");
    files.rename("", ".1");
    files.append(lines("third", 1, 20));
    takeAll("line 20 of third\n");
    files.append(lines("unread", 1, 5));

    expectAllPlacesLeadToTheLast();
  }

  @Test
  void copy_of_a_truncated_file_is_read_in_its_stead() throws IOException {
    files.copy("", ".1");
    files.truncate();
    files.append(lines("second", 1, 20));
    takeAll("line 20 of second\n");

    expectAllPlacesLeadToTheLast();
  }

  @Test
  void place_can_be_noted_down_in_the_midst_of_reading() throws IOException {
    files.rename("", ".1");
    files.append(lines("second", 1, 20));
    takeAll("line 20 of second\n");
    int last = places.size() - 1;

    StringBuilder read = new StringBuilder();
    Cursor place = places.getFirst();
    for (boolean more = true; more; ) {
      try (Backlog backlog = Backlog.between(files.log, place, places.get(last), false, PLENTY)) {
        Lines some = backlog.next(64);
        more = some != null;
        if (more) {
          read.append(new String(some.bytes(), some.from(), some.length(), StandardCharsets.UTF_8));
        }
        place = Cursor.parse(LogFiles.NAME, backlog.cursor().toString());
      }
    }

    assertEquals(text().substring(lengths.getFirst()), read.toString());
  }

  @Test
  void place_that_the_follower_has_not_reached_is_none() throws IOException {
    Cursor behind = places.getLast();
    files.append(lines("more", 1, 30));
    takeAll("line 30 of more\n");

    assertNull(Backlog.between(files.log, places.getLast(), behind, false, PLENTY));
  }

  @Test
  void what_is_gone_or_too_much_is_said() throws IOException {
    files.append(lines("more", 1, 30));
    takeAll("line 30 of more\n");
    IOException tooMuch =
        assertThrows(
            IOException.class,
            () -> Backlog.between(files.log, places.getFirst(), places.getLast(), false, 10));
    assertTrue(tooMuch.getMessage().contains("came since"), tooMuch.getMessage());

    Cursor before = places.getFirst();
    files.truncate();
    files.append(lines("other", 1, 20));
    takeAll("line 20 of other\n");
    assertThrows(IOException.class, () -> Backlog.between(files.log, before, places.getLast(), false, PLENTY));
  }

  @Test
  void last_lines_end_where_the_follower_is() throws IOException {
    Cursor place = places.getLast();
    files.append(lines("unread", 1, 5));

    assertEquals("line 49 of first\nline 50 of first\n", all(Backlog.ofLastLines(files.log, place, false, 2, null, PLENTY)));
    assertEquals("", all(Backlog.ofLastLines(files.log, place, false, 0, null, PLENTY)));
  }

  @Test
  void last_lines_with_a_text_begin_with_the_first_of_them() throws IOException {
    Cursor place = places.getLast();

    String read = all(Backlog.ofLastLines(files.log, place, false, 3, new Needle("LINE 4"), PLENTY));
    assertEquals("line 47 of first\nline 48 of first\nline 49 of first\nline 50 of first\n", read);
  }
}

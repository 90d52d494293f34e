package dev.logtap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.client.ServerAddress;
import dev.logtap.client.StateFile;
import dev.logtap.client.Target;
import dev.logtap.protocol.RelayEntry;
import dev.logtap.protocol.ServerMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaitingTest {
  private static final ServerAddress SERVER = ServerAddress.parse("http://127.0.0.1:8000");
  private static final Target APP = Target.parse("app", SERVER);
  private static final Target PRODUCTION = Target.parse("railway:production", SERVER);

  @TempDir Path directory;

  private StateFile state;
  private Progress progress;
  private Waiting waiting;

  @BeforeEach
  void nothingWaits() throws IOException {
    state = StateFile.open(directory.resolve("state"));
    progress = new Progress(state, _ -> {});
    waiting = new Waiting(List.of(APP, PRODUCTION), progress);
  }

  private void lines(String text, String cursor) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    waiting.lines(APP, new ServerMessage.Lines(bytes, bytes.length, !text.endsWith("\n"), null, cursor));
  }

  private String next() {
    return waiting.next().text();
  }

  private Map<String, String> saved() throws IOException {
    progress.printed();
    progress.save();
    return StateFile.open(directory.resolve("state")).cursors();
  }

  @Test
  void lines_come_one_by_one_in_their_order() {
    lines("one\n\nthr\u00e9e\r\n", "1");
    lines("four", "2");
    assertEquals(4, waiting.lines());

    assertEquals(List.of("one", "", "thr\u00e9e", "four"), List.of(next(), next(), next(), next()));
    assertNull(waiting.next());
    assertEquals(0, waiting.lines());
  }

  @Test
  void cursor_counts_when_the_last_line_before_it_was_taken() throws IOException {
    lines("one\ntwo\n", "1");
    lines("three\n", "2");

    next();
    assertEquals(Map.of(), saved());
    next();
    assertEquals(Map.of(APP.key(), "1"), saved());
    lines("", "3");
    assertEquals(Map.of(APP.key(), "1"), saved());
    next();
    assertNull(waiting.next());
    assertEquals("3", saved().get(APP.key()));
  }

  @Test
  void entry_is_shown_line_by_line_behind_severity_and_service() {
    RelayEntry entry = new RelayEntry("2026-11-23T04:30:12.5Z", "error", "api", "no\nmore", new byte[0]);
    waiting.entry(PRODUCTION, new ServerMessage.Entry(entry, "1"));

    assertEquals(List.of("error api: no", "error api: more"), List.of(next(), next()));
  }

  @Test
  void gaps_are_sentences_and_are_counted() {
    lines("one\n", "1");
    waiting.gap(PRODUCTION, "why", 12);

    assertEquals(List.of("one", "railway:production: 12 entries are missing here: why"), List.of(next(), next()));
    assertEquals(1, waiting.gaps());
  }

  @Test
  void what_a_stream_begins_with_is_not_live() {
    waiting.begins(APP);
    lines("one\ntwo\n", "1");
    lines("three\n", "2");
    waiting.say(APP, "why");

    assertEquals(List.of(false, false, true, false), List.of(isNextLive(), isNextLive(), isNextLive(), isNextLive()));
  }

  @Test
  void entry_is_live_that_is_newer_than_its_stream() {
    waiting.begins(PRODUCTION);
    for (String time : new String[] {"2026-11-23T04:30:12.5Z", "2999-11-23T04:30:12.5Z", "no time", null}) {
      waiting.entry(PRODUCTION, new ServerMessage.Entry(new RelayEntry(time, "error", "api", "one", new byte[0]), "1"));
    }

    assertEquals(List.of(false, true, true, true), List.of(isNextLive(), isNextLive(), isNextLive(), isNextLive()));
  }

  private boolean isNextLive() {
    waiting.next();
    return waiting.wasLive();
  }

  @Test
  void it_is_full_when_there_is_much() {
    String much = "x\n".repeat(1 << 19);
    for (int i = 0; i < 16; i++) {
      assertFalse(waiting.isFull());
      lines(much, null);
    }
    assertTrue(waiting.isFull());

    while (waiting.next() != null) {
      // All.
    }
    assertFalse(waiting.isFull());
    assertTrue(waiting.isEmpty());
  }
}

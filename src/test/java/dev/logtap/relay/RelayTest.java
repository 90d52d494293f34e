package dev.logtap.relay;

import static dev.logtap.relay.ToldLogs.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.railway.Entry;
import dev.logtap.railway.Happening;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients of an environment get, whatever Railway does. */
@Timeout(30)
class RelayTest {
  private static final int RING_BYTES = 64 << 10;

  /** Longer than any of these tests, so that no relay ends because the machine was busy between two of their steps. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private static final Duration REST = Duration.ofMillis(300);
  private static final Duration TAKERS = Duration.ofMillis(200);

  private final ToldLogs logs = new ToldLogs();
  private Relays relays = relays(LONG, TAKERS);

  private static Relays relays(Duration linger, Duration takers) {
    Relays.Waits waits = new Relays.Waits(linger, REST, takers);
    return new Relays(RelayClient.Texts::new, () -> 3, RelayClient.SILENT, waits, RING_BYTES);
  }

  @AfterEach
  void end() {
    relays.endAll("the end");
  }

  private static Entry[] numbered(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> entry(i, "m" + i)).toArray(Entry[]::new);
  }

  private static List<String> messages(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
  }

  private static List<String> with(String first, List<String> rest) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(rest);
    return all;
  }

  // ---- the beginning

  @Test
  void status_comes_first_then_the_last_entries_then_what_comes() throws Exception {
    try (RelayClient client = RelayClient.last(relays, logs, 2)) {
      assertEquals(List.of(), client.take());
      logs.begin(true, numbered(0, 5));
      assertEquals(List.of("STATUS connected", "m3", "m4"), client.take());
      logs.arrive(numbered(5, 7));

      assertEquals(List.of("m5", "m6"), client.take());
    }
  }

  @Test
  void no_entries_of_the_past_come_to_who_asks_for_none() throws Exception {
    try (RelayClient client = RelayClient.last(relays, logs, 0)) {
      logs.begin(true, numbered(0, 5));
      assertEquals(List.of("STATUS connected"), client.take());
    }
  }

  @Test
  void second_client_is_answered_from_what_the_first_one_brought() throws Exception {
    try (RelayClient first = RelayClient.last(relays, logs, 0)) {
      logs.begin(true, numbered(0, 5));
      logs.arrive(numbered(5, 8));
      try (RelayClient second = RelayClient.last(relays, logs, 4)) {
        assertEquals(with("STATUS connected", messages(4, 8)), second.take());
      }
      assertEquals(with("STATUS connected", List.of()), first.take());
    }
    assertEquals(1, logs.streams());
    assertEquals(0, logs.queries());
  }

  @Test
  void entries_before_those_of_the_ring_come_from_storage_each_once() throws Exception {
    logs.store(numbered(0, 100));
    // Two of them at the time from which on the ring has all.
    Entry twin = entry(90, "twin");
    logs.store(twin);
    try (RelayClient client = RelayClient.last(relays, logs, 20)) {
      logs.begin(false, numbered(90, 100));

      List<String> expected = new ArrayList<>(List.of("STATUS connected"));
      expected.addAll(messages(81, 90));
      expected.add("twin");
      expected.addAll(messages(90, 100));
      assertEquals(expected, client.take());
    }
  }

  @Test
  void entries_are_counted_after_the_filters() throws Exception {
    for (int i = 0; i < 9000; i++) {
      logs.store(entry(Instant.ofEpochSecond(i), i % 4000 == 0 ? "ERR" : "info", "a", "m" + i));
    }
    List<Entry> newest = logs.stored().subList(8999, 9000);
    Wanted errors = Wanted.of(Set.of(), Set.of("error"), null);
    try (RelayClient client = RelayClient.wanting(relays, logs, errors, 2)) {
      logs.begin(false, newest.toArray(Entry[]::new));

      assertEquals(List.of("STATUS connected", "m4000", "m8000"), client.take());
    }
  }

  /** One error at the very beginning, and one near the end. */
  private RelayClient clientOfTwoErrorsAmong(int entries) throws Exception {
    Entry[] all =
        IntStream.range(0, entries)
            .mapToObj(i -> entry(Instant.ofEpochSecond(i), i == 0 || i == entries - 9 ? "ERR" : "info", "a", "m" + i))
            .toArray(Entry[]::new);
    logs.store(all);
    RelayClient client = RelayClient.wanting(relays, logs, Wanted.of(Set.of(), Set.of("error"), null), 3);
    logs.begin(false, all[entries - 1]);
    return client;
  }

  @Test
  void older_entries_that_were_not_looked_through_are_a_gap() throws Exception {
    try (RelayClient client = clientOfTwoErrorsAmong(25_000)) {
      assertEquals(
          List.of(
              "STATUS connected",
              "GAP older entries were not looked through: the last 20,000 entries hold no more that match",
              "m24991"),
          client.take());
    }
  }

  @Test
  void nothing_is_missing_where_all_that_is_stored_was_looked_through() throws Exception {
    try (RelayClient client = clientOfTwoErrorsAmong(15_000)) {
      assertEquals(List.of("STATUS connected", "m0", "m14991"), client.take());
    }
  }

  @Test
  void entries_that_can_not_be_had_are_a_gap() throws Exception {
    logs.setReachable(false);
    try (RelayClient client = RelayClient.last(relays, logs, 10)) {
      logs.begin(false, numbered(5, 7));

      assertEquals(
          List.of("STATUS connected", "GAP older entries can't be had now: Railway can't be reached", "m5", "m6"),
          client.take());
    }
  }

  @Test
  void entries_later_than_a_time_come_from_storage_and_ring() throws Exception {
    logs.store(numbered(0, 100));
    try (RelayClient client = RelayClient.after(relays, logs, Instant.ofEpochSecond(79))) {
      logs.begin(false, numbered(90, 100));

      assertEquals(with("STATUS connected", messages(80, 100)), client.take());
    }
  }

  @Test
  void more_entries_than_a_client_may_get_begin_with_a_gap() throws Exception {
    logs.store(numbered(0, 6000));
    try (RelayClient client = RelayClient.after(relays, logs, Instant.ofEpochSecond(10))) {
      logs.begin(false, numbered(5999, 6000));

      List<String> messages = client.take();
      assertEquals("STATUS connected", messages.get(0));
      assertTrue(messages.get(1).startsWith("GAP "), messages.get(1));
      assertEquals(messages(1000, 6000), messages.subList(2, messages.size()));
    }
  }

  // ---- what goes on

  @Test
  void losses_stand_where_they_happened_also_for_who_comes_later() throws Exception {
    try (RelayClient client = RelayClient.last(relays, logs, 0)) {
      logs.begin(true, numbered(0, 2));
      client.take();
      logs.arrive(numbered(2, 3));
      logs.tell(new Happening.Lost(OptionalLong.of(12), "dropped"));
      logs.arrive(numbered(3, 4));

      assertEquals(List.of("m2", "GAP 12 dropped", "m3"), client.take());
      try (RelayClient later = RelayClient.last(relays, logs, 2)) {
        assertEquals(List.of("STATUS connected", "m2", "GAP 12 dropped", "m3"), later.take());
      }
      try (RelayClient later = RelayClient.last(relays, logs, 1)) {
        assertEquals(List.of("STATUS connected", "m3"), later.take());
      }
    }
  }

  @Test
  void trouble_is_told_to_who_is_there_and_to_who_comes_while_it_lasts() throws Exception {
    try (RelayClient client = RelayClient.last(relays, logs, 1)) {
      logs.begin(true, numbered(0, 1));
      client.take();
      logs.tell(new Happening.Trouble("the host is gone"));
      logs.tell(new Happening.Reconnecting());
      assertEquals(List.of("ERROR the host is gone", "STATUS reconnecting"), client.take());
      try (RelayClient later = RelayClient.last(relays, logs, 1)) {
        assertEquals(List.of("STATUS reconnecting", "ERROR the host is gone", "m0"), later.take());
      }
      logs.tell(new Happening.Connected());
      assertEquals(List.of("STATUS connected"), client.take());
      try (RelayClient later = RelayClient.last(relays, logs, 1)) {
        assertEquals(List.of("STATUS connected", "m0"), later.take());
      }
    }
  }

  @Test
  void trouble_before_the_first_entry_is_told_at_once() throws Exception {
    try (RelayClient client = RelayClient.last(relays, logs, 1)) {
      logs.tell(new Happening.Trouble("the host is gone"));
      logs.tell(new Happening.Reconnecting());
      assertEquals(List.of("ERROR the host is gone", "STATUS reconnecting"), client.take());
      logs.begin(true, numbered(0, 1));

      assertEquals(List.of("STATUS connected", "m0"), client.take());
    }
  }

  @Test
  void failure_ends_the_stream_after_all_that_came_before() throws Exception {
    try (RelayClient client = RelayClient.last(relays, logs, 1)) {
      logs.begin(true, numbered(0, 1));
      logs.tell(new Happening.Failed("Not Authorized"));

      EndedException end = assertThrows(EndedException.class, () -> untilTheEnd(client, List.of("STATUS connected", "m0")));
      assertTrue(end.hasFailed());
      assertEquals("Not Authorized", end.getMessage());
    }
  }

  @Test
  void environment_that_has_failed_is_begun_anew_only_after_a_rest() throws Exception {
    try (RelayClient _ = RelayClient.last(relays, logs, 1)) {
      long failed = System.nanoTime();
      logs.tell(new Happening.Failed("Not Authorized"));
      while (logs.streams() == 1) {
        try (RelayClient client = RelayClient.last(relays, logs, 1)) {
          if (logs.streams() == 1) {
            assertThrows(EndedException.class, client::take);
          }
        }
        Thread.onSpinWait();
      }
      assertTrue(System.nanoTime() - failed >= REST.toNanos());
      try (RelayClient client = RelayClient.last(relays, logs, 1)) {
        logs.begin(true, numbered(0, 1));
        assertEquals(List.of("STATUS connected", "m0"), client.take());
      }
      assertEquals(2, logs.streams());
    }
  }

  private static void untilTheEnd(RelayClient client, List<String> expected) throws Exception {
    assertEquals(expected, client.take(2));
    client.take();
  }

  @Test
  void client_that_reads_slowly_is_told_how_much_it_missed_and_nobody_waits() throws Exception {
    try (RelayClient slow = RelayClient.last(relays, logs, 0);
        RelayClient quick = RelayClient.last(relays, logs, 0)) {
      logs.begin(true);
      slow.take();
      quick.take();
      List<String> seen = new ArrayList<>();
      for (int i = 0; i < 1000; i += 10) {
        logs.arrive(numbered(i, i + 10));
        seen.addAll(quick.take());
      }
      assertEquals(messages(0, 1000), seen);

      List<String> messages = slow.take();
      String gap = messages.getFirst();
      int missed = 1000 - (messages.size() - 1);
      assertTrue(missed > 0);
      assertEquals("GAP " + missed + " the client reads more slowly than entries come", gap);
      assertEquals(messages(missed, 1000), messages.subList(1, messages.size()));
    }
  }

  @Test
  void filter_on_the_open_stream_replaces_the_one_before() throws Exception {
    try (RelayClient client = RelayClient.last(relays, logs, 0)) {
      logs.begin(true);
      assertEquals(List.of("STATUS connected"), client.take());
      client.filter(Set.of("b"), Set.of(), null);
      logs.arrive(
          entry(Instant.EPOCH, "info", "a", "one"), entry(Instant.EPOCH, "info", "b", "two"));
      assertEquals(List.of("two"), client.take());
      client.filter(Set.of("id-a", "nobody"), Set.of(), "WARN");
      assertEquals(List.of("ERROR there is no service of that name in the environment: nobody"), client.take());
      logs.arrive(
          entry(Instant.EPOCH, "info", "a", "a warning"), entry(Instant.EPOCH, "info", "b", "a warning"));
      assertEquals(List.of("a warning"), client.take());
    }
  }

  // ---- cursors

  @Test
  void cursor_of_a_relay_that_lives_is_exact_also_for_equal_and_late_entries() throws Exception {
    try (RelayClient keeper = RelayClient.last(relays, logs, 0)) {
      logs.begin(true);
      keeper.take();
      logs.arrive(entry(5, "same"), entry(5, "same"));
      String cursor;
      try (RelayClient client = RelayClient.last(relays, logs, 1)) {
        client.take();
        cursor = client.cursor();
      }
      logs.arrive(entry(5, "same"), entry(1, "late"));
      try (RelayClient client = RelayClient.behind(relays, logs, cursor)) {
        assertEquals(List.of("STATUS connected", "same", "late"), client.take());
      }
    }
  }

  @Test
  void cursor_of_another_relay_is_followed_by_content() throws Exception {
    String cursor;
    Entry[] told = {entry(3, "same"), entry(5, "x"), entry(4, "late"), entry(5, "same")};
    try (RelayClient client = RelayClient.last(relays, logs, 0)) {
      logs.begin(true, numbered(0, 2));
      client.take();
      logs.arrive(told);
      assertEquals(List.of("same", "x", "late", "same"), client.take());
      cursor = client.cursor();
    }
    relays.endAll("the end");
    relays = relays(LONG, TAKERS);

    logs.store(numbered(0, 2));
    logs.store(told);
    logs.store(entry(5, "same"), entry(4, "later"), entry(6, "new"));
    try (RelayClient client = RelayClient.behind(relays, logs, cursor)) {
      logs.begin(true, logs.stored().toArray(Entry[]::new));
      assertEquals(List.of("STATUS connected", "later", "same", "new"), client.take());
    }
  }

  @Test
  void cursor_that_the_ring_has_left_behind_is_followed_from_storage() throws Exception {
    try (RelayClient keeper = RelayClient.last(relays, logs, 0)) {
      logs.begin(true);
      keeper.take();
      logs.store(numbered(0, 2000));
      logs.arrive(numbered(0, 10));
      assertEquals(messages(0, 10), keeper.take());
      String cursor = keeper.cursor();
      logs.arrive(numbered(10, 2000));
      try (RelayClient client = RelayClient.behind(relays, logs, cursor)) {
        assertEquals(with("STATUS connected", messages(10, 2000)), client.take());
      }
    }
  }

  /** A cursor behind 100 entries, of a relay of which nothing is known any more. */
  private String cursorBehindAHundred() throws Exception {
    try (RelayClient client = RelayClient.last(relays, logs, 0)) {
      logs.begin(true);
      client.take();
      logs.store(hundred());
      logs.arrive(hundred());
      client.take();
      String cursor = client.cursor();
      relays.endAll("the server stops");
      relays = relays(LONG, TAKERS);
      return cursor;
    }
  }

  /** Ten of each instant, from second 1000 to 1009. */
  private static Entry[] hundred() {
    return IntStream.range(0, 100).mapToObj(i -> entry(1000 + i / 10, "n" + i)).toArray(Entry[]::new);
  }

  @Test
  void entry_that_was_stored_late_while_nobody_was_there_is_found() throws Exception {
    String cursor = cursorBehindAHundred();
    logs.store(entry(1003, "late"), entry(1010, "new"));
    try (RelayClient client = RelayClient.behind(relays, logs, cursor)) {
      logs.begin(true, logs.stored().toArray(Entry[]::new));
      assertEquals(List.of("STATUS connected", "late", "new"), client.take());
    }
  }

  @Test
  void entry_that_is_like_another_one_and_was_stored_late_is_found() throws Exception {
    String cursor = cursorBehindAHundred();
    logs.store(entry(1003, "n35"), entry(1010, "new"));
    try (RelayClient client = RelayClient.behind(relays, logs, cursor)) {
      logs.begin(false, entry(1010, "new"));
      assertEquals(List.of("STATUS connected", "n35", "new"), client.take());
    }
  }

  @Test
  void several_entries_that_were_stored_late_while_nobody_was_there_are_a_gap() throws Exception {
    String cursor = cursorBehindAHundred();
    logs.store(entry(1003, "late"), entry(1004, "late"), entry(1010, "new"));
    try (RelayClient client = RelayClient.behind(relays, logs, cursor)) {
      logs.begin(true, logs.stored().toArray(Entry[]::new));
      assertEquals(
          List.of("STATUS connected", "GAP 2 entries were stored late, among those that came before the cursor", "new"),
          client.take());
    }
  }

  private static final String UNSURE =
      "GAP more entries came shortly before the cursor than are looked at again: some may have been stored late among them";

  /** A hundred a second, from second 1000 on. */
  private static Entry[] busy(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> entry(1000 + i / 100, "b" + i)).toArray(Entry[]::new);
  }

  /** One of a relay that waits for nobody. */
  private RelayClient atRest() throws Exception {
    relays = relays(LONG, Duration.ZERO);
    return RelayClient.last(relays, logs, 0);
  }

  /** A cursor behind 5,000 entries of less than a minute, of the present relay. */
  private String cursorBehindABusyMinute(RelayClient client) throws Exception {
    logs.begin(true);
    client.take();
    logs.store(busy(0, 5000));
    logs.arrive(busy(0, 5000));
    client.take();
    return client.cursor();
  }

  private String cursorBehindABusyMinuteOfAnEndedProcess() throws Exception {
    try (RelayClient client = atRest()) {
      String cursor = cursorBehindABusyMinute(client);
      relays.endAll("the server stops");
      relays = relays(LONG, TAKERS);
      return cursor;
    }
  }

  @Test
  void entries_that_may_have_been_stored_late_in_a_busy_minute_are_a_gap() throws Exception {
    String cursor = cursorBehindABusyMinuteOfAnEndedProcess();
    logs.store(entry(1003, "late"), entry(1050, "new"));
    try (RelayClient client = RelayClient.behind(relays, logs, cursor)) {
      logs.begin(false, entry(1050, "new"));
      assertEquals(List.of("STATUS connected", UNSURE, "new"), client.take());
    }
  }

  @Test
  void entry_that_was_stored_late_in_a_busy_minute_is_found_where_all_of_it_is_at_hand() throws Exception {
    String cursor = cursorBehindABusyMinuteOfAnEndedProcess();
    Relays.Waits waits = new Relays.Waits(LONG, REST, TAKERS);
    relays = new Relays(RelayClient.Texts::new, () -> 3, RelayClient.SILENT, waits, 16 << 20);
    logs.store(entry(1003, "late"), entry(1050, "new"));
    try (RelayClient client = RelayClient.behind(relays, logs, cursor)) {
      logs.begin(true, logs.stored().toArray(Entry[]::new));
      assertEquals(List.of("STATUS connected", "late", "new"), client.take());
    }
  }

  @Test
  void busy_minute_is_no_gap_where_the_relay_knows_that_nothing_came_late() throws Exception {
    try (RelayClient keeper = atRest()) {
      String cursor = cursorBehindABusyMinute(keeper);
      logs.store(busy(5000, 6000));
      logs.arrive(busy(5000, 6000));
      try (RelayClient client = RelayClient.behind(relays, logs, cursor)) {
        List<String> expected = new ArrayList<>(List.of("STATUS connected"));
        IntStream.range(5000, 6000).forEach(i -> expected.add("b" + i));
        assertEquals(expected, client.take());
      }
    }
  }

  @Test
  void entry_that_a_relay_was_told_late_in_a_busy_minute_is_a_gap_where_the_ring_has_gone_on() throws Exception {
    try (RelayClient keeper = atRest()) {
      String cursor = cursorBehindABusyMinute(keeper);
      logs.store(entry(1003, "late"));
      logs.arrive(entry(1003, "late"));
      logs.store(busy(5000, 6000));
      logs.arrive(busy(5000, 6000));
      try (RelayClient client = RelayClient.behind(relays, logs, cursor)) {
        List<String> expected = new ArrayList<>(List.of("STATUS connected", UNSURE));
        IntStream.range(5000, 6000).forEach(i -> expected.add("b" + i));
        assertEquals(expected, client.take());
      }
    }
  }

  @Test
  void cursor_of_another_environment_is_refused() throws Exception {
    try (RelayClient client = RelayClient.last(relays, logs, 0)) {
      logs.begin(true);
      client.take();
      logs.arrive(numbered(0, 1));
      client.take();
      String cursor = client.cursor();
      assertThrows(IllegalArgumentException.class, () -> RelayCursor.parse("another", cursor));
      String damaged = (cursor.charAt(20) == 'A' ? 'B' : 'A') + cursor.substring(1);
      assertThrows(IllegalArgumentException.class, () -> RelayCursor.parse(RelayClient.ENVIRONMENT, damaged));
      assertThrows(IllegalArgumentException.class, () -> RelayCursor.parse(RelayClient.ENVIRONMENT, "?"));
    }
  }

  // ---- lives

  @Test
  void environment_has_no_more_clients_than_it_may() throws Exception {
    try (RelayClient _ = RelayClient.last(relays, logs, 0);
        RelayClient _ = RelayClient.last(relays, logs, 0)) {
      RelayClient third = RelayClient.last(relays, logs, 0);
      assertThrows(FullException.class, () -> RelayClient.last(relays, logs, 0));
      third.close();
      RelayClient.last(relays, logs, 0).close();
    }
  }

  @Test
  void client_that_comes_back_soon_finds_the_stream_as_it_was() throws Exception {
    RelayClient.last(relays, logs, 0).close();
    try (RelayClient _ = RelayClient.last(relays, logs, 0)) {
      assertTrue(logs.isListenedTo());
      assertEquals(1, logs.streams());
    }
  }

  @Test
  void stream_ends_some_time_after_the_last_client() throws Exception {
    relays = relays(Duration.ofMillis(50), TAKERS);
    RelayClient.last(relays, logs, 0).close();
    logs.awaitEnd();
    assertFalse(logs.isListenedTo());
  }

  @Test
  void clients_are_told_to_come_back_when_the_logs_are_had_from_elsewhere() throws Exception {
    ToldLogs others = new ToldLogs();
    try (RelayClient client = RelayClient.last(relays, logs, 0)) {
      logs.begin(true);
      client.take();
      relays.endAll("come back");
      EndedException end = assertThrows(EndedException.class, client::take);
      assertFalse(end.hasFailed());
      try (RelayClient again = RelayClient.last(relays, others, 0)) {
        others.begin(true);
        assertEquals(List.of("STATUS connected"), again.take());
      }
    }
  }

  // ---- large things

  @Test
  void batch_that_is_larger_than_the_ring_comes_whole_to_who_takes_what_comes() throws Exception {
    relays = relays(LONG, LONG);
    try (RelayClient client = RelayClient.last(relays, logs, 0)) {
      logs.begin(true);
      client.take();
      Thread telling = Thread.ofVirtual().start(() -> logs.arrive(numbered(0, 5000)));
      List<String> seen = new ArrayList<>();
      while (seen.size() < 5000) {
        seen.addAll(client.take());
      }
      telling.join();
      assertEquals(messages(0, 5000), seen);
    }
  }

  @Test
  void past_that_is_larger_than_the_ring_is_no_gap() throws Exception {
    try (RelayClient client = RelayClient.last(relays, logs, 3)) {
      client.take();
      logs.begin(true, numbered(0, 5000));
      assertEquals(List.of("STATUS connected", "m4997", "m4998", "m4999"), client.take());
    }
  }

  @Test
  void gap_that_the_ring_has_left_behind_is_told_to_who_missed_it() throws Exception {
    try (RelayClient slow = RelayClient.last(relays, logs, 0)) {
      logs.begin(true);
      slow.take();
      logs.tell(new Happening.Lost(OptionalLong.of(12), "dropped"));
      logs.arrive(numbered(0, 1000));

      List<String> messages = slow.take();
      int missed = 1000 - (messages.size() - 1);
      assertEquals("GAP " + missed + " the client reads more slowly than entries come", messages.getFirst());
    }
  }

  @Test
  void entry_that_is_too_large_is_cut_and_says_so() throws Exception {
    try (RelayClient client = RelayClient.last(relays, logs, 0)) {
      logs.begin(true);
      client.take();
      logs.arrive(entry(1, "x".repeat(2 << 20)));

      List<String> messages = client.take();
      assertTrue(messages.getFirst().endsWith("x CUT"));
      assertTrue(messages.getFirst().length() < 1 << 20);
    }
  }

  // ---- what takes time

  @Test
  void client_whose_past_takes_long_is_told_the_status_at_once_and_may_leave() throws Exception {
    logs.hold();
    RelayClient client = RelayClient.last(relays, logs, 10);
    logs.begin(false, numbered(5, 7));
    assertEquals(List.of("STATUS connected"), client.takeAtOnce());
    assertEquals(List.of(), client.takeAtOnce());
    logs.awaitQuery();
    client.close();
    logs.awaitInterrupted();
  }

  @Test
  void filter_that_comes_before_the_past_holds_for_it() throws Exception {
    try (RelayClient client = RelayClient.last(relays, logs, 10)) {
      logs.begin(true, entry(Instant.EPOCH, "info", "a", "one"), entry(Instant.EPOCH, "info", "b", "two"));
      client.filter(Set.of("b"), Set.of(), null);
      assertEquals(List.of("STATUS connected", "two"), client.take());
    }
  }

  @Test
  void trouble_on_the_standing_subscription_is_over_when_entries_come() throws Exception {
    try (RelayClient _ = RelayClient.last(relays, logs, 0)) {
      logs.begin(true);
      logs.tell(new Happening.Trouble("a null came"));
      logs.arrive(numbered(0, 1));
      try (RelayClient later = RelayClient.last(relays, logs, 1)) {
        assertEquals(List.of("STATUS connected", "m0"), later.take());
      }
    }
  }

  // ---- more of the past

  @Test
  void entries_later_than_a_time_have_their_losses_before_them() throws Exception {
    try (RelayClient keeper = RelayClient.last(relays, logs, 0)) {
      logs.begin(true, numbered(0, 3));
      keeper.take();
      logs.tell(new Happening.Lost(OptionalLong.of(12), "dropped"));
      logs.arrive(numbered(3, 5));
      try (RelayClient client = RelayClient.after(relays, logs, Instant.ofEpochSecond(2))) {
        assertEquals(List.of("STATUS connected", "GAP 12 dropped", "m3", "m4"), client.take());
      }
      try (RelayClient client = RelayClient.after(relays, logs, Instant.ofEpochSecond(3))) {
        assertEquals(List.of("STATUS connected", "m4"), client.take());
      }
    }
  }

  @Test
  void entries_of_a_time_to_come_are_waited_for() throws Exception {
    try (RelayClient client = RelayClient.after(relays, logs, Instant.ofEpochSecond(10))) {
      logs.begin(true, numbered(0, 3));
      assertEquals(List.of("STATUS connected"), client.take());
      logs.arrive(numbered(9, 12));
      assertEquals(List.of("m11"), client.take());
    }
  }

  @Test
  void entries_of_a_service_that_is_gone_are_found_by_its_id() throws Exception {
    logs.store(entry(Instant.ofEpochSecond(1), "info", "gone", "of the old one"));
    logs.store(numbered(2, 5));
    try (RelayClient client = RelayClient.wanting(relays, logs, Wanted.of(Set.of("id-gone"), Set.of(), null), 5)) {
      logs.begin(false, numbered(4, 5));
      assertEquals(
          List.of(
              "STATUS connected", "ERROR there is no service of that name in the environment: id-gone", "of the old one"),
          client.take());
    }
  }

  @Test
  void cursor_of_a_relay_that_has_ended_meanwhile_is_exact() throws Exception {
    relays = relays(Duration.ofMillis(50), TAKERS);
    String cursor;
    Entry[] told = IntStream.range(0, 60).mapToObj(i -> entry(7, "n" + i)).toArray(Entry[]::new);
    try (RelayClient client = RelayClient.last(relays, logs, 0)) {
      logs.begin(true);
      client.take();
      logs.arrive(told);
      assertEquals(40, client.take(40).size());
      cursor = client.cursor();
    }
    logs.awaitEnd();

    logs.store(told);
    logs.store(entry(5, "late"), entry(7, "n5"), entry(8, "new"));
    try (RelayClient client = RelayClient.behind(relays, logs, cursor)) {
      logs.begin(true, logs.stored().toArray(Entry[]::new));
      List<String> expected = new ArrayList<>(List.of("STATUS connected", "late"));
      IntStream.range(40, 60).forEach(i -> expected.add("n" + i));
      expected.addAll(List.of("n5", "new"));
      assertEquals(expected, client.take());
    }
  }

  @Test
  void cursor_that_somebody_made_up_is_refused() throws Exception {
    byte[] bytes = new byte[74];
    bytes[0] = 1;
    CRC32C environment = new CRC32C();
    environment.update(RelayClient.ENVIRONMENT.getBytes(StandardCharsets.UTF_8));
    ByteBuffer.wrap(bytes).putInt(1, (int) environment.getValue());
    bytes[69] = (byte) 0xf0;
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, 70);
    ByteBuffer.wrap(bytes).putInt(70, (int) crc.getValue());
    String cursor = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);

    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> RelayCursor.parse(RelayClient.ENVIRONMENT, cursor));
    assertTrue(error.getMessage().startsWith("the cursor can't be read"), error::getMessage);
  }
}

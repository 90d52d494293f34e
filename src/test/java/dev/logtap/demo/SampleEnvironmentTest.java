package dev.logtap.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import dev.logtap.railway.Entry;
import dev.logtap.railway.EnvironmentLogs;
import dev.logtap.railway.Happening;
import dev.logtap.railway.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleEnvironmentTest {
  private static final Instant BEGIN = Instant.parse("2026-11-23T01:02:03Z");
  private static final String ID = "environment";

  private final SampleEnvironment environment = new SampleEnvironment(Map.of("id-a", "a", "id-b", "b"));

  /** One a second, in turns of two services. */
  private static Entry entry(int number) {
    Instant time = BEGIN.plusSeconds(number);
    String service = number % 2 == 0 ? "a" : "b";
    return new Entry(time, time.toString(), "info", "id-" + service, service, "d", "r", "m" + number, List.of());
  }

  private void say(int from, int to) {
    environment.add(IntStream.range(from, to).mapToObj(SampleEnvironmentTest::entry).toList());
  }

  private static List<Entry> entries(List<Happening> told) {
    List<Entry> entries = new ArrayList<>();
    for (Happening happening : told) {
      switch (happening) {
        case Happening.Past(List<Entry> past, boolean _) -> entries.addAll(past);
        case Happening.Arrived(List<Entry> arrived) -> entries.addAll(arrived);
        default -> {}
      }
    }
    return entries;
  }

  private static List<Entry> expected(int from, int to) {
    return IntStream.range(from, to).mapToObj(SampleEnvironmentTest::entry).toList();
  }

  private static void awaitEntries(int count, List<Happening> told) {
    Await.until(() -> entries(told).size() >= count, () -> entries(told).size() + " entries");
  }

  @Test
  void stream_begins_with_what_was_said_and_goes_on_with_what_comes() {
    say(0, 10);
    List<Happening> told = new CopyOnWriteArrayList<>();
    try (EnvironmentLogs logs = environment.open();
        EnvironmentLogs.Stream _ = logs.stream(ID, told::add)) {
      awaitEntries(10, told);
      say(10, 13);
      awaitEntries(13, told);
    }

    assertEquals(new Happening.Past(expected(0, 10), true), told.get(0));
    assertEquals(new Happening.Connected(), told.get(1));
    assertEquals(expected(0, 13), entries(told));
  }

  @Test
  void each_entry_comes_once_while_much_is_said() {
    List<Happening> told = new CopyOnWriteArrayList<>();
    try (EnvironmentLogs logs = environment.open();
        EnvironmentLogs.Stream _ = logs.stream(ID, told::add)) {
      for (int i = 0; i < 1000; i++) {
        say(i, i + 1);
      }
      awaitEntries(1000, told);
    }

    assertEquals(expected(0, 1000), entries(told));
  }

  @Test
  void history_that_is_longer_than_a_beginning_is_not_told_whole() {
    say(0, 3000);
    List<Happening> told = new CopyOnWriteArrayList<>();
    try (EnvironmentLogs logs = environment.open();
        EnvironmentLogs.Stream _ = logs.stream(ID, told::add)) {
      awaitEntries(2000, told);
    }

    assertEquals(new Happening.Past(expected(1000, 3000), false), told.getFirst());
  }

  @Test
  void old_ones_go_and_a_stream_that_missed_some_is_told_how_many() {
    List<Happening> told = new CopyOnWriteArrayList<>();
    CountDownLatch slow = new CountDownLatch(1);
    try (EnvironmentLogs logs = environment.open();
        EnvironmentLogs.Stream _ =
            logs.stream(
                ID,
                happening -> {
                  told.add(happening);
                  if (happening instanceof Happening.Connected) {
                    Await.until(() -> slow.getCount() == 0, () -> "nobody let it go on");
                  }
                })) {
      Await.until(() -> told.size() == 2, told::toString);
      say(0, 30_000);
      slow.countDown();
      awaitEntries(20_000, told);
    }

    assertEquals(new Happening.Lost(OptionalLong.of(10_000), "more came than is kept"), told.get(2));
    assertEquals(expected(10_000, 30_000), entries(told));
  }

  @Test
  void stored_ones_are_the_newest_within_the_bounds() throws Exception {
    say(0, 100);
    try (EnvironmentLogs logs = environment.open()) {
      assertEquals(
          new Page(expected(45, 50), true), logs.stored(ID, List.of(), null, entry(49).time(), 5));
      assertEquals(
          new Page(expected(41, 50), false), logs.stored(ID, List.of(), entry(40).time(), entry(49).time(), 50));
      Page ofOne = logs.stored(ID, List.of("id-b"), null, entry(99).time(), 2);
      assertEquals(new Page(List.of(entry(97), entry(99)), true), ofOne);
      assertEquals(Map.of("id-a", "a", "id-b", "b"), logs.services(ID));
    }
  }

  @Test
  void nothing_is_told_after_the_end_of_a_stream_or_of_what_opened_it() {
    List<Happening> first = new CopyOnWriteArrayList<>();
    List<Happening> second = new CopyOnWriteArrayList<>();
    List<Happening> third = new CopyOnWriteArrayList<>();
    try (EnvironmentLogs other = environment.open()) {
      EnvironmentLogs logs = environment.open();
      EnvironmentLogs.Stream ended = logs.stream(ID, first::add);
      logs.stream(ID, second::add);
      other.stream(ID, third::add);
      Await.until(() -> first.size() == 2 && second.size() == 2 && third.size() == 2, () -> "not all are connected");

      ended.close();
      say(0, 1);
      awaitEntries(1, second);
      logs.close();
      say(1, 2);
      awaitEntries(2, third);
    }

    assertTrue(entries(first).isEmpty());
    assertEquals(expected(0, 1), entries(second));
    assertFalse(entries(third).isEmpty());
  }
}

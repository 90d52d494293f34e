package dev.logtap.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.protocol.RelayMessage;
import dev.logtap.railway.Entry;
import dev.logtap.railway.Entry.Attribute;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries of any size, as messages of 1 MiB at most. */
class FittingTest {
  private static final int MIB = 1 << 20;

  private static Entry entry(String severity, String message, Attribute... attributes) {
    Instant time = Instant.EPOCH;
    return new Entry(time, time.toString(), severity, "s", "api", "d", "r", message, List.of(attributes));
  }

  private static int messageLength(Fitting fitting) {
    ByteArrayOutputStream sink = new ByteArrayOutputStream();
    new RelayMessage(sink).log(fitting.entry(), fitting.cut(), "c".repeat(200));
    return sink.size();
  }

  @Test
  void usual_entry_stays_as_it_is() {
    Entry entry = entry("info", "x".repeat(100_000), new Attribute("a", "1"));

    Fitting fitting = Fitting.of(entry);
    assertSame(entry, fitting.entry());
    assertFalse(fitting.cut());
  }

  @Test
  void large_entry_that_fits_stays_whole() {
    Entry entry = entry("info", "x".repeat(700 << 10), new Attribute("a", '"' + "y".repeat(200 << 10) + '"'));

    Fitting fitting = Fitting.of(entry);
    assertEquals(entry, fitting.entry());
    assertFalse(fitting.cut());
    assertTrue(messageLength(fitting) <= MIB);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\"", "\n", "\u0001", "\u00e9", "\u4e2d", "\ud83d\ude00", "\ud83d"})
  void message_of_whatever_characters_is_cut_to_fit(String character) {
    Entry entry = entry("info", character.repeat(2 * MIB), new Attribute("a", '"' + "y".repeat(MIB) + '"'));

    Fitting fitting = Fitting.of(entry);
    assertTrue(fitting.cut());
    assertTrue(messageLength(fitting) <= MIB, () -> messageLength(fitting) + " bytes");
    assertTrue(messageLength(fitting) > MIB / 4, () -> messageLength(fitting) + " bytes");
    assertEquals(List.of(), fitting.entry().attributes());
    assertEquals(Likeness.of(entry), fitting.likeness());
  }

  @Test
  void everything_else_is_cut_as_well() {
    String large = "\u0001".repeat(MIB);
    Fitting fitting = Fitting.of(entry(large, "short", new Attribute(large, "1"), new Attribute("a", "1")));

    assertTrue(fitting.cut());
    assertTrue(messageLength(fitting) <= MIB, () -> messageLength(fitting) + " bytes");
    assertEquals("short", fitting.entry().message());
  }
}

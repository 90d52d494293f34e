package dev.logtap.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.railway.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random entries, with equal ones, equal times and late ones, and a client that takes some, leaves, and comes back by cursor, to
 * the same relay or to the next: it gets each entry once, or is told how many it has missed.
 */
@Timeout(60)
class RelayModelTest {
  private static final int STEPS = 400;

  private static final Relays.Waits WAITS =
      new Relays.Waits(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(200));

  private final ToldLogs logs = new ToldLogs();
  private final Relays relays = new Relays(RelayClient.Texts::new, () -> 10, RelayClient.SILENT, WAITS, 64 << 10);

  /** All that has been stored since the client came first. */
  private final List<String> expected = new ArrayList<>();

  private final List<String> seen = new ArrayList<>();

  /** How many the client was told that it had missed. */
  private int missed;

  private RelayClient client;
  private long now = 1000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void client_that_comes_and_goes_gets_each_entry_once(long seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      logs.store(entry(random));
    }
    come(null);
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3, 4 -> arrive(random);
        case 5, 6 -> take(random.nextInt(1, 20));
        case 7 -> comeBack(false, random);
        case 8 -> comeBack(true, random);
        default -> take(Integer.MAX_VALUE);
      }
    }
    take(Integer.MAX_VALUE);
    client.close();

    List<String> unseen = new ArrayList<>(expected);
    for (String message : seen) {
      assertTrue(unseen.remove(message), () -> message + " came too often, seed " + seed);
    }
    assertEquals(expected.size(), seen.size() + missed, "seed " + seed);
  }

  private Entry entry(Random random) {
    now += random.nextInt(3);
    // Some are late, by less than what is remembered.
    long time = random.nextInt(4) == 0 ? now - random.nextInt(20) : now;
    return ToldLogs.entry(Instant.ofEpochSecond(time), "info", random.nextBoolean() ? "a" : "b", "m" + random.nextInt(5));
  }

  private void arrive(Random random) {
    Entry[] entries = new Entry[random.nextInt(1, 30)];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = entry(random);
      expected.add(entries[i].message());
    }
    logs.store(entries);
    logs.arrive(entries);
  }

  private void take(int most) throws Exception {
    for (String message : client.take(most)) {
      if (message.startsWith("m")) {
        seen.add(message);
      } else if (message.startsWith("GAP ")) {
        missed += Integer.parseInt(message.split(" ")[1]);
      } else {
        assertEquals("STATUS connected", message);
      }
    }
  }

  /** Leaves and comes back; when the relay has ended meanwhile, to one that knows of the past only what is stored. */
  private void comeBack(boolean afterTheEnd, Random random) throws Exception {
    // Without an entry there is no cursor to come back with.
    take(Integer.MAX_VALUE);
    String cursor = client.cursor();
    if (cursor == null) {
      return;
    }
    if (afterTheEnd) {
      client.close();
      logs.awaitEnd();
      arrive(random);
      come(cursor);
    } else {
      RelayClient before = client;
      client = RelayClient.behind(relays, logs, cursor);
      before.close();
      arrive(random);
    }
  }

  private void come(String cursor) throws Exception {
    client = cursor == null ? RelayClient.last(relays, logs, 0) : RelayClient.behind(relays, logs, cursor);
    List<Entry> stored = logs.stored();
    List<Entry> past = stored.subList(Math.max(0, stored.size() - 40), stored.size());
    logs.begin(past.size() == stored.size(), past.toArray(Entry[]::new));
    if (cursor == null) {
      take(Integer.MAX_VALUE);
    }
  }
}

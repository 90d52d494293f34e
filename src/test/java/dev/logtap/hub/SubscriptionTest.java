package dev.logtap.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import dev.logtap.log.Needle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Clients of one log, from its hub's ring and from its files. */
class SubscriptionTest extends HubScene {
  @Test
  void last_lines_come_first_and_then_new_ones() throws Exception {
    append("one\ntwo\n");
    try (Client client = new Client(null).withLastLines(2).expect("one\ntwo\n")) {
      append("three\n");
      client.expect("one\ntwo\nthree\n");
      assertEquals(List.of(), client.gaps);
    }
  }

  @Test
  void each_client_gets_each_line_once_while_the_log_is_written_and_rotated() throws Exception {
    int clients = 8;
    int rotations = 4;
    int each = 20_000;
    String all = lines(1, rotations * each);
    CountDownLatch begun = new CountDownLatch(clients);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<String>>> gaps = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        gaps.add(
            threads.submit(
                () -> {
                  try (Client client = Client.live(this)) {
                    begun.countDown();
                    return client.expect(all).gaps;
                  }
                }));
      }
      begun.await();
      for (int r = 0; r < rotations; r++) {
        for (int i = 1; i <= each; i += 500) {
          append(lines(r * each + i, r * each + i + 499));
        }
        if (r < rotations - 1) {
          Files.move(file, directory.resolve("app.log." + (rotations - r)));
        }
      }
      for (Future<List<String>> one : gaps) {
        assertEquals(List.of(), one.get());
      }
    }
  }

  @Test
  void client_that_falls_out_of_the_ring_reads_the_files_and_joins_again() throws Exception {
    String all = longText(LONG);
    try (Client slow = Client.live(this);
        Client quick = Client.live(this)) {
      append(all);
      quick.expect(all);
      slow.expect(all);

      append("joined\n");
      slow.expect(all + "joined\n");
      assertEquals(List.of(), slow.gaps);
    }
  }

  @Test
  void client_that_comes_back_gets_what_came_meanwhile() throws Exception {
    String cursor;
    try (Client client = Client.live(this)) {
      append("one\n");
      cursor = client.expect("one\n").cursor;
    }
    append("two\n");
    Files.move(file, directory.resolve("app.log.1"));
    append("three\n");
    try (Client client = new Client(null).resume(cursor, 10).expect("two\nthree\n")) {
      append("four\n");
      client.expect("two\nthree\nfour\n");
      assertEquals(List.of(), client.gaps);
    }
  }

  @Test
  void filter_counts_from_where_it_is_changed() throws Exception {
    append("it was\n");
    try (Client client = new Client("it").withLastLines(5).expect("it was\n")) {
      append("no\nit is\n");
      client.expect("it was\nit is\n");
      client.subscription.filter(null);
      append("all\n");
      client.expect("it was\nit is\nall\n");
      client.subscription.filter(new Needle("that"));
      append("it\nthat\n");
      client.expect("it was\nit is\nall\nthat\n");
    }
  }

  @Test
  void client_that_is_behind_is_filtered_too() throws Exception {
    String all = longText(LONG);
    String wanted = all.lines().filter(line -> line.contains("7")).map(line -> line + "\n").collect(Collectors.joining());
    try (Client slow = new Client("7").withLastLines(0);
        Client quick = Client.live(this)) {
      append(all);
      quick.expect(all);
      slow.expect(wanted);
    }
  }

  @Test
  void texts_that_clients_look_for_are_limited_and_shared() throws Exception {
    try (Client one = new Client("one").withLastLines(0);
        Client two = new Client("two").withLastLines(0)) {
      assertThrows(TooManyFiltersException.class, () -> new Client("three"));
      try (Client same = new Client("two").withLastLines(0)) {
        append("one and two\n");
        one.expect("one and two\n");
        two.expect("one and two\n");
        same.expect("one and two\n");
        assertThrows(TooManyFiltersException.class, () -> same.subscription.filter(new Needle("three")));
      }
      two.subscription.filter(new Needle("another"));
      append("one and another\n");
      two.expect("one and two\none and another\n");
      two.subscription.filter(new Needle("one"));
      new Client("three").close();
    }
  }

  @Test
  void line_over_many_pieces_arrives_whole() throws Exception {
    String longLine = "x".repeat(3 << 20) + "\n";
    try (Client client = Client.live(this)) {
      append("short\n" + longLine + "end\n");
      client.expect("short\n" + longLine + "end\n");
    }
  }

  @Test
  void wait_ends_when_the_client_is_woken() throws Exception {
    try (Client client = Client.live(this)) {
      client.subscription.wake();
      client.subscription.await();
      awaitUntil(client.subscription::wake, client);
      assertEquals(0, client.subscription.take(client.frames));
    }
  }

  @Test
  void client_that_is_ahead_of_the_hub_waits_for_it_and_gets_nothing_twice() throws Exception {
    try (Client early = Client.live(this);
        Hubs others = hubs()) {
      String cursor;
      try (Obstacle obstacle = new Obstacle(null)) {
        append("one\n");
        obstacle.met.await();
        try (Subscription ahead = others.subscribe(log, null)) {
          ahead.beginWithLastLines(0);
          Frame[] first = new Frame[1];
          assertEquals(1, ahead.take(first));
          cursor = StandardCharsets.UTF_8.decode(first[0].bytes()).toString().split("" + TextEncoding.END)[0];
          first[0].release();
        }
        try (Client client = new Client(null).resume(cursor, 10)) {
          client.expect("", 1);
          assertEquals(0, client.subscription.take(client.frames));
          obstacle.remove();
          append("two\n");
          client.expect("two\n");
          assertEquals(List.of(), client.gaps);
        }
      }
      early.expect("one\ntwo\n");
    }
  }

  @Test
  void bug_of_the_hub_ends_its_subscriptions_and_the_next_one_has_a_new_hub() throws Exception {
    RuntimeException bug = new IllegalStateException("a bug");
    try (Client client = Client.live(this)) {
      assertEquals(0, client.subscription.take(client.frames));
      Obstacle obstacle = new Obstacle(bug);
      append("one\n");
      obstacle.met.await();
      whenParked(Thread.currentThread(), obstacle::remove);
      IOException end =
          assertThrows(
              IOException.class,
              () -> {
                while (true) {
                  assertEquals(0, client.takeOnce());
                }
              });
      assertSame(bug, end.getCause());
      try (Client next = Client.live(this)) {
        append("two\n");
        next.expect("two\n");
      }
    }
    Await.until(() -> !bugs.isEmpty(), () -> "it is not reported");
    assertSame(bug, bugs.remove());
  }

  @Test
  void end_of_all_hubs_ends_the_wait() throws Exception {
    try (Client client = Client.live(this)) {
      assertEquals(0, client.subscription.take(client.frames));
      awaitUntil(
          () -> {
            try {
              hubs.close();
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          },
          client);
    }
  }

  @Test
  void large_message_waits_for_its_memory() throws Exception {
    String large = "x".repeat(Budget.SMALL) + "\n";
    try (Client client = Client.live(this);
        Budget.Claim all = budget.claim(Integer.MAX_VALUE)) {
      append(large);
      Await.until(() -> takesNothingFor(client), () -> "it claims no memory");
      assertEquals(1, client.messages, "its first one came before");
      whenParked(Thread.currentThread(), all::close);
      client.expect(large);
      append("small\n");
      client.expect(large + "small\n");
    }
  }

  @Test
  void client_that_leaves_while_it_waits_for_memory_gives_its_place_back() throws Exception {
    try (Budget.Claim all = budget.claim(Integer.MAX_VALUE)) {
      assertTrue(all.isGranted());
      Client client = Client.live(this);
      append("x".repeat(Budget.SMALL) + "\n");
      Await.until(() -> takesNothingFor(client), () -> "it claims no memory");
      client.close();
      assertFalse(budget.isShort());
    }
  }

  /** Takes once, nothing; whether the client waits for memory now. */
  private boolean takesNothingFor(Client client) {
    try {
      assertEquals(0, client.subscription.take(client.frames));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return budget.isShort();
  }

  @Test
  void client_for_whom_nothing_passes_hears_how_far_it_has_come() throws Exception {
    String cursor;
    try (Client slow = new Client("none has this").withLastLines(0);
        Client quick = Client.live(this)) {
      String all = longText(LONG);
      append(all);
      quick.expect(all);
      while (slow.messages < 3) {
        slow.takeOnce();
      }
      assertEquals("", slow.text.toString());
      cursor = slow.cursor;
    }
    try (Client client = new Client(null).resume(cursor, 0)) {
      append("end\n");
      client.expectEnd("end\n");
      assertTrue(client.text.length() < LONG - (32 << 20), () -> client.text.length() + " bytes came again");
      assertEquals(List.of(), client.gaps);
    }
  }

  /** Lets the client wait until the action ends that: a wait may also end for no reason, and is then begun anew. */
  private static void awaitUntil(Runnable action, Client client) throws InterruptedException {
    AtomicBoolean acted = new AtomicBoolean();
    Thread actor =
        whenParked(
            Thread.currentThread(),
            () -> {
              acted.set(true);
              action.run();
            });
    while (!acted.get()) {
      client.subscription.await();
    }
    actor.join();
  }

  private static Thread whenParked(Thread waiter, Runnable action) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              Await.until(() -> waiter.getState() == Thread.State.WAITING, () -> waiter + " is " + waiter.getState());
              action.run();
            });
  }

  @Test
  void hub_lives_as_long_as_somebody_listens() throws Exception {
    Await.until(() -> hubThreads() == 0, () -> "the hub of another test lives on");
    Client first = Client.live(this);
    Client second = Client.live(this);
    assertEquals(1, hubThreads());
    first.close();
    append("more\n");
    second.expect("more\n");
    second.close();
    Await.until(() -> hubThreads() == 0, () -> "the hub lives on");
  }

  private static long hubThreads() {
    return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("hub-app")).count();
  }
}

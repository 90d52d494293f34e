package dev.logtap.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import dev.logtap.log.AllowedLog;
import dev.logtap.log.Cursor;
import dev.logtap.log.LogName;
import dev.logtap.log.Needle;
import dev.logtap.log.Reading.Lines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients of one log, from its hub's ring and from its files. */
@Timeout(60)
class SubscriptionTest {
  private static final LogName NAME = new LogName("app");
  private static final int MOST_FILTERS = 2;

  /** More than any ring has. */
  private static final int LONG = 40 << 20;

  @TempDir Path directory;

  private Path file;
  private AllowedLog log;
  private FileReads reads;
  private final Budget budget = new Budget(48 << 20);
  private final Queue<Throwable> bugs = new ConcurrentLinkedQueue<>();
  private Hubs hubs;

  /** What the hub meets before it publishes; null for nothing. */
  private volatile Obstacle obstacle;

  /** What a hub says to an administrator is not what is looked at here, but a bug is. */
  private final Hubs.Reports reports =
      new Hubs.Reports() {
        @Override
        public void notice(AllowedLog log, String sentence) {}

        @Override
        public void unreadable(AllowedLog log, String why) {}

        @Override
        public void readable(AllowedLog log) {}

        @Override
        public void failed(AllowedLog log, Throwable bug) {
          bugs.add(bug);
        }
      };

  @BeforeEach
  void open() throws IOException {
    file = Files.writeString(directory.resolve("app.log"), "before\n");
    log = new AllowedLog(NAME, file, false);
    reads = new FileReads();
    hubs = hubs();
  }

  @AfterEach
  void close() throws IOException {
    hubs.close();
    reads.close();
    assertEquals(List.of(), List.copyOf(bugs));
    assertTrue(budget.claim(Integer.MAX_VALUE).isGranted(), "whatever was claimed is given back");
  }

  private Hubs hubs() {
    return new Hubs(HinderedEncoding::new, reads, budget, () -> MOST_FILTERS, reports);
  }

  private void append(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static String lines(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
  }

  /** So many bytes of lines, none of which is another's equal. */
  private static String longText(int bytes) {
    StringBuilder text = new StringBuilder(bytes + 1100);
    for (int i = 0; text.length() < bytes; i++) {
      text.append(i).append(' ').repeat("x", 1000).append('\n');
    }
    return text.toString();
  }

  /** Holds the hub up, with lines that are read and that nobody has yet. */
  private final class Obstacle implements AutoCloseable {
    private final CountDownLatch met = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private final RuntimeException bug;

    Obstacle(RuntimeException bug) {
      this.bug = bug;
      obstacle = this;
    }

    private void meet() {
      met.countDown();
      try {
        gone.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      if (bug != null) {
        throw bug;
      }
    }

    private void remove() {
      obstacle = null;
      gone.countDown();
    }

    @Override
    public void close() {
      remove();
    }
  }

  private final class HinderedEncoding implements Encoding {
    private final TextEncoding encoding = new TextEncoding();

    @Override
    public void begin() {
      Obstacle here = obstacle;
      if (here != null && Thread.currentThread().getName().startsWith("hub-")) {
        here.meet();
      }
      encoding.begin();
    }

    @Override
    public void add(Lines lines) {
      encoding.add(lines);
    }

    @Override
    public ByteBuffer end(boolean partial, String gap, Cursor cursor) {
      return encoding.end(partial, gap, cursor);
    }
  }

  /** A client that takes on the thread which made it. */
  private final class Client implements AutoCloseable {
    private final Subscription subscription;
    private final Frame[] frames = new Frame[16];
    private final StringBuilder text = new StringBuilder();
    private final List<String> gaps = new ArrayList<>();
    private String cursor;
    private int messages;

    Client(String needle) throws IOException, TooManyFiltersException {
      subscription = hubs.subscribe(log, needle == null ? null : new Needle(needle));
    }

    static Client live(SubscriptionTest test) throws IOException, TooManyFiltersException {
      return test.new Client(null).withLastLines(0);
    }

    Client withLastLines(int lines) throws IOException {
      subscription.beginWithLastLines(lines);
      // The first message says where the client is.
      return expect("", lines == 0 ? 1 : 0);
    }

    Client resume(String from, int lines) throws IOException {
      subscription.resume(Cursor.parse(NAME, from), lines);
      return this;
    }

    /** Takes until it has all of that, and at least so many messages. */
    private Client expect(String whole, int messages) throws IOException {
      int taken = 0;
      while (taken < messages || text.length() < whole.length()) {
        taken += takeOnce();
      }
      assertTrue(whole.contentEquals(text), () -> "expected " + brief(whole) + " but got " + brief(text.toString()));
      return this;
    }

    Client expectEnd(String end) throws IOException {
      while (!text.substring(Math.max(0, text.length() - end.length())).equals(end)) {
        takeOnce();
      }
      return this;
    }

    private int takeOnce() throws IOException {
      assertTrue(!Thread.interrupted(), () -> "has only " + brief(text.toString()) + " and " + gaps);
      int count = subscription.take(frames);
      for (int i = 0; i < count; i++) {
        note(StandardCharsets.UTF_8.decode(frames[i].bytes()).toString());
        frames[i].release();
      }
      if (count == 0) {
        subscription.await();
      }
      return count;
    }

    Client expect(String whole) throws IOException {
      return expect(whole, 0);
    }

    private void note(String message) {
      String[] parts = message.split(String.valueOf(TextEncoding.END), -1);
      cursor = parts[0];
      messages++;
      if (!parts[1].isEmpty()) {
        gaps.add(parts[1]);
      }
      text.append(parts[2]);
    }

    private static String brief(String text) {
      return text.length() < 200 ? text : text.length() + " bytes that begin with " + text.substring(0, 200);
    }

    @Override
    public void close() throws IOException {
      subscription.close();
    }
  }

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
  void what_was_emptied_before_a_client_came_to_it_is_a_gap_told_once_and_to_that_one_alone() throws Exception {
    try (Client slow = Client.live(this);
        Client quick = Client.live(this)) {
      append("one\n");
      quick.expect("one\n");
      truncate();
      String all = appendAtThePaceOf(quick);
      quick.expect("one\n" + all);
      assertEquals(List.of(), quick.gaps);

      append("end\n");
      slow.expect(all + "end\n");
      assertEquals(1, slow.gaps.size(), slow.gaps::toString);
    }
  }

  @Test
  void what_was_removed_before_a_client_came_to_it_is_a_gap_and_the_new_file_comes_whole() throws Exception {
    try (Client slow = Client.live(this);
        Client quick = Client.live(this)) {
      append("one\n");
      quick.expect("one\n");
      Files.delete(file);
      String all = appendAtThePaceOf(quick);
      quick.expect("one\n" + all);
      assertEquals(List.of(), quick.gaps);

      append("end\n");
      slow.expect(all + "end\n");
      assertEquals(1, slow.gaps.size(), slow.gaps::toString);
    }
  }

  @Test
  void what_a_client_has_had_of_a_file_does_not_come_again_after_a_gap() throws Exception {
    String had = longText(8000);
    try (Client slow = Client.live(this);
        Client quick = Client.live(this)) {
      append(had);
      slow.expect(had);
      quick.expect(had);
      Path copy = Files.copy(file, directory.resolve("copy"));
      Path other = Files.copy(file, directory.resolve("app.log.1"));
      Files.writeString(other, "other\n", StandardOpenOption.APPEND);
      Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
      String all = appendAtThePaceOf(quick);
      append("end\n");
      slow.expectEnd("end\n");
      assertEquals(List.of("the place where reading stopped may be in 'app.log.1' or in 'app.log'"), slow.gaps);
      assertTrue((all + "end\n").endsWith(slow.text.substring(had.length())), "what was had comes but once");
    }
  }

  /** More than any ring has, in parts that one who takes each as it comes never falls behind of. */
  private String appendAtThePaceOf(Client client) throws IOException {
    String all = longText(LONG);
    for (int from = 0; from < all.length(); ) {
      int to = all.indexOf('\n', Math.min(all.length() - 1, from + (1 << 20))) + 1;
      append(all.substring(from, to));
      client.expectEnd(all.substring(Math.max(from, to - 2000), to));
      from = to;
    }
    return all;
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
  void client_whose_place_has_gone_gets_a_gap_and_the_last_lines() throws Exception {
    String cursor;
    try (Client client = Client.live(this)) {
      append("one\n");
      cursor = client.expect("one\n").cursor;
    }
    Files.delete(file);
    append("a\nb\nc\n");
    try (Client client = new Client(null).resume(cursor, 2).expect("b\nc\n")) {
      assertEquals(1, client.gaps.size());
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
      whenParked(Thread.currentThread(), client.subscription::wake);
      client.subscription.await();
      assertEquals(0, client.subscription.take(client.frames));
    }
  }

  @Test
  void loss_that_the_hub_saw_is_told_once_to_each_filtered_or_not() throws Exception {
    try (Client all = Client.live(this);
        Client some = new Client("end").withLastLines(0)) {
      try (Obstacle obstacle = stopAtTheFirstPieceOf(longText(LONG))) {
        truncate();
        obstacle.remove();
      }
      append("the end\n");
      all.expectEnd("the end\n");
      some.expect("the end\n");
      assertEquals(1, all.gaps.size(), all.gaps::toString);
      assertEquals(all.gaps, some.gaps);
    }
  }

  @Test
  void client_that_comes_back_is_told_once_of_what_the_hub_has_lost_meanwhile() throws Exception {
    try (Client stays = Client.live(this)) {
      String cursor;
      try (Client leaves = Client.live(this)) {
        append("one\n");
        stays.expect("one\n");
        cursor = leaves.expect("one\n").cursor;
      }
      loseWhatFollows("before\none\n");
      stays.expectEnd("other\n");
      assertEquals(1, stays.gaps.size(), stays.gaps::toString);
      try (Client back = new Client(null).resume(cursor, 0).expect("other\n")) {
        append("end\n");
        back.expect("other\nend\n");
        assertEquals(stays.gaps, back.gaps);
      }

      long now = System.currentTimeMillis();
      Await.until(() -> System.currentTimeMillis() > now, () -> "the clock stands still");
      append("late\n");
      cursor = stays.expectEnd("late\n").cursor;
      append("later\n");
      try (Client late = new Client(null).resume(cursor, 0).expect("later\n")) {
        assertEquals(List.of(), late.gaps, "it was told before that one left");
      }
    }
  }

  @Test
  void client_that_falls_out_of_the_ring_is_told_once_of_what_the_hub_has_lost_there() throws Exception {
    try (Client slow = Client.live(this);
        Client quick = Client.live(this)) {
      append("one\n");
      quick.expect("one\n");
      slow.expect("one\n");
      loseWhatFollows("before\none\n");
      quick.expectEnd("other\n");
      append(longText(LONG) + "end\n");
      quick.expectEnd("end\n");
      slow.expect("one\nother\n" + longText(LONG) + "end\n");
      assertEquals(1, quick.gaps.size(), quick.gaps::toString);
      assertEquals(quick.gaps, slow.gaps);
    }
  }

  /**
   * Empties the file when the hub has read a part of what was written, and begins it anew as far as the clients
   * are, so that they find their place: it is the hub alone that knows of the loss.
   */
  private void loseWhatFollows(String before) throws Exception {
    try (Obstacle obstacle = stopAtTheFirstPieceOf(longText(LONG))) {
      truncate();
      append(before + "other\n");
      obstacle.remove();
    }
  }

  /** The text is there as a whole when the hub begins to read it, so that it has seen how much that is. */
  private Obstacle stopAtTheFirstPieceOf(String text) throws Exception {
    Obstacle first = new Obstacle(null);
    append("first\n");
    first.met.await();
    append(text);
    Obstacle next = new Obstacle(null);
    first.gone.countDown();
    next.met.await();
    return next;
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
      client.subscription.await();
      assertSame(bug, assertThrows(IOException.class, () -> client.subscription.take(client.frames)).getCause());
      try (Client next = Client.live(this)) {
        append("two\n");
        next.expect("two\n");
      }
    }
    assertSame(bug, bugs.remove());
  }

  @Test
  void end_of_all_hubs_ends_the_wait() throws Exception {
    try (Client client = Client.live(this)) {
      assertEquals(0, client.subscription.take(client.frames));
      whenParked(
          Thread.currentThread(),
          () -> {
            try {
              hubs.close();
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      client.subscription.await();
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

  private static void whenParked(Thread waiter, Runnable action) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              Await.until(() -> waiter.getState() == Thread.State.WAITING, () -> waiter + " is " + waiter.getState());
              action.run();
            });
  }

  private void truncate() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(0);
    }
  }

  @Test
  void hub_lives_as_long_as_somebody_listens() throws Exception {
    assertEquals(0, hubThreads());
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

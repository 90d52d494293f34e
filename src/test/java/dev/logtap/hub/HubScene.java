package dev.logtap.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.log.AllowedLog;
import dev.logtap.log.Cursor;
import dev.logtap.log.LogName;
import dev.logtap.log.Needle;
import dev.logtap.log.Reading.Lines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One log, its hub, which can be held up, and clients of it. */
@Timeout(60)
abstract class HubScene {
  private static final LogName NAME = new LogName("app");
  static final int MOST_FILTERS = 2;

  /** More than any ring has. */
  static final int LONG = 40 << 20;

  @TempDir Path directory;

  Path file;
  AllowedLog log;
  private FileReads reads;
  final Budget budget = new Budget(48 << 20);
  final Queue<Throwable> bugs = new ConcurrentLinkedQueue<>();
  Hubs hubs;

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

  Hubs hubs() {
    return new Hubs(HinderedEncoding::new, reads, budget, () -> MOST_FILTERS, reports);
  }

  void append(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  static String lines(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
  }

  /** So many bytes of lines, none of which is another's equal. */
  static String longText(int bytes) {
    StringBuilder text = new StringBuilder(bytes + 1100);
    for (int i = 0; text.length() < bytes; i++) {
      text.append(i).append(' ').repeat("x", 1000).append('\n');
    }
    return text.toString();
  }

  /** Holds the hub up, with lines that are read and that nobody has yet. */
  final class Obstacle implements AutoCloseable {
    final CountDownLatch met = new CountDownLatch(1);
    final CountDownLatch gone = new CountDownLatch(1);
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

    void remove() {
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
  final class Client implements AutoCloseable {
    final Subscription subscription;
    final Frame[] frames = new Frame[16];
    final StringBuilder text = new StringBuilder();
    final List<String> gaps = new ArrayList<>();
    String cursor;
    int messages;

    Client(String needle) throws IOException, TooManyFiltersException {
      subscription = hubs.subscribe(log, needle == null ? null : new Needle(needle));
    }

    static Client live(HubScene scene) throws IOException, TooManyFiltersException {
      return scene.new Client(null).withLastLines(0);
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
    Client expect(String whole, int messages) throws IOException {
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

    int takeOnce() throws IOException {
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
}

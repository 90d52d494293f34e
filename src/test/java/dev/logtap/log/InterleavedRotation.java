package dev.logtap.log;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A log that is written, renamed, copied, truncated and packed in single system calls, between any two of
 * which its follower may look. All on one thread, so that a seed tells what happened.
 *
 * <p>What must hold: no line comes twice; the lines of each writer come in order; all lines come that
 * were not destroyed before the follower took them; a gap is said only where some were destroyed.
 */
final class InterleavedRotation {
  /** A follower looks at the newest 32 generations. */
  private static final int MOST_ROTATIONS = 24;

  /** A follower keeps some old files open for writers that have not heard of the rotation, not all. */
  private static final int MOST_ROTATIONS_UNHEARD = 3;

  /** A whole line: a copy may end in the middle of one. */
  private static final Pattern LINE = Pattern.compile("([01]) ([0-9]+) x*\\.\n");

  /** One system call. */
  private interface Call {
    void run() throws IOException;
  }

  private final LogFiles files;
  private final Random random;
  private final List<String> history = new ArrayList<>();
  private final Session session;

  /** What rotation still has to do. */
  private final Queue<Call> calls = new ArrayDeque<>();

  /** The file that the second writer keeps open. */
  private FileChannel kept;

  private int rotations;
  private int heard;
  private int written;
  private int taken;
  private boolean destroyed;

  /** Numbers of lines that have to come. */
  private final Set<Integer> owed = new TreeSet<>();

  private final Set<Integer> given = new TreeSet<>();
  private final int[] last = {-1, -1};

  InterleavedRotation(Path directory, int seed) throws IOException {
    this.files = new LogFiles(directory);
    this.random = new Random(seed);
    note("seed " + seed);
    if (random.nextBoolean()) {
      files.append("");
    }
    this.session = Session.fromTheStart(files);
  }

  void run(int rounds) throws IOException {
    try {
      for (int round = 0; round < rounds; round++) {
        happen();
        for (int steps = random.nextInt(4); steps > 0; steps--) {
          session.step();
        }
        if (random.nextInt(50) == 0) {
          takeAll();
        }
      }
      while (!calls.isEmpty()) {
        calls.remove().run();
      }
      writeOnce();
      takeAll();
    } finally {
      session.close();
      if (kept != null) {
        kept.close();
      }
    }
  }

  private void happen() throws IOException {
    int dice = random.nextInt(10);
    if (dice < 3) {
      writeOnce();
    } else if (dice < 6) {
      writeKept();
    } else {
      if (calls.isEmpty()) {
        plan();
      }
      if (!calls.isEmpty()) {
        calls.remove().run();
      }
    }
  }

  // ---- writing

  /** The first writer opens the log for each line. */
  private void writeOnce() throws IOException {
    files.append(line(0));
  }

  /** The second one keeps it open, and hears of a rotation late. */
  private void writeKept() throws IOException {
    boolean hears = rotations - heard >= MOST_ROTATIONS_UNHEARD || rotations > heard && random.nextInt(3) == 0;
    if (kept == null || hears) {
      if (kept != null) {
        kept.close();
      }
      kept = FileChannel.open(files.live, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      heard = rotations;
      note("reopen");
    }
    kept.write(ByteBuffer.wrap(line(1).getBytes(StandardCharsets.US_ASCII)));
  }

  private String line(int writer) {
    int number = written++;
    owed.add(number);
    note("writer " + writer + " writes " + number);
    return writer + " " + number + " " + "x".repeat(random.nextInt(random.nextInt(8) == 0 ? 2000 : 50)) + ".\n";
  }

  // ---- rotating

  private void plan() {
    int dice = random.nextInt(5);
    if (rotations >= MOST_ROTATIONS || !files.has(LogFiles.LIVE)) {
      return;
    }
    if (dice == 0) {
      planPacking();
      return;
    }
    rotations++;
    for (int number = rotations; number > 0; number--) {
      String from = files.numbered(number);
      if (from != null) {
        String to = from.replace("." + number, "." + (number + 1));
        calls.add(() -> files.rename(from, to));
      }
    }
    if (dice < 3) {
      calls.add(
          () -> {
            files.rename(LogFiles.LIVE, ".1");
            note("renamed");
          });
    } else {
      // An empty file, what there is, what has come meanwhile.
      calls.add(() -> files.append(".1", ""));
      calls.add(this::copyOn);
      calls.add(this::copyOn);
      calls.add(this::truncate);
    }
  }

  private void copyOn() throws IOException {
    byte[] from = Files.readAllBytes(files.live);
    int done = (int) Files.size(files.path(".1"));
    int to = done + (from.length - done) / (1 + random.nextInt(2));
    files.append(".1", Arrays.copyOfRange(from, done, to));
    note("copied to " + to + " of " + from.length);
  }

  private void truncate() throws IOException {
    Set<Integer> gone = numbers(files.live);
    if (Files.exists(files.path(".1"))) {
      gone.removeAll(numbers(files.path(".1")));
    }
    gone.removeAll(given);
    destroyed |= !gone.isEmpty();
    owed.removeAll(gone);
    files.truncate();
    note("truncated; destroyed " + gone);
  }

  private static Set<Integer> numbers(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .map(line -> Integer.parseInt(line.split(" ")[1]))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The oldest plain one, if nobody writes to it any more. */
  private void planPacking() {
    for (int number = rotations; number > rotations - heard; number--) {
      String suffix = "." + number;
      if (number > 1 && files.has(suffix)) {
        calls.add(() -> files.gzipKeeping(suffix, suffix + ".gz"));
        calls.add(
            () -> {
              files.delete(suffix);
              note("packed " + suffix);
            });
        return;
      }
    }
  }

  // ---- reading

  private void takeAll() throws IOException {
    Await.until(
        () -> {
          session.drain();
          check();
          return owed.isEmpty();
        },
        () -> "lost: " + owed + "\n" + story());
    assertTrue(destroyed || session.gaps().isEmpty(), () -> "a gap where nothing was destroyed\n" + story());
    note("(all taken)");
  }

  private void check() {
    Matcher line = LINE.matcher(session.text());
    while (line.find(taken)) {
      boolean junk = line.start() > taken && !session.text().substring(taken, line.start()).equals(Session.GAP);
      assertTrue(destroyed || !junk, () -> "more than lines\n" + story());
      check(Integer.parseInt(line.group(1)), Integer.parseInt(line.group(2)));
      taken = line.end();
    }
  }

  private void check(int writer, int number) {
    assertTrue(given.add(number), () -> number + " came twice\n" + story());
    assertTrue(last[writer] < number, () -> number + " after " + last[writer] + "\n" + story());
    last[writer] = number;
    owed.remove(number);
  }

  private void note(String what) {
    history.add(what);
  }

  private String story() {
    return String.join("\n", history) + "\n" + session;
  }
}

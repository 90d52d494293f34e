package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Writers number their lines while the log is rotated at random: each number comes once, in its order. */
class RotationStressIT {
  private static final int WRITERS = 4;

  /** So many that a file is there for seconds after its rotation, and as many as a look takes in. */
  private static final int KEPT = 30;

  /** The first line, which is there before the program starts. */
  private static final String BEGIN = "begin";

  /** What happens to the log, and so what may be asked of a follower. */
  private enum Rotation {
    /** Every line stays on disk: all must come. */
    RENAME,

    /**
     * What is written between copying and truncating is lost to everybody who did not read it by
     * then. What was on disk at a later time must come.
     */
    RENAME_OR_COPYTRUNCATE
  }

  @TempDir Path directory;

  static Stream<Arguments> cases() {
    return Stream.of(Mode.values())
        .flatMap(mode -> Stream.of(Rotation.values()).map(rotation -> Arguments.of(mode, rotation)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void every_line_comes_once_and_in_its_order(Mode mode, Rotation rotation) {
    run(mode, rotation, Duration.ofSeconds(15), Long.getLong("logtap.seed", 20250101));
  }

  @Tag("soak")
  @ParameterizedTest
  @MethodSource("cases")
  void every_line_comes_once_and_in_its_order_for_minutes(Mode mode, Rotation rotation) {
    run(mode, rotation, Duration.ofMinutes(5), System.nanoTime());
  }

  private void run(Mode mode, Rotation rotation, Duration length, long seed) {
    Path log = directory.resolve("app.log");
    LogFiles.append(log, BEGIN + "\n");
    Rotator rotator = new Rotator(log, rotation, new Random(seed));
    List<Writer> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(new Writer(log, i, rotator.rotations, new Random(seed + 1 + i)));
    }
    Arrivals arrivals = new Arrivals();
    List<String> arguments = mode.arguments(List.of("--log", "app=" + log, "app"), "-o", "json");
    try (StdoutPipe pipe = StdoutPipe.start(directory, arguments)) {
      Thread reader = Thread.ofPlatform().start(() -> pipe.forEachLine(arrivals::take));
      Await.until(() -> arrivals.begun, () -> pipe.program().toString());
      List<Thread> threads = new ArrayList<>();
      writers.forEach(writer -> threads.add(Thread.ofPlatform().start(writer)));
      long end = System.nanoTime() + length.toNanos();
      while (System.nanoTime() - end < 0) {
        rotator.rotateAfterAWhile();
      }
      writers.forEach(writer -> writer.done = true);
      threads.forEach(RotationStressIT::join);
      Await.until(() -> arrivals.ended() == WRITERS, () -> arrivals + "\n" + pipe.program());
      pipe.program().signal("TERM").expectExit(143);
      join(reader);

      List<String> problems = arrivals.problems(onDisk(rotation, rotator, writers), rotation);
      String run = "seed " + seed + ", " + rotator.rotations + " rotations, " + arrivals;
      System.out.println(mode + " " + rotation + ": " + run);
      assertTrue(problems.isEmpty(), () -> run + "\n" + String.join("\n", problems) + "\n" + pipe.program());
    }
  }

  /** The numbers, by writer, that a follower must have been able to read. */
  private static List<BitSet> onDisk(Rotation rotation, Rotator rotator, List<Writer> writers) {
    if (rotation == Rotation.RENAME_OR_COPYTRUNCATE) {
      return rotator.numbersOnDisk();
    }
    List<BitSet> all = new ArrayList<>();
    for (Writer writer : writers) {
      BitSet numbers = new BitSet();
      numbers.set(1, writer.number + 1);
      all.add(numbers);
    }
    return all;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** One numbered line, {@code writer number padding.}; the dot tells that it is whole. */
  private record NumberedLine(int writer, int number) {
    private static final String END = "end";

    static String text(int writer, int number, String padding) {
      return writer + " " + number + " " + padding + ".\n";
    }

    /** Null for a line that was cut by a truncation. */
    static NumberedLine parse(String text) {
      String[] parts = text.split(" ");
      return parts.length == 3 && text.endsWith(".")
          ? new NumberedLine(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]))
          : null;
    }
  }

  /**
   * Writes numbered lines. Of two writers one opens the log for each line, the other keeps it open and is
   * told of a rotation a moment late, as nginx is.
   */
  private static final class Writer implements Runnable {
    private final Path log;
    private final int name;
    private final AtomicInteger rotations;
    private final Random random;
    private volatile boolean done;

    /** The last number written; read by others when the thread has ended. */
    private int number;

    Writer(Path log, int name, AtomicInteger rotations, Random random) {
      this.log = log;
      this.name = name;
      this.rotations = rotations;
      this.random = random;
    }

    @Override
    public void run() {
      boolean keepsOpen = name % 2 == 0;
      while (!done) {
        int seen = rotations.get();
        try (LogWriter file = LogWriter.open(log)) {
          do {
            write(file, "x".repeat(random.nextInt(200)));
          } while (keepsOpen && !done && rotations.get() == seen);
          if (keepsOpen && !done) {
            goOnForAMoment(file);
          }
        }
      }
      try (LogWriter file = LogWriter.open(log)) {
        write(file, NumberedLine.END);
      }
    }

    private void goOnForAMoment(LogWriter file) {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(30));
      while (System.nanoTime() - end < 0) {
        write(file, "late");
      }
    }

    private void write(LogWriter file, String padding) {
      file.write(NumberedLine.text(name, ++number, padding));
      // Bursts, a usual pace, and now and then a silence.
      int dice = random.nextInt(1000);
      if (dice < 2) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
      } else if (dice < 500) {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(1000)));
      }
    }
  }

  /** Rotates, and notes what was on disk in the files that it removes. */
  private static final class Rotator {
    final AtomicInteger rotations = new AtomicInteger();
    private final Path log;
    private final Rotation rotation;
    private final Random random;
    private final List<BitSet> removed = emptySets();

    Rotator(Path log, Rotation rotation, Random random) {
      this.log = log;
      this.rotation = rotation;
      this.random = random;
    }

    void rotateAfterAWhile() {
      // Several within a millisecond, or half a second of rest.
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(4) == 0 ? 100 : random.nextInt(300_000)));
      Path oldest = LogFiles.beside(log, "." + KEPT);
      if (Files.exists(oldest)) {
        note(oldest, removed);
      }
      if (!Files.exists(log)) {
        return;
      }
      if (rotation == Rotation.RENAME || random.nextBoolean()) {
        LogFiles.rotate(log, KEPT);
      } else {
        LogFiles.copyTruncate(log, KEPT);
      }
      rotations.incrementAndGet();
    }

    List<BitSet> numbersOnDisk() {
      note(log, removed);
      for (int i = 1; i <= KEPT; i++) {
        if (Files.exists(LogFiles.beside(log, "." + i))) {
          note(LogFiles.beside(log, "." + i), removed);
        }
      }
      return removed;
    }

    private static void note(Path file, List<BitSet> numbers) {
      try {
        for (String text : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
          NumberedLine line = NumberedLine.parse(text);
          if (line != null) {
            numbers.get(line.writer()).set(line.number());
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** What has come. Taken on one thread, asked when that has ended. */
  private static final class Arrivals {
    private final List<BitSet> come = emptySets();
    private final int[] last = new int[WRITERS];
    private final int[] gapsAtLast = new int[WRITERS];
    private final List<BitSet> excused = emptySets();
    private final List<String> problems = new ArrayList<>();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile boolean begun;
    private int gaps;
    private int cut;

    void take(String record) {
      var members = JsonRecord.of(record);
      if (members.containsKey("gap")) {
        gaps++;
        return;
      }
      if (BEGIN.equals(members.get("line"))) {
        begun = true;
        return;
      }
      NumberedLine line = NumberedLine.parse((String) members.get("line"));
      if (line == null) {
        cut++;
        return;
      }
      take(line);
      if (record.contains(NumberedLine.END)) {
        ended.incrementAndGet();
      }
    }

    private void take(NumberedLine line) {
      int writer = line.writer();
      int before = last[writer];
      if (come.get(writer).get(line.number())) {
        problems.add("twice: " + line + " after " + before);
      } else if (line.number() < before) {
        problems.add("late: " + line + " after " + before);
      } else if (gaps > gapsAtLast[writer]) {
        excused.get(writer).set(before + 1, line.number());
      }
      come.get(writer).set(line.number());
      last[writer] = Math.max(before, line.number());
      gapsAtLast[writer] = gaps;
    }

    int ended() {
      return ended.get();
    }

    /** Numbers that came twice or out of their order, and those of {@code wanted} for which no gap makes up. */
    List<String> problems(List<BitSet> wanted, Rotation rotation) {
      for (int writer = 0; writer < WRITERS; writer++) {
        BitSet lost = (BitSet) wanted.get(writer).clone();
        lost.andNot(come.get(writer));
        lost.andNot(excused.get(writer));
        if (!lost.isEmpty()) {
          problems.add("lost of writer " + writer + ": " + lost);
        }
      }
      if (rotation == Rotation.RENAME && gaps + cut > 0) {
        problems.add(gaps + " gaps and " + cut + " cut lines where nothing was truncated");
      }
      return problems;
    }

    @Override
    public String toString() {
      return come.stream().mapToInt(BitSet::cardinality).sum() + " lines, " + gaps + " gaps, " + cut + " cut lines";
    }
  }

  private static List<BitSet> emptySets() {
    return Stream.generate(BitSet::new).limit(WRITERS).toList();
  }
}

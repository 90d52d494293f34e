package dev.logtap.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A log that is written, rotated and read at random, each reader going on at the cursor of the one before,
 * and the truth about which lines there are.
 *
 * <p>What must hold: no line comes twice; the lines of each file come in order, and so do all that were
 * not written late into a file that had been rotated away; where no line was destroyed, all come and
 * there is no gap; where some were, and they do not come, a gap says so. Excused is only what nobody can
 * know of: lines that were destroyed in a file without a trace of which nothing had been read.
 */
final class RotationModel {

  /** How the log is rotated, and what else happens to it. */
  enum Habit {
    RENAME,
    COPYTRUNCATE,
    /** Both, which leaves the order of generations open: there may be gaps. */
    MIXED,
    /** Renamed, and now and then something is deleted, truncated or damaged. */
    RENAME_AND_DESTROY,
    COPYTRUNCATE_AND_DESTROY;

    boolean destroys() {
      return this == RENAME_AND_DESTROY || this == COPYTRUNCATE_AND_DESTROY;
    }

    /** Whether a gap may be seen. */
    boolean mayLose() {
      return destroys() || this == MIXED;
    }

    boolean copies(Random random) {
      return this == COPYTRUNCATE || this == COPYTRUNCATE_AND_DESTROY || this == MIXED && random.nextBoolean();
    }
  }

  /** A reader looks at the newest 32 generations. */
  private static final int MOST_ROTATIONS = 24;

  private record Line(String text, int file, boolean late) {}

  private final LogFiles files;
  private final Habit habit;

  /** Whether things also happen while somebody reads. */
  private final boolean whileOpen;

  private final Random random;
  private final List<String> history = new ArrayList<>();

  private final List<Line> written = new ArrayList<>();

  /** Numbers of lines that have to come yet. */
  private final Set<Integer> owed = new LinkedHashSet<>();

  private final Set<Integer> given = new HashSet<>();
  private final Map<Integer, Integer> lastOfFile = new HashMap<>();
  private int lastInTime = -1;

  private int file;
  private int rotations;

  /** Whether app.log.1 is the file that the writer had before and may still write to. */
  private boolean writerMayLinger;

  /** The end of a line whose beginning stands in the live file, or in app.log.1; null where there is none. */
  private String endOfHalf;

  private boolean halfIsLate;

  /** Its number. */
  private int half;

  /** What was given out of a line whose end has not come yet. */
  private String begun = "";

  private String cursor;
  private boolean gap;
  private boolean destroyed;

  RotationModel(Path directory, Habit habit, boolean whileOpen, long seed) {
    this.files = new LogFiles(directory);
    this.habit = habit;
    this.whileOpen = whileOpen;
    this.random = new Random(seed);
    note(habit + (whileOpen ? " while open" : "") + ", seed " + seed);
  }

  /** Runs so many rounds of something happening and somebody reading. */
  void run(int rounds) throws IOException {
    append();
    cursor = Session.fromTheStart(files).stop();
    Session first = Session.resume(files, cursor);
    awaitAll(first);
    for (int round = 0; round < rounds; round++) {
      files.awaitTick();
      for (int events = random.nextInt(6); events > 0; events--) {
        happen();
      }
      read();
    }
    awaitAll(Session.resume(files, cursor));
  }

  private String history() {
    return String.join("\n", history);
  }

  // ---- what happens

  private void happen() throws IOException {
    int dice = random.nextInt(100);
    if (dice < 45) {
      append();
    } else if (dice < 55) {
      appendHalf();
    } else if (dice < 75) {
      rotate();
    } else if (dice < 87) {
      gzip();
    } else if (!habit.destroys()) {
      appendLate();
    } else {
      destroy();
    }
  }

  private void append() throws IOException {
    finishHalf();
    int count = 1 + random.nextInt(20);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(newLine(false));
    }
    files.append(text.toString());
    note("append to " + written.size());
  }

  private String newLine(boolean late) {
    int dice = random.nextInt(300);
    int length = dice > 2 ? random.nextInt(200) : dice == 0 && habit == Habit.COPYTRUNCATE ? 2_500_000 : 300_000;
    int number = written.size();
    String text = number + " " + Character.toString('a' + number % 26).repeat(length) + "\n";
    written.add(new Line(text, late ? file - 1 : file, late));
    owed.add(number);
    return text;
  }

  private void appendHalf() throws IOException {
    finishHalf();
    String line = newLine(false);
    int cut = random.nextInt(Math.min(300, line.length()));
    files.append(line.substring(0, cut));
    endOfHalf = line.substring(cut);
    half = written.size() - 1;
    halfIsLate = false;
    note("append half of line " + half);
  }

  private void finishHalf() throws IOException {
    if (endOfHalf != null) {
      files.append(halfIsLate ? ".1" : LogFiles.LIVE, endOfHalf);
      endOfHalf = null;
      note("finish the half");
    }
  }

  /** A writer that has not heard of the rotation goes on in the old file. */
  private void appendLate() throws IOException {
    if (habit == Habit.RENAME && writerMayLinger && files.has(".1")) {
      if (halfIsLate) {
        finishHalf();
      }
      files.append(".1", newLine(true));
      note("append line " + (written.size() - 1) + " late");
      // A file whose last line is older than its predecessor's would be taken for the older one.
      append();
    }
  }

  private void rotate() throws IOException {
    if (!files.has(LogFiles.LIVE) || rotations == MOST_ROTATIONS) {
      return;
    }
    boolean copy = habit.copies(random);
    if (halfIsLate || copy) {
      finishHalf();
    }
    rotations++;
    if (copy) {
      files.copyTruncate();
    } else {
      files.rotate();
      halfIsLate = endOfHalf != null;
      if (halfIsLate) {
        written.set(half, new Line(written.get(half).text, written.get(half).file, true));
      }
    }
    writerMayLinger = !copy;
    file++;
    note(copy ? "copytruncate" : "rename");
    if (random.nextBoolean()) {
      append();
    }
  }

  /** The oldest that is not packed yet: a packer takes them in this order. */
  private void gzip() throws IOException {
    for (int number = rotations; number > 0; number--) {
      String suffix = "." + number;
      if (!files.has(suffix)) {
        continue;
      }
      if (halfIsLate && number == 1) {
        finishHalf();
      }
      // An empty file cannot be recognised once it is packed: for all one knows, late lines went with it.
      if (Files.size(files.path(suffix)) > 0) {
        files.gzip(suffix);
        note("gzip " + suffix);
      }
      return;
    }
  }

  private void destroy() throws IOException {
    finishHalf();
    Position position = Cursor.parse(LogFiles.NAME, cursor).positions().getLast();
    boolean hasLive = files.has(LogFiles.LIVE);
    String generation = files.numbered(1 + random.nextInt(4));
    int dice = random.nextInt(4);
    if (position.equals(Position.BEFORE_THE_FIRST_FILE)) {
      return;
    }
    if (dice == 0 && generation != null) {
      files.delete(generation);
      note("delete " + generation);
    } else if (dice == 1 && generation != null && generation.endsWith(".gz")) {
      files.cutShort(generation, Files.size(files.path(generation)) / (1 + random.nextInt(3)) - 1);
      note("cut " + generation);
    } else if (dice == 2 && hasLive) {
      forgetLiveUnless(false);
      files.truncate();
      file++;
      note("truncate");
    } else if (dice == 3 && hasLive) {
      forgetLiveUnless(position.offset() == 0 && position.isHintFor(files.identity(LogFiles.LIVE)));
      files.delete(LogFiles.LIVE);
      file++;
      note("delete");
    }
    destroyed = true;
  }

  /** What is destroyed in a file of which nothing had been read leaves no trace. */
  private void forgetLiveUnless(boolean known) {
    if (!known && given.stream().noneMatch(number -> written.get(number).file == file)) {
      owed.removeIf(number -> written.get(number).file == file);
    }
  }

  // ---- reading

  private void read() throws IOException {
    Session session = Session.resume(files, cursor);
    for (int events = whileOpen ? random.nextInt(4) : 0; events > 0; events--) {
      session.drain();
      note("(open)");
      happen();
    }
    int dice = random.nextInt(10);
    if (dice < 5) {
      awaitAll(session);
    } else if (dice < 8) {
      // One at least: a gap that nobody took is known to nobody.
      boolean more = true;
      for (int steps = 1 + random.nextInt(4); steps > 0 && more; steps--) {
        more = session.step();
      }
      note("read a little");
      stop(session);
    } else {
      session.drain();
      note("read what is there");
      stop(session);
    }
  }

  /** Waits until a line has come that is written now: whatever has not come by then does not come. */
  private void awaitAll(Session session) throws IOException {
    append();
    String last = written.getLast().text;
    session.awaitEnd(last);
    note("read all");
    stop(session);
    assertTrue(destroyed || habit == Habit.MIXED || !gap, () -> "a gap where nothing was destroyed\n" + history());
    assertTrue(gap || owed.isEmpty(), () -> "lost without a gap: " + owed + "\n" + history());
    owed.clear();
    gap = false;
    destroyed = false;
  }

  private void stop(Session session) throws IOException {
    // What is made in the same tick of the kernel's clock as the cursor is neither before nor after it.
    files.awaitTick();
    cursor = session.stop();
    history.addAll(session.gaps());
    gap |= !session.gaps().isEmpty();
    String text = begun + session.text().replace(Session.GAP, "");
    int end = text.lastIndexOf('\n') + 1;
    begun = text.substring(end);
    text.substring(0, end).lines().forEach(this::check);
  }

  private void check(String line) {
    int number = numberOf(line);
    Line truth = written.get(number);
    assertEquals(truth.text, line + "\n", this::history);
    assertTrue(given.add(number), () -> "line " + number + " came twice\n" + history());
    Integer before = lastOfFile.put(truth.file, number);
    assertTrue(before == null || before < number, () -> "line " + number + " after " + before + "\n" + history());
    if (!truth.late) {
      assertTrue(lastInTime < number, () -> "line " + number + " after " + lastInTime + "\n" + history());
      lastInTime = number;
    }
    owed.remove(number);
  }

  private int numberOf(String line) {
    String number = line.substring(0, Math.max(0, line.indexOf(' ')));
    assertTrue(number.matches("[0-9]{1,6}"), () -> "no line: " + line + "\n" + history());
    return Integer.parseInt(number);
  }

  private void note(String what) {
    history.add(what);
  }
}

package dev.logtap.log;

import dev.logtap.log.Reading.Gap;
import dev.logtap.log.Reading.Lines;
import dev.logtap.log.Reading.Notice;
import dev.logtap.log.Reading.Trouble;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Follows one log through rotation of every kind, and gives out every line once.
 *
 * <p>What it goes by is what it finds when it looks, never what an event said: {@link #next} drains the
 * open files, oldest first, and looks at path and directory when they have no more. Whoever calls it
 * waits for a change or for {@link #untilNextLook} when it has nothing.
 *
 * <p>Not thread-safe: {@code tail} calls it on the main thread, the server on the log's own thread. No
 * method waits for anything but the disk.
 */
public final class Follower implements Closeable {
  /** How often to look when nothing tells of a change. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** How often to look while a new file waits for its predecessor to be quiet. */
  private static final Duration LOOK_WHILE_WAITING = Duration.ofMillis(50);

  /** How often to look while there is so much to read that the end is never reached, or never asked for. */
  private static final Duration LOOK_WHILE_BUSY = Duration.ofMillis(100);

  /** A writer that was told of a rotation a moment late goes on in the old file: its lines come first. */
  private static final long QUIET_BEFORE_NEXT = Duration.ofSeconds(1).toNanos();

  /** One that was never told must not hold up the new file. */
  private static final long LONGEST_WAIT_FOR_QUIET = Duration.ofSeconds(5).toNanos();

  /** After so many bytes of one file the newer ones have their turn. */
  private static final int TURN = 4 << 20;

  /** How often to look again at once when the directory changes under a look. */
  private static final int MOST_LOOKS_IN_VAIN = 3;

  /** The same at the beginning, where there is no next look. */
  private static final int MOST_ATTEMPTS = 20;

  private static final String TRUNCATED_EARLY = "the file was truncated before all of it was read";

  /** Text that is known well enough to recognise its continuation in another file. */
  private static final long ENOUGH_TO_RECOGNISE = Position.TAIL;

  private final AllowedLog log;

  /** How many bytes are given out at once, unless a single line has more. */
  private int most = Integer.MAX_VALUE;

  private final Lineup open = new Lineup();

  /** What is to be said before anything more is read; gaps first, so that no cursor hides one. */
  private final Deque<Reading> outbox = new ArrayDeque<>();

  private final RotatedFiles rotated = new RotatedFiles();

  private long lastLook;

  /** How often in a row a look has found the directory changing under it. */
  private int lookedInVain;

  /** Whether the last read brought something. */
  private boolean busy;

  /** Whether a look in the midst of reading has found something, so that reading begins anew. */
  private boolean changed;

  /** Which file gave the last lines, and how many bytes of it came without any of another. */
  private Generation lastGiven;

  private long givenInARow;

  /** Whether the last lines ended in the middle of one. */
  private boolean inLine;

  private final PathTrouble trouble;

  /** Whether a new file with bytes waits for its predecessor. */
  private boolean waiting;

  private Follower(AllowedLog log) {
    this.log = log;
    this.trouble = new PathTrouble(log.path());
    this.lastLook = System.nanoTime();
  }

  /**
   * Begins with the last {@code lines} finished lines of the file that is there now. An unfinished last
   * line is held back until its end comes.
   *
   * @param lines a count, or {@link LastLines#ALL}
   */
  public static Follower fromLastLines(AllowedLog log, long lines) {
    Follower follower = new Follower(log);
    follower.beginWithLastLines(lines);
    return follower;
  }

  /**
   * Goes on at {@code cursor}, through rotation. Where that can't be done, the first reading is a gap,
   * and then come the last {@code lines} lines.
   *
   * @param mostBehind how many bytes of backlog may be read at most
   */
  public static Follower resume(AllowedLog log, Cursor cursor, long mostBehind, long lines) {
    Follower follower = new Follower(log);
    try {
      Resumption resumption = Resumption.of(log, cursor, mostBehind, follower.rotated);
      resumption.files().forEach(follower.open::add);
      follower.outbox.addAll(resumption.gaps());
    } catch (IOException e) {
      follower.outbox.addFirst(new Gap(PlainFile.sentence(log.path(), e)));
      follower.beginWithLastLines(lines);
    }
    return follower;
  }

  /**
   * What comes next.
   *
   * @return null when there is nothing now; lines hold until the next call
   */
  public Reading next() {
    while (true) {
      if (!outbox.isEmpty()) {
        return outbox.poll();
      }
      long now = System.nanoTime();
      // After a wait reading comes first: it is quicker, and what a look finds is compared with what was read.
      if (busy && now - lastLook > LOOK_WHILE_BUSY.toNanos() && look(now)) {
        continue;
      }
      changed = false;
      int before = lookedInVain;
      Lines lines = read(now);
      busy = lines != null;
      if (lines != null) {
        return lines;
      }
      boolean lookedNow = lookedInVain > before;
      if (!changed && outbox.isEmpty() && (lookedNow || !look(now))) {
        return outbox.poll();
      }
    }
  }

  /** Gives out so many bytes at once from now on, unless a single line has more. */
  public Follower inPieces(int most) {
    this.most = most;
    return this;
  }

  /** How long a caller may wait for a change before it has to ask again. */
  public Duration untilNextLook() {
    return waiting ? LOOK_WHILE_WAITING : busy ? LOOK_WHILE_BUSY : LOOK;
  }

  /**
   * Whether the lines that {@link #next} has just given were all that the only file had when it was read. Who will
   * be told of changes may wait for the next one at once: asking again would find nothing, while the threads that
   * work on these lines need the processor.
   */
  public boolean isDrained() {
    return busy && outbox.isEmpty() && open.size() == 1 && open.last().isLive() && open.last().reader.isDrained();
  }

  /** The place behind all that was given out. Cheap: once a batch. */
  public Cursor cursor() {
    return new Cursor(log.name(), Instant.now(), open.positions(System.nanoTime()));
  }

  /** The unfinished lines that are still held back, for when the program ends; null after the last. */
  public Lines rest() {
    return open.rest();
  }

  /** The entry of the allowlist that is followed. */
  public AllowedLog log() {
    return log;
  }

  @Override
  public void close() {
    open.close();
  }

  // ---- beginning

  private void beginWithLastLines(long lines) {
    for (int attempt = 1; ; attempt++) {
      try {
        begin(lines);
        return;
      } catch (IOException e) {
        if (!(e instanceof RotatedMeanwhileException) || attempt == MOST_ATTEMPTS) {
          tell(e, System.nanoTime());
          return;
        }
      }
    }
  }

  /** Takes what was rotated away before the first file is opened for old; all that comes later is new. */
  private void begin(long lines) throws IOException {
    Path live = PlainFile.resolve(log.path(), log.symlink());
    rotated.mayHaveChanged(live);
    Generations seen = Generations.beside(live);
    rotated.remember(seen, List.of());
    PlainFile file = PlainFile.open(log);
    if (seen.live() != null && !file.identity().isSameFileAs(seen.live().identity())) {
      file.close();
      throw new RotatedMeanwhileException(seen.live().name());
    }
    Generation generation = Generation.of(file, startOfLastLines(file, lines), false);
    generation.begun = true;
    if (file.size() == 0) {
      // What is there already is content, NULs as well; what an emptied file begins with may be a hole.
      generation.reader.skippingHole();
    }
    generation.setLive();
    open.add(generation);
  }

  /** Closes the file when it can't be read. */
  private static long startOfLastLines(PlainFile file, long lines) throws IOException {
    try {
      LastLines last = new LastLines(file);
      return last.startOf(lines, last.startOfUnfinished(file.size()));
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  // ---- reading

  /** Lines of the oldest file that has some; null when none has, or when the outbox has something. */
  private Lines read(long now) {
    int first = 0;
    if (inLine) {
      // What else there is does not come between the parts of a line, if the next one is there.
      first = Math.max(0, open.indexOf(lastGiven));
    } else if (givenInARow > TURN && lastGiven.isCaughtUp()) {
      // An old file whose writer goes on, quicker than we are, must not keep the newer ones waiting for ever.
      first = open.indexOf(lastGiven) + 1;
    }
    Lines lines = read(first, now);
    return lines == null && first > 0 && outbox.isEmpty() ? read(0, now) : lines;
  }

  private Lines read(int from, long now) {
    waiting = false;
    long[] sizes = sizesNow();
    for (int i = from; i < open.size(); i++) {
      Generation generation = open.get(i);
      if (generation.failing) {
        continue;
      }
      try {
        if (!generation.begun && !mayBegin(i, sizes[i], now)
            || generation.first && comesLater(generation, sizes[i], now)) {
          return null;
        }
        Lines lines = generation.next(sizes[i], most);
        // An empty file on its way out tells nothing of how far reading has come.
        generation.begun |= lines != null || i == open.size() - 1;
        if (lines != null) {
          generation.grew = now;
          countGiven(generation, lines);
          return lines;
        }
        if (generation.reader.replaced()) {
          goOnAfterTruncation(generation, now);
          return null;
        }
        if (open.isOver(i, now)) {
          Lines rest = generation.reader.rest(most);
          if (rest != null) {
            countGiven(generation, rest);
            return rest;
          }
          if (i + 1 < open.size() && !open.isAnyBegun(i + 1)) {
            // Until then it is what tells a cursor how far reading has come.
            continue;
          }
          if (generation.reader.offsetRead() < generation.expected) {
            outbox.addFirst(new Gap(TRUNCATED_EARLY));
          }
          open.drop(i);
          return outbox.isEmpty() ? read(Math.min(from, i), now) : null;
        }
        if (now - generation.grew > QUIET_BEFORE_NEXT) {
          generation.reader.shrink();
        }
      } catch (IOException e) {
        failed(i, e, now);
        return outbox.isEmpty() ? read(from, now) : null;
      }
    }
    return null;
  }

  /**
   * How far each file is read in this round. Who writes to a file and then to a newer one has written the
   * former when the latter's size is taken, so what he wrote first comes first.
   */
  private long[] sizesNow() {
    long[] sizes = new long[open.size()];
    for (int i = 0; i < sizes.length; i++) {
      try {
        sizes[i] = i == 0 ? Long.MAX_VALUE : open.get(i).size();
      } catch (IOException _) {
        // Reading it will say so.
        sizes[i] = Long.MAX_VALUE;
      }
    }
    return sizes;
  }

  /**
   * A file of which nothing was read yet has bytes, or is found to be replaced. If it was filled, copied and
   * emptied before, a look that comes after these bytes shows the copies, which come first.
   *
   * @return whether something else comes first, or has to be said first
   */
  private boolean comesLater(Generation generation, long size, long now) throws IOException {
    if (!generation.reader.peek(size) && !generation.reader.replaced()) {
      return false;
    }
    generation.begun = true;
    generation.first = false;
    changed |= look(now);
    // What was emptied meanwhile begins anew, and after a look in vain the next one decides.
    generation.first |= lookedInVain > 0;
    return changed || generation.first;
  }

  private void countGiven(Generation generation, Lines lines) {
    if (generation != lastGiven) {
      lastGiven = generation;
      givenInARow = 0;
    }
    givenInARow += lines.length();
    inLine = lines.partial();
  }

  /** What can't be read of a rotated file is a gap; the live one is tried again at each look. */
  private void failed(int index, IOException e, long now) {
    if (open.get(index).isLive()) {
      open.get(index).failing = true;
      tell(e, now);
    } else {
      outbox.addFirst(new Gap("the rest of a rotated file could not be read: " + PlainFile.sentence(log.path(), e)));
      open.drop(index);
    }
  }

  /** Whether the files before this one have had their time. All of them are read to their ends now. */
  private boolean mayBegin(int index, long size, long now) {
    Generation generation = open.get(index);
    if (index == 0 || index < open.size() - 1) {
      return true;
    }
    if (size == 0) {
      return false;
    }
    if (now - generation.discovered > LONGEST_WAIT_FOR_QUIET) {
      return true;
    }
    for (int i = 0; i < index; i++) {
      Generation older = open.get(i);
      if (!older.finished && now - older.grew < QUIET_BEFORE_NEXT) {
        waiting = true;
        return false;
      }
    }
    return true;
  }

  /** The file no longer holds what was read from it: a look at the directory may show which one does. */
  private void goOnAfterTruncation(Generation emptied, long now) throws IOException {
    if (emptied == open.current()) {
      changed |= look(now);
      if (changed || lookedInVain > 0) {
        return;
      }
    }
    Lines rest = emptied.reader.rest();
    if (rest != null) {
      outbox.add(rest);
      return;
    }
    announceTruncation(emptied, Succession.NONE, false);
    emptied.restart(emptied.readerAt(0));
  }

  // ---- looking

  /** Looks at path and directory; false when they show nothing but what is being read already. */
  private boolean look(long now) {
    lastLook = now;
    try {
      Path live = PlainFile.resolve(log.path(), log.symlink());
      UnreadableLogException why = null;
      FileIdentity named = null;
      try {
        BasicFileAttributes attributes = PlainFile.look(live);
        PlainFile.refuseUnlessRegular(log.path(), attributes);
        named = FileIdentity.of(attributes);
      } catch (IOException e) {
        why = PlainFile.explain(log.path(), e);
      }
      boolean news = (rotated.mayHaveChanged(live) || !isFollowed(named)) && catchUp(live, now);
      lookedInVain = 0;
      return news | (why == null ? isBack() : isGone(why, now));
    } catch (RotatedMeanwhileException _) {
      // At once again, but not for ever: then at the next look.
      lookedInVain++;
      waiting = true;
      return lookedInVain % MOST_LOOKS_IN_VAIN > 0;
    } catch (IOException e) {
      lookedInVain = 0;
      return isGone(e, now);
    }
  }

  /** Whether the path names the file that is read, and that was not found to be emptied. */
  private boolean isFollowed(FileIdentity named) {
    if (named == null || open.isEmpty()) {
      return false;
    }
    Generation last = open.last();
    return last.isLive() && last.is(named) && !last.reader.replaced();
  }

  /** The path names a file that can be read; whether that is to be said. */
  private boolean isBack() {
    if (open.isEmpty() || !open.last().isLive()) {
      return false;
    }
    boolean wasFailing = open.last().failing;
    open.last().failing = false;
    if (!wasFailing && trouble.passed()) {
      outbox.add(new Notice("'" + log.path() + "' is back"));
      return true;
    }
    return false;
  }

  private boolean isGone(IOException e, long now) {
    if (!open.isEmpty()) {
      open.last().retire(now);
    }
    return tell(e, now);
  }

  /**
   * Opens what has come since, and goes on in a copy of what was emptied.
   *
   * @return whether anything has changed by that, or is to be said
   * @throws RotatedMeanwhileException when files were moved or emptied meanwhile; nothing has changed then
   */
  private boolean catchUp(Path live, long now) throws IOException {
    Generation current = open.current();
    boolean emptied = current != null && !current.reader.isIntact();
    Generations seen = Generations.beside(live);
    if (rotated.isBlank()) {
      // Another directory: what it holds already is not this log's past.
      rotated.rememberAtFirst(seen);
    }
    if (!emptied && current != null && !current.reader.isIntact()) {
      throw new RotatedMeanwhileException(live.getFileName().toString());
    }
    Succession next = Succession.of(seen, open, current, emptied, rotated);
    Opened opened = Opened.of(next, seen.live() == null || open.as(seen.live()) != null ? null : seen.live());
    boolean continued = false;
    boolean held = false;
    LineReader fresh = null;
    try {
      if (emptied) {
        fresh = current.readerAt(next.restart());
        held = next.found() != null || !opened.copies.isEmpty() && opened.copies.getFirst().isCopyOf(current);
      }
      if (emptied && next.restart() == 0) {
        Lines rest = held ? null : current.reader.rest();
        if (rest != null) {
          // What follows on it will not come. The next look goes on here, when this has been given out.
          opened.close();
          outbox.add(rest);
          return true;
        }
      }
      continued = opened.live() != null && goOnBehindKnownText(opened.live(), current);
      rotated.remember(seen, next.undecided());
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    if (emptied && !continued) {
      if (held && !opened.copies.isEmpty()) {
        opened.copies.getFirst().expected = current.seenSize;
      }
      announceTruncation(current, next, held);
      current.restart(fresh);
    }
    if (opened.live() != null) {
      trouble.passed();
      String happened = open.isEmpty() ? "appeared; following it" : "been replaced; following the new file";
      outbox.add(new Notice("'" + log.path() + "' has " + happened));
    }
    if (continued && current != null) {
      // The new file stands for it altogether, also for its unfinished line.
      open.drop(open.indexOf(current));
    }
    opened.gaps().forEach(outbox::addFirst);
    if (next.removed()) {
      outbox.addFirst(new Gap("rotated files may have been removed before they were read"));
    }
    boolean renamed = open.take(opened, seen, now);
    boolean told = opened.unreadable() != null && isGone(opened.unreadable(), now);
    return emptied || renamed || told || !opened.isEmpty();
  }

  /** What a file that was emptied held may be lost. */
  private void announceTruncation(Generation emptied, Succession next, boolean held) {
    boolean lost = !held && emptied.seenSize > emptied.reader.offsetRead();
    if (next.restart() > 0) {
      return;
    }
    if (next.doubt() != null) {
      outbox.addFirst(new Gap(next.doubt()));
    } else if (lost) {
      outbox.addFirst(new Gap(TRUNCATED_EARLY));
    } else {
      outbox.add(new Notice("'" + log.path() + "' has been truncated; following it from its start"));
    }
  }

  /** After rsync or an editor a new file begins with what was read already. */
  private boolean goOnBehindKnownText(Generation live, Generation current) throws IOException {
    Position position = current == null ? open.lastClosed() : current.reader.position();
    boolean recognisable =
        position != null
            && position.offset() > 0
            && (position.offset() >= ENOUGH_TO_RECOGNISE || position.isHintFor(live.identity()));
    if (!recognisable || !live.holds(position)) {
      return false;
    }
    live.restart(live.readerAt(position.offset()));
    return true;
  }

  /** Says once that the path can't be followed now; false when there is nothing new to say. */
  private boolean tell(IOException e, long now) {
    Trouble found = trouble.found(e, !open.isEmpty(), now);
    if (found != null) {
      outbox.add(found);
    }
    return found != null;
  }
}

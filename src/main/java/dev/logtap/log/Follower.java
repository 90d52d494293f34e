package dev.logtap.log;

import dev.logtap.log.Reading.Gap;
import dev.logtap.log.Reading.Lines;
import dev.logtap.log.Reading.Notice;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;

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

  /** How often to look while there is so much to read that the end is never reached. */
  private static final long LOOK_WHILE_BUSY = Duration.ofMillis(100).toNanos();

  /** A writer that was told of a rotation a moment late goes on in the old file: its lines come first. */
  private static final long QUIET_BEFORE_NEXT = Duration.ofSeconds(1).toNanos();

  /** One that was never told must not hold up the new file. */
  private static final long LONGEST_WAIT_FOR_QUIET = Duration.ofSeconds(5).toNanos();

  /** Removed files pin disk space as long as they are open. */
  private static final long REMOVED_STAYS_OPEN = Duration.ofSeconds(5).toNanos();

  /** So many old files stay open at most; an older one is closed when it is read to its end. */
  private static final int MOST_RETIRED = 8;

  /** After so many bytes of one file the newer ones have their turn. */
  private static final int TURN = 4 << 20;

  private static final int MOST_LOOKS_IN_VAIN = 3;

  private static final long RENAMED_STAYS_OPEN = Duration.ofMinutes(10).toNanos();

  /** An old file that was quiet for so long is left out of the cursor. */
  private static final long IN_CURSOR = Duration.ofMinutes(1).toNanos();

  /** Text that is known well enough to recognise its continuation in another file. */
  private static final long ENOUGH_TO_RECOGNISE = Position.TAIL;

  private final AllowedLog log;

  /** Open files, oldest first. */
  private final List<Generation> generations = new ArrayList<>();

  private final Queue<Reading> outbox = new ArrayDeque<>();

  private final RotatedFiles rotated = new RotatedFiles();

  /** When the live file had last been written when the path last named it. */
  private FileTime liveWritten = FileTime.fromMillis(0);

  private long lastLook;

  /** How often a look has found the directory changing under it. */
  private int lookedInVain;

  /** Whether the last read brought something. */
  private boolean busy;

  /** Which file gave the last lines, and how many bytes of it came without any of another. */
  private Generation lastGiven;

  private long givenInARow;

  /** Whether the last lines ended in the middle of one. */
  private boolean inLine;

  /** Where reading stopped in the file that was closed last, when none is open; else null or older. */
  private Position lastClosed;

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
      follower.generations.addAll(resumption.files());
      follower.rotated.remember(resumption.seen());
      for (Sibling file : resumption.seen().oldestFirst()) {
        follower.liveWritten = Collections.max(List.of(follower.liveWritten, file.modified()));
      }
      follower.outbox.addAll(resumption.gaps());
    } catch (IOException e) {
      follower.outbox.add(new Gap(PlainFile.sentence(log.path(), e)));
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
    boolean looked = false;
    while (true) {
      if (!outbox.isEmpty()) {
        return outbox.poll();
      }
      long now = System.nanoTime();
      // After a wait reading comes first: what a look finds is only compared with what was read until now. But of a
      // file that nothing was read of, a look alone can tell that it was filled and emptied meanwhile.
      boolean lookFirst = busy ? now - lastLook > LOOK_WHILE_BUSY : !looked && isUnread();
      if (lookFirst) {
        looked = true;
        if (look(now)) {
          continue;
        }
      }
      Lines lines = read(now);
      busy = lines != null;
      if (lines != null) {
        return lines;
      }
      if (outbox.isEmpty() && !look(now)) {
        return outbox.poll();
      }
    }
  }

  private boolean isUnread() {
    return !generations.isEmpty() && generations.getLast().reader.offsetRead() == 0;
  }

  /** How long a caller may wait for a change before it has to ask again. */
  public Duration untilNextLook() {
    return waiting ? LOOK_WHILE_WAITING : LOOK;
  }

  /** The place behind all that was given out. Cheap: once a batch. */
  public Cursor cursor() {
    long now = System.nanoTime();
    List<Generation> mattering = new ArrayList<>();
    for (int i = generations.size() - 1; i >= 0; i--) {
      Generation generation = generations.get(i);
      if (mattering.isEmpty() ? generation.begun : matters(generation, now)) {
        mattering.addFirst(generation);
      }
    }
    // What has not been begun is found as what came later; of the rest the newest count.
    while (mattering.size() > Cursor.MOST_POSITIONS && mattering.getLast().reader.offsetRead() == 0) {
      mattering.removeLast();
    }
    while (mattering.size() > Cursor.MOST_POSITIONS) {
      mattering.removeFirst();
    }
    List<Position> positions = new ArrayList<>();
    mattering.forEach(generation -> positions.add(generation.reader.position()));
    if (positions.isEmpty()) {
      positions.add(Position.BEFORE_THE_FIRST_FILE);
    }
    return new Cursor(log.name(), Instant.now(), positions);
  }

  /** Whether something of an old file is still to be given out, or may still come. */
  private static boolean matters(Generation old, long now) {
    boolean active = old.reader.offsetRead() > 0 && now - old.grew < IN_CURSOR;
    return old.finished || old.reader.holdsUnfinishedLine() || active;
  }

  /** The unfinished lines that are still held back, for when the program ends; null after the last. */
  public Lines rest() {
    for (Generation generation : generations) {
      Lines rest = generation.begun ? generation.reader.rest() : null;
      if (rest != null) {
        return rest;
      }
    }
    return null;
  }

  /** The entry of the allowlist that is followed. */
  public AllowedLog log() {
    return log;
  }

  @Override
  public void close() {
    Generation.closeAll(generations);
    generations.clear();
  }

  // ---- beginning

  private void beginWithLastLines(long lines) {
    try {
      rememberRotated();
      PlainFile file = PlainFile.open(log);
      liveWritten = file.modifiedWhenOpened();
      Generation generation = Generation.of(file, startOfLastLines(file, lines), false);
      generation.begun = true;
      if (file.size() == 0) {
        // What is there already is content, NULs as well; what an emptied file begins with may be a hole.
        generation.reader.skippingHole();
      }
      generation.setLive();
      generations.add(generation);
    } catch (IOException e) {
      tell(e, System.nanoTime());
    }
  }

  /** Takes what was rotated away before the first file is opened for old, all that comes later is new. */
  private void rememberRotated() throws IOException {
    if (rotated.isBlank()) {
      Generations seen = rotated.look(PlainFile.resolve(log.path(), log.symlink()));
      rotated.remember(seen);
      // The live file that was seen is the one that is opened next, or was rotated away before that.
      seen.oldestFirst().forEach(old -> rotated.add(old.identity()));
    }
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
      first = Math.max(0, generations.indexOf(lastGiven));
    } else if (givenInARow > TURN) {
      // A file whose writer is quicker than we are must not keep the newer ones waiting for ever.
      first = generations.indexOf(lastGiven) + 1;
    }
    Lines lines = read(first, now);
    return lines == null && first > 0 && outbox.isEmpty() ? read(0, now) : lines;
  }

  private Lines read(int first, long now) {
    waiting = false;
    for (int i = first; i < generations.size(); i++) {
      Generation generation = generations.get(i);
      if (generation.failing) {
        continue;
      }
      try {
        if (!generation.begun && !mayBegin(i, now)) {
          return null;
        }
        Lines lines = generation.reader.next();
        // An empty file on its way out tells nothing of how far reading has come.
        generation.begun |= lines != null || i == generations.size() - 1;
        if (lines != null) {
          generation.grew = now;
          countGiven(generation, lines);
          return lines;
        }
        if (generation.reader.replaced()) {
          goOnAfterTruncation(generation);
          return null;
        }
        if (isOver(i, now)) {
          Lines rest = generation.reader.rest();
          if (rest != null) {
            return rest;
          }
          if (i + 1 < generations.size() && !isAnyBegun(i + 1)) {
            // Until then it is what tells a cursor how far reading has come.
            continue;
          }
          drop(i--);
        } else if (now - generation.grew > QUIET_BEFORE_NEXT) {
          generation.reader.shrink();
        }
      } catch (IOException e) {
        failed(i, e, now);
      }
    }
    return null;
  }

  private boolean isAnyBegun(int from) {
    return generations.subList(from, generations.size()).stream().anyMatch(generation -> generation.begun);
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
    if (generations.get(index).isLive()) {
      generations.get(index).failing = true;
      tell(e, now);
    } else {
      outbox.add(new Gap("the rest of a rotated file could not be read: " + PlainFile.sentence(log.path(), e)));
      drop(index);
    }
  }

  /** Whether the files before this one have had their time. All of them are read to their ends now. */
  private boolean mayBegin(int index, long now) throws IOException {
    Generation generation = generations.get(index);
    if (index == 0 || index < generations.size() - 1) {
      return true;
    }
    if (!generation.hasBytes()) {
      return false;
    }
    if (now - generation.discovered > LONGEST_WAIT_FOR_QUIET) {
      return true;
    }
    for (Generation older : generations.subList(0, index)) {
      if (!older.finished && now - older.grew < QUIET_BEFORE_NEXT) {
        waiting = true;
        return false;
      }
    }
    return true;
  }

  /** Whether nothing more is to be expected of a file that is read to its end. */
  private boolean isOver(int index, long now) {
    Generation generation = generations.get(index);
    if (generation.finished || index < generations.size() - 1 - MOST_RETIRED) {
      return true;
    }
    long quiet = generation.quietSinceRetired(now);
    if (generation.isLive()
        || quiet < REMOVED_STAYS_OPEN
        || now - generation.lastCheckedForRemoval < REMOVED_STAYS_OPEN) {
      return false;
    }
    generation.lastCheckedForRemoval = now;
    return quiet > RENAMED_STAYS_OPEN || OpenHandles.isRemoved(generation.identity());
  }

  /**
   * The file no longer holds what was read from it. After copytruncate a copy does, and usually holds
   * what had not been read yet as well.
   */
  private void goOnAfterTruncation(Generation emptied) throws IOException {
    List<Locator.Place> places = new ArrayList<>();
    long restart = 0;
    for (Locator.Place place : whereReadingStopped(emptied)) {
      if (emptied.is(place.file().identity())) {
        restart = place.offset();
        break;
      }
      if (place.file().isLive() || isOpen(place.file())) {
        break;
      }
      places.add(place);
    }
    List<Generation> copies;
    try {
      copies = open(places, true);
    } catch (RotatedMeanwhileException _) {
      // Renamed since it was listed: the next call finds it under its new name.
      return;
    }
    boolean found = !copies.isEmpty() || restart > 0;
    Lines half = found ? null : emptied.reader.rest();
    if (half != null) {
      // Its end will not come. The next call goes on here, when this has been given out.
      outbox.add(half);
      return;
    }
    long saved = copies.isEmpty() ? 0 : places.getFirst().file().textSize();
    boolean lost = restart == 0 && emptied.seenSize > Math.max(saved, emptied.reader.offsetRead());
    outbox.add(
        lost
            ? new Gap("the file was truncated before all of it was read")
            : new Notice("'" + log.path() + "' has been truncated; following it from its start"));
    emptied.restartAt(restart);
    insertBefore(emptied, copies);
  }

  private void insertBefore(Generation later, List<Generation> copies) {
    for (Generation copy : copies) {
      copy.begun = true;
      rotated.add(copy.identity());
    }
    generations.addAll(generations.indexOf(later), copies);
  }

  /** The files, this one last, in which what follows on the place is; empty where none is known. */
  private List<Locator.Place> whereReadingStopped(Generation emptied) {
    Position position = emptied.reader.position();
    Generations seen;
    try {
      seen = Generations.beside(PlainFile.resolve(log.path(), log.symlink()));
    } catch (IOException _) {
      // The directory is gone, or the link leads nowhere: no copies to be found, and the file is still open.
      return List.of();
    }
    if (position.offset() == 0) {
      return newCopies(seen);
    }
    return switch (new Locator(seen).locate(position, Instant.now())) {
      case Locator.Result.Found(List<Locator.Place> places) -> places;
      case Locator.Result.Lost(String _, Locator.Place place) when place == null -> List.of();
      case Locator.Result.Lost(String why, Locator.Place place) -> {
        outbox.add(new Gap(why));
        yield List.of(place);
      }
    };
  }

  // ---- looking

  /** Looks at what the path names now; false when that is what is being read already. */
  private boolean look(long now) {
    lastLook = now;
    try {
      if (!generations.isEmpty()) {
        // At once after it was read to its end: what is seen later may be the size of what replaced it.
        generations.getLast().noteSize();
      }
      Path live = PlainFile.resolve(log.path(), log.symlink());
      // The directory before the path: what it shows while the path still names our file is older.
      Generations seen = rotated.look(live);
      if (rotated.isBlank() && generations.isEmpty()) {
        rotated.remember(seen);
      }
      BasicFileAttributes attributes = PlainFile.look(live);
      PlainFile.refuseUnlessRegular(log.path(), attributes);
      Generation named = nameOf(FileIdentity.of(attributes), now);
      if (named == null) {
        beginNew(live, now);
        return true;
      }
      if (!named.failing && trouble.passed()) {
        outbox.add(new Notice("'" + log.path() + "' is back"));
      }
      named.failing = false;
      boolean written = !attributes.lastModifiedTime().equals(liveWritten);
      liveWritten = attributes.lastModifiedTime();
      if (seen == null) {
        return false;
      }
      List<FileIdentity> undecided = new ArrayList<>();
      boolean copied = written && goBackToCopies(seen, named, attributes.size(), undecided);
      rotated.remember(seen);
      undecided.forEach(rotated::leaveOpen);
      return copied;
    } catch (RotatedMeanwhileException _) {
      // At once again, but not for ever: then at the next look.
      lookedInVain = lookedInVain < MOST_LOOKS_IN_VAIN ? lookedInVain + 1 : 0;
      return lookedInVain > 0;
    } catch (IOException e) {
      if (!generations.isEmpty()) {
        generations.getLast().retire(now);
      }
      return tell(e, now);
    }
  }

  /** The open file that the path names; it becomes the last of them. */
  private Generation nameOf(FileIdentity identity, long now) {
    for (int i = generations.size() - 1; i >= 0; i--) {
      Generation generation = generations.get(i);
      if (generation.is(identity) && !generation.finished) {
        if (i < generations.size() - 1) {
          // An old file was renamed back.
          generations.getLast().retire(now);
          generations.add(generations.remove(i));
        }
        generation.setLive();
        return generation;
      }
    }
    return null;
  }

  /**
   * Nothing was read of the live file yet, and copies have appeared: it was filled, copied and truncated
   * between two looks. Unless it is about to be truncated, and what it holds is what the copy holds.
   */
  private boolean goBackToCopies(Generations seen, Generation live, long size, List<FileIdentity> undecided)
      throws IOException {
    if (live.reader.offsetRead() > 0) {
      return false;
    }
    List<Generation> copies = open(newCopies(seen), true);
    for (Generation copy : List.copyOf(copies)) {
      if (size > 0 && copy.beginsLike(live)) {
        copies.remove(copy);
        undecided.add(copy.identity());
        copy.close();
      }
    }
    insertBefore(live, copies);
    return !copies.isEmpty();
  }

  private List<Locator.Place> newCopies(Generations seen) {
    List<Locator.Place> copies = new ArrayList<>();
    for (Sibling file : seen.oldestFirst()) {
      if (isNew(file) && !file.isPacked()) {
        copies.add(new Locator.Place(file, 0));
      }
    }
    return copies;
  }

  private boolean isNew(Sibling file) {
    return rotated.isNew(file) && !isOpen(file);
  }

  private boolean isOpen(Sibling file) {
    return generations.stream().anyMatch(open -> open.is(file.identity()));
  }

  /**
   * The path names a file that is not open yet: opens it, and what was rotated away in between.
   *
   * @throws RotatedMeanwhileException when that went on while it was being opened; nothing has changed then
   */
  private void beginNew(Path live, long now) throws IOException {
    PlainFile file = PlainFile.open(live, false);
    Generations seen;
    long offset;
    List<Generation> opened;
    try {
      seen = Generations.beside(live);
      offset = offsetOfKnownText(file);
      opened = open(bornBefore(file, seen), false);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    opened.add(Generation.of(file, offset, false));
    boolean first = generations.isEmpty();
    if (offset > 0 && !first) {
      // The new file stands for the old one altogether, also for its unfinished line.
      drop(generations.size() - 1);
    }
    for (Generation older : generations) {
      older.retire(now);
    }
    generations.addAll(opened);
    generations.getLast().reader.skippingHole();
    generations.getLast().setLive();
    rotated.rememberUpTo(file.identity(), seen);
    liveWritten = file.modifiedWhenOpened();
    trouble.passed();
    String happened = first ? "has appeared; following it" : "has been replaced; following the new file";
    outbox.add(new Notice("'" + log.path() + "' " + happened));
  }

  private List<Locator.Place> bornBefore(PlainFile file, Generations seen) throws IOException {
    List<Locator.Place> places = new ArrayList<>();
    Locator locator = new Locator(seen);
    for (Sibling sibling : seen.oldestFirst()) {
      boolean between =
          sibling.isPacked()
              ? sibling.modified().compareTo(liveWritten) > 0 && !isContentOfOpen(sibling, locator)
              : sibling.identity().birth() <= file.identity().birth();
      if (isNew(sibling) && between && !file.identity().isSameFileAs(sibling.identity())) {
        places.add(new Locator.Place(sibling, 0));
      }
    }
    return places;
  }

  /** Whether what was packed is a file that is being read already. */
  private boolean isContentOfOpen(Sibling packed, Locator locator) throws IOException {
    if (packed.isOpaque()) {
      return false;
    }
    for (Generation open : generations) {
      if (open.isPackedIn(packed, locator)) {
        return true;
      }
    }
    return lastClosed != null && lastClosed.offset() > 0 && locator.holds(packed, lastClosed);
  }

  /**
   * Opens files that were rotated away; one that can't be read is a gap.
   *
   * @param finished whether nobody writes to them any more
   * @throws RotatedMeanwhileException when one was renamed since it was seen; none is open then
   */
  private List<Generation> open(List<Locator.Place> places, boolean finished) throws RotatedMeanwhileException {
    List<Generation> opened = new ArrayList<>();
    List<Gap> gaps = new ArrayList<>();
    for (Locator.Place place : places) {
      try {
        Generation generation = Generation.open(place, finished);
        generation.seenSize = place.file().size();
        opened.add(generation);
      } catch (RotatedMeanwhileException e) {
        Generation.closeAll(opened);
        throw e;
      } catch (IOException e) {
        gaps.add(new Gap(PlainFile.sentence(place.file().path(), e)));
        rotated.add(place.file().identity());
      }
    }
    outbox.addAll(gaps);
    return opened;
  }

  /**
   * Where to begin in a new file: behind the text that was read already, when it begins with that, as
   * after rsync or an editor; else at its start.
   */
  private long offsetOfKnownText(PlainFile file) throws IOException {
    Position position = generations.isEmpty() ? lastClosed : generations.getLast().reader.position();
    if (position == null || position.offset() == 0) {
      return 0;
    }
    boolean recognisable = position.offset() >= ENOUGH_TO_RECOGNISE || position.isHintFor(file.identity());
    return recognisable && Locator.matches(file, position) ? position.offset() : 0;
  }

  /** Says once that the path can't be followed now; false when there is nothing new to say. */
  private boolean tell(IOException e, long now) {
    Notice notice = trouble.found(e, !generations.isEmpty(), now);
    if (notice != null) {
      outbox.add(notice);
    }
    return notice != null;
  }

  // ---- ending

  private void drop(int index) {
    Generation generation = generations.remove(index);
    rotated.add(generation.identity());
    if (generations.isEmpty()) {
      lastClosed = generation.reader.position();
    }
    Generation.closeAll(List.of(generation));
  }
}

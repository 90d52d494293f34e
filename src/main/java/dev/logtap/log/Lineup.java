package dev.logtap.log;

import dev.logtap.log.Reading.Lines;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/**
 * The files of a log that are open, in the order in which they are read: old ones in which a writer that
 * has not been told of a rotation may go on, copies of what was truncated, the one that reading has come
 * to, those that wait for it, and last the live file.
 *
 * <p>Used by its follower alone, on the follower's thread.
 */
final class Lineup implements Iterable<Generation>, Closeable {
  /** Removed files pin disk space as long as they are open. */
  private static final long REMOVED_STAYS_OPEN = Duration.ofSeconds(5).toNanos();

  private static final long RENAMED_STAYS_OPEN = Duration.ofMinutes(10).toNanos();

  /** So many old files stay open at most, as many as a look takes in; an older one is closed when it is read to its end. */
  private static final int MOST_RETIRED = Generations.MOST;

  /** An old file that was quiet for so long is left out of the cursor. */
  private static final long IN_CURSOR = Duration.ofMinutes(1).toNanos();

  private final List<Generation> files = new ArrayList<>();

  /** Where reading stopped in the file that was closed last, when none was open then. */
  private Position lastClosed;

  int size() {
    return files.size();
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  Generation get(int index) {
    return files.get(index);
  }

  /** -1 where it is none of them. */
  int indexOf(Generation file) {
    return files.indexOf(file);
  }

  /** The newest. */
  Generation last() {
    return files.getLast();
  }

  @Override
  public Iterator<Generation> iterator() {
    return files.iterator();
  }

  /** The newest file that reading has come to: what there was of older ones has been read. Null where it is none. */
  Generation current() {
    for (int i = files.size() - 1; i >= 0; i--) {
      if (files.get(i).begun) {
        return files.get(i);
      }
    }
    return null;
  }

  /** The open file of that name; null where it is not open, or only as a copy that is read to its end. */
  Generation as(Sibling file) {
    for (Generation generation : files) {
      if (generation.is(file.identity()) && !generation.finished) {
        return generation;
      }
    }
    return null;
  }

  boolean isOpen(Sibling file) {
    return files.stream().anyMatch(generation -> generation.is(file.identity()));
  }

  /** Whether reading has come to one of those from that index on. */
  boolean isAnyBegun(int from) {
    return files.subList(from, files.size()).stream().anyMatch(generation -> generation.begun);
  }

  /** Where reading stopped in the file that was closed last, when none was open then; else null. */
  Position lastClosed() {
    return lastClosed;
  }

  /** Adds one that is newer than all. */
  void add(Generation file) {
    files.forEach(Generation::noteBacklog);
    files.add(file);
  }

  /**
   * Takes over files that were opened.
   *
   * @param seen the look at the directory that they were found by, which tells their order
   * @return whether the path names another one of those that were open than before
   */
  boolean take(Opened opened, Generations seen, long now) {
    int here = indexOf(current());
    List<Generation> waiting = files.subList(here + 1, files.size());
    List<Generation> after = new ArrayList<>(waiting);
    waiting.clear();
    after.addAll(opened.later);
    after.sort(Comparator.comparingInt(file -> seen.indexOf(file.identity())));
    opened.copies.forEach(copy -> copy.begun = true);
    files.addAll(Math.max(0, here), opened.copies);
    files.addAll(after);
    if (opened.live() != null) {
      files.add(opened.live());
    }
    Generation named = seen.live() == null ? null : as(seen.live());
    if (named == null) {
      return false;
    }
    boolean renamed = !named.isLive() && named != opened.live();
    files.remove(named);
    files.forEach(
        other -> {
          other.retire(now);
          other.noteBacklog();
        });
    files.add(named);
    named.setLive();
    return renamed;
  }

  /** Whether nothing more is to be expected of a file that is read to its end. */
  boolean isOver(int index, long now) {
    Generation file = files.get(index);
    if (file.finished || index < files.size() - 1 - MOST_RETIRED) {
      return true;
    }
    long quiet = file.quietSinceRetired(now);
    if (file.isLive() || quiet < REMOVED_STAYS_OPEN || now - file.lastCheckedForRemoval < REMOVED_STAYS_OPEN) {
      return false;
    }
    file.lastCheckedForRemoval = now;
    // The newest is where a writer goes on that has nowhere else to go, however long it was silent.
    boolean replaced = index < files.size() - 1;
    return replaced && quiet > RENAMED_STAYS_OPEN || OpenHandles.isRemoved(file.identity());
  }

  /** Closes one that is no longer needed. */
  void drop(int index) {
    Generation file = files.remove(index);
    if (files.isEmpty()) {
      lastClosed = file.reader.position();
    }
    Generation.closeAll(List.of(file));
  }

  /** The places behind all that was given out, as many as a cursor holds, oldest first. */
  List<Position> positions(long now) {
    List<Generation> mattering = new ArrayList<>();
    for (Generation file : files.reversed()) {
      if (mattering.isEmpty() ? file.begun : matters(file, now)) {
        mattering.addFirst(file);
      }
    }
    // What has not been begun is found as what came later; of the rest the newest count.
    while (mattering.size() > Cursor.MOST_POSITIONS && mattering.getLast().reader.offsetRead() == 0) {
      mattering.removeLast();
    }
    while (mattering.size() > Cursor.MOST_POSITIONS) {
      mattering.removeFirst();
    }
    return mattering.isEmpty()
        ? List.of(Position.BEFORE_THE_FIRST_FILE)
        : mattering.stream().map(file -> file.reader.position()).toList();
  }

  /** Whether something of an old file is still to be given out, or may still come. */
  private static boolean matters(Generation old, long now) {
    boolean active = old.reader.offsetRead() > 0 && now - old.grew < IN_CURSOR;
    return old.finished || old.reader.holdsUnfinishedLine() || active;
  }

  /** The unfinished lines that are still held back, for when the program ends; null after the last. */
  Lines rest() {
    for (Generation file : files) {
      Lines rest = file.begun ? file.reader.rest() : null;
      if (rest != null) {
        return rest;
      }
    }
    return null;
  }

  @Override
  public void close() {
    Generation.closeAll(files);
    files.clear();
  }
}

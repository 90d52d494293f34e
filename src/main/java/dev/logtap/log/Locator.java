package dev.logtap.log;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds a {@link Position} again: in the live file, or in the generations that rotation has made since.
 * The file system's identity is a hint; the content decides. Reads at most {@value #PACKED_BUDGET} bytes
 * of compressed text and a few KiB of every other file, whatever the cursor says.
 *
 * <p>Known limit: a log in which more than {@value Position#TAIL} bytes before the position, the first
 * {@value Position#HEAD} and the offset are the same in two generations (equal lines with no time
 * stamps) can be taken for one another when neither is the file that the cursor was made in.
 */
final class Locator {
  /** Uncompressed bytes that one search may cost: about a second. */
  private static final long PACKED_BUDGET = 256L << 20;

  /** How much of two generations that hold the same place is compared to tell whether they differ. */
  private static final int COMPARED = 1 << 20;

  /** File times come from the kernel's coarse clock, which can lie some ms behind the one that Java asks. */
  private static final Duration CLOCK_GRAIN = Duration.ofMillis(10);

  private final Generations generations;
  private long packedBudget = PACKED_BUDGET;

  /** What came of a search. */
  sealed interface Result {
    /** Where reading goes on, oldest first: the place itself, then whole later generations. */
    record Found(List<Place> places) implements Result {}

    /** It can't be found, or something after it is missing. */
    record Lost(String why) implements Result {}
  }

  /** A place in a file of the directory. */
  record Place(Sibling file, long offset) {}

  Locator(Generations generations) {
    this.generations = generations.newest();
  }

  /**
   * Searches for {@code position}.
   *
   * @param issued when it was noted down, for a place before the first byte, which has no content to
   *     be known by
   */
  Result locate(Position position, Instant issued) {
    if (position.offset() == 0) {
      return beginning(position, issued);
    }
    for (Sibling file : generations.oldestFirst()) {
      if (!file.isGzip() && position.isHintFor(file.identity()) && holds(file, position)) {
        return withLater(file, position, List.of(file));
      }
    }
    List<Sibling> matches = new ArrayList<>();
    for (Sibling file : generations.oldestFirst()) {
      if (!file.isOpaque() && holds(file, position)) {
        matches.add(file);
      }
    }
    if (matches.isEmpty()) {
      return new Result.Lost("the place where reading stopped is in no file of this log any more");
    }
    List<Sibling> plain = matches.stream().filter(file -> !file.isGzip()).toList();
    List<Sibling> candidates = plain.isEmpty() ? matches : plain;
    Sibling chosen = candidates.getLast();
    for (Sibling other : candidates) {
      if (other != chosen && !agree(chosen, other, position.offset())) {
        return new Result.Lost(
            "the place where reading stopped may be in '" + other.name() + "' or in '" + chosen.name() + "'");
      }
    }
    return withLater(chosen, position, matches);
  }

  /** Before the first byte of a file that was empty or missing: all that began since. */
  private Result beginning(Position position, Instant issued) {
    List<Place> places = new ArrayList<>();
    long since = issued.minus(CLOCK_GRAIN).toEpochMilli() * 1_000_000;
    for (Sibling file : generations.oldestFirst()) {
      // A compressed file is younger than its content, but keeps the time of the last write.
      boolean began = file.isPacked() ? file.written() >= since : file.identity().birth() >= since;
      boolean follows = began && file.looksRotated();
      if (follows && file.isOpaque()) {
        return unreadable(file);
      }
      if (file.isLive() || position.isHintFor(file.identity()) || follows) {
        places.add(new Place(file, 0));
      }
    }
    return new Result.Found(places);
  }

  /** The place and all generations after it, unless one of those is missing or can't be read. */
  private Result withLater(Sibling file, Position position, List<Sibling> sameContent) {
    List<Place> places = new ArrayList<>();
    places.add(new Place(file, position.offset()));
    int number = file.number();
    for (Sibling later : generations.oldestFirst()) {
      boolean follows =
          Sibling.OLDEST_FIRST.compare(later, file) > 0 && (later.isLive() || later.looksRotated());
      // An older generation that somebody has unpacked since was finished before this file began.
      boolean older = !file.isPacked() && !later.isLive() && later.written() < file.identity().birth();
      if (!follows || older || sameContent.contains(later)) {
        continue;
      }
      if (later.isOpaque()) {
        return unreadable(later);
      }
      int next = later.number();
      if (number > 0 && next >= 0 && next < number - 1) {
        return missing(file, number - 1);
      }
      // Some rotate upwards, the newest with the highest number: nothing to check there.
      number = next < 0 ? number : next > number ? 0 : next;
      places.add(new Place(later, 0));
    }
    // Counting down ends at 1, or at 0 where rotation counts from there.
    return !file.isLive() && number > 1 ? missing(file, number - 1) : new Result.Found(places);
  }

  private static Result unreadable(Sibling file) {
    return new Result.Lost("'" + file.name() + "' is packed in a way that logtap does not read");
  }

  private static Result missing(Sibling file, int number) {
    return new Result.Lost(
        "the generation number " + number + " after '" + file.name() + "' is missing");
  }

  /** Whether the file has the position's content before its offset. */
  boolean holds(Sibling file, Position position) {
    if (!file.isGzip() && file.size() < position.offset()) {
      return false;
    }
    try (Source source = file.open()) {
      return source instanceof GzipFile packed ? holds(packed, position) : matches(source, position);
    } catch (IOException _) {
      // Damaged, forbidden or gone: whatever it held, it cannot be read on from there.
      return false;
    }
  }

  /** Uncompresses up to the place, first only as far as the head, which rules out most files. */
  private boolean holds(GzipFile packed, Position position) throws IOException {
    byte[] head = new byte[(int) Math.min(Position.HEAD, position.offset())];
    if (packed.readFully(head, 0, head.length, 0) < head.length
        || Fingerprint.of(head, 0, head.length) != position.head()) {
      return false;
    }
    int tail = (int) Math.min(Position.TAIL, position.offset());
    long skip = position.offset() - tail;
    try {
      packedBudget -= packed.skipTo(skip, packedBudget);
    } catch (EOFException _) {
      return false;
    }
    return packedBudget > 0 && tailMatches(packed, position, tail);
  }

  /** Whether an open file has the content before its offset that the position tells of. */
  static boolean matches(Source source, Position position) throws IOException {
    byte[] head = new byte[(int) Math.min(Position.HEAD, position.offset())];
    return source.readFully(head, 0, head.length, 0) == head.length
        && Fingerprint.of(head, 0, head.length) == position.head()
        && tailMatches(source, position, (int) Math.min(Position.TAIL, position.offset()));
  }

  private static boolean tailMatches(Source source, Position position, int length) throws IOException {
    byte[] tail = new byte[length];
    return source.readFully(tail, 0, length, position.offset() - length) == length
        && Fingerprint.of(tail, 0, length) == position.tail();
  }

  /** Whether two files that hold the same place also go on alike, as far as both go. */
  private boolean agree(Sibling one, Sibling other, long offset) {
    try (Source a = one.open();
        Source b = other.open()) {
      byte[] left = new byte[COMPARED];
      byte[] right = new byte[COMPARED];
      int n = a.readFully(left, 0, COMPARED, offset);
      int m = b.readFully(right, 0, COMPARED, offset);
      int common = Math.min(n, m);
      return Arrays.equals(left, 0, common, right, 0, common);
    } catch (IOException _) {
      return false;
    }
  }
}

package dev.logtap.log;

import dev.logtap.log.Generations.Counting;
import java.io.EOFException;
import java.io.IOException;
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

  private final Generations generations;
  private long packedBudget;

  /** What came of a search. */
  sealed interface Result {
    /** Where reading goes on, oldest first: the place itself, then whole later generations. */
    record Found(List<Place> places) implements Result {}

    /**
     * It can't be found, or something after it is missing.
     *
     * @param place where it is all the same; null where that is not known
     */
    record Lost(String why, Place place) implements Result {
      Lost(String why) {
        this(why, null);
      }
    }
  }

  /** A place in a file of the directory. */
  record Place(Sibling file, long offset) {}

  /** For a cursor that a stranger may have brought. */
  Locator(Generations generations) {
    this(generations, PACKED_BUDGET);
  }

  private Locator(Generations generations, long packedBudget) {
    this.generations = generations.newest();
    this.packedBudget = packedBudget;
  }

  /** For a follower's own position, which is searched for whatever that costs: else the file would be read again. */
  static Locator unbounded(Generations generations) {
    return new Locator(generations, Long.MAX_VALUE);
  }

  /**
   * Searches for {@code position}.
   *
   * @param issued when it was noted down, for a place before the first byte, which has no content to
   *     be known by
   */
  Result locate(Position position, Instant issued) throws RotatedMeanwhileException {
    if (position.offset() == 0) {
      return beginning(position, issued);
    }
    Match match = search(position);
    return match.doubt() == null
        ? withLater(match.file(), position, match.same())
        : new Result.Lost(match.doubt());
  }

  /**
   * The file that holds a position's content.
   *
   * @param file null where there is none
   * @param same all that hold it, for a packed file and a plain one may both be there
   * @param doubt why that may not be the one; null where it is
   */
  record Match(Sibling file, List<Sibling> same, String doubt) {}

  /** Searches for the content before a position that is not the beginning. */
  Match search(Position position) throws RotatedMeanwhileException {
    for (Sibling file : generations.oldestFirst()) {
      if (!file.isGzip() && position.isHintFor(file.identity()) && holds(file, position)) {
        return new Match(file, List.of(file), null);
      }
    }
    List<Sibling> matches = new ArrayList<>();
    for (Sibling file : generations.oldestFirst()) {
      if (!file.isOpaque() && holds(file, position)) {
        matches.add(file);
      }
    }
    if (matches.isEmpty()) {
      return new Match(null, matches, "the place where reading stopped is in no file of this log any more");
    }
    // The last of them is a plain one, if there is any.
    Sibling chosen = matches.getLast();
    for (Sibling other : matches) {
      if (other != chosen && !agree(chosen, other, position.offset())) {
        return new Match(
            chosen,
            matches,
            "the place where reading stopped may be in '" + other.name() + "' or in '" + chosen.name() + "'");
      }
    }
    return new Match(chosen, matches, null);
  }

  /** Before the first byte of a file that was empty or missing: all that began since. */
  private Result beginning(Position position, Instant issued) {
    long since = issued.getEpochSecond() * 1_000_000_000 + issued.getNano();
    List<Sibling> files = new ArrayList<>();
    boolean found = position.inode() == 0;
    boolean after = false;
    for (Sibling file : generations.oldestFirst()) {
      boolean same = position.isHintFor(file.identity());
      // The file itself, then what comes after it; where it is live, copies of what it held since.
      if (same || file.isLive() || file.looksRotated() && (after || file.beganSince(since))) {
        files.add(file);
        // A packed file may be what has become of it.
        found |= same || file.isPacked();
        after |= same;
      }
    }
    return found ? inOrder(files, 0) : new Result.Lost("the file that was empty when reading stopped is gone");
  }

  /** The place and all generations after it, unless one of those is missing or can't be read. */
  private Result withLater(Sibling file, Position position, List<Sibling> sameContent) {
    List<Sibling> all = generations.oldestFirst();
    List<Sibling> files = new ArrayList<>();
    files.add(file);
    for (Sibling other : all) {
      if (sameContent.contains(other) || !other.isLive() && !other.looksRotated()) {
        continue;
      }
      if (all.indexOf(other) > all.indexOf(file)) {
        if (!isUnpackedSince(other, file)) {
          files.add(other);
        }
      } else if (isOrderUnclear(other, file)) {
        return new Result.Lost(
            "it can't be told whether '" + other.name() + "' comes after '" + file.name() + "'",
            new Place(file, position.offset()));
      }
    }
    return inOrder(files, position.offset());
  }

  /** Whether it is an older generation that somebody has unpacked: it was finished before the file began. */
  private static boolean isUnpackedSince(Sibling other, Sibling file) {
    boolean plain = !other.isPacked() && !file.isPacked() && !other.isLive();
    return plain && other.number() < 0 && other.written() < file.identity().birth();
  }

  /** Numbers may contradict times, and a dated file may have been packed before an older one was. */
  private boolean isOrderUnclear(Sibling before, Sibling file) {
    return before.number() >= 0
        ? file.number() >= 0 && generations.counting() == Counting.UNCLEAR
        : before.isPacked() && !file.isPacked() && before.modified().compareTo(file.modified()) > 0;
  }

  /** Whole files after the first, unless one can't be read or one that comes later is missing. */
  private Result inOrder(List<Sibling> files, long offset) {
    List<Place> places = new ArrayList<>();
    for (Sibling file : files) {
      if (file.isOpaque()) {
        return new Result.Lost(
            "'" + file.name() + "' is packed in a way that logtap does not read",
            places.isEmpty() ? null : places.getFirst());
      }
      places.add(new Place(file, places.isEmpty() ? offset : 0));
    }
    int missing = files.isEmpty() ? -1 : missingAfter(files.getFirst());
    return missing < 0
        ? new Result.Found(places)
        : new Result.Lost("the generation number " + missing + " is missing", places.getFirst());
  }

  /** The first number that is left out by the generations from this one on; -1 where there is none. */
  private int missingAfter(Sibling first) {
    boolean upwards = generations.counting() == Counting.UP;
    int number = -1;
    List<Sibling> all = generations.oldestFirst();
    for (Sibling file : all.subList(all.indexOf(first), all.size())) {
      int next = upwards ? number + 1 : number - 1;
      if (file.number() >= 0) {
        if (number >= 0 && file.number() != next && file.number() != number) {
          return next;
        }
        number = file.number();
      }
    }
    // Counting down ends at 1, or at 0 where rotation counts from there.
    return upwards || number <= 1 ? -1 : number - 1;
  }

  /**
   * Whether the file has the position's content before its offset.
   *
   * @throws RotatedMeanwhileException when it was renamed since it was seen
   */
  boolean holds(Sibling file, Position position) throws RotatedMeanwhileException {
    if (!file.isGzip() && file.size() < position.offset()) {
      return false;
    }
    try (Source source = file.openSame()) {
      return source instanceof GzipFile packed ? holds(packed, position) : matches(source, position);
    } catch (RotatedMeanwhileException e) {
      throw e;
    } catch (IOException _) {
      // Damaged, forbidden or gone: whatever it held, it cannot be read on from there.
      return false;
    }
  }

  /** The same by the first bytes alone. */
  static boolean begins(Sibling file, Position position) throws RotatedMeanwhileException {
    try (Source source = file.openSame()) {
      return headMatches(source, position);
    } catch (RotatedMeanwhileException e) {
      throw e;
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean headMatches(Source source, Position position) throws IOException {
    byte[] head = new byte[(int) Math.min(Position.HEAD, position.offset())];
    return source.readFully(head, 0, head.length, 0) == head.length
        && Fingerprint.of(head, 0, head.length) == position.head();
  }

  /** Uncompresses up to the place, first only as far as the head, which rules out most files. */
  private boolean holds(GzipFile packed, Position position) throws IOException {
    if (!headMatches(packed, position)) {
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
    return headMatches(source, position)
        && tailMatches(source, position, (int) Math.min(Position.TAIL, position.offset()));
  }

  private static boolean tailMatches(Source source, Position position, int length) throws IOException {
    byte[] tail = new byte[length];
    return source.readFully(tail, 0, length, position.offset() - length) == length
        && Fingerprint.of(tail, 0, length) == position.tail();
  }

  /** Whether two files that hold the same place also go on alike, as far as both go. */
  private boolean agree(Sibling one, Sibling other, long offset) throws RotatedMeanwhileException {
    try (Source a = one.openSame();
        Source b = other.openSame()) {
      byte[] left = new byte[COMPARED];
      byte[] right = new byte[COMPARED];
      int n = a.readFully(left, 0, COMPARED, offset);
      int m = b.readFully(right, 0, COMPARED, offset);
      int common = Math.min(n, m);
      return Arrays.equals(left, 0, common, right, 0, common);
    } catch (RotatedMeanwhileException e) {
      throw e;
    } catch (IOException _) {
      return false;
    }
  }
}

package dev.logtap.log;

import dev.logtap.log.Locator.Place;
import dev.logtap.log.Reading.Lines;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What lies between two places of a log, read again by who was slower than its follower, or comes back with
 * a cursor: from the live file and from those that rotation has made of it, each line once, up to the very
 * place that the follower has reached, so that reading can go on with what that gives out next.
 *
 * <p>Holds one file open. Used by one thread at a time, which it blocks for the disk only.
 */
public final class Backlog implements Closeable {
  /** A directory in which rotation is always quicker than we are is no directory of logs. */
  private static final int MOST_ATTEMPTS = 3;

  /** What is missing in the middle of a rotation is there a moment later. */
  private static final long MIDDLE_OF_ROTATION = Duration.ofMillis(20).toNanos();

  private final AllowedLog log;
  private final Cursor to;
  private final List<Piece> pieces;
  private final List<String> gaps;

  /** Whether what is between ends in the middle of a line, of which the follower had given out a part. */
  private final boolean endsInLine;

  /** The piece that is read, an index. */
  private int current;

  /** Of that piece; null before its first read. */
  private LineReader reader;

  /** When the place was noted down where this begins. */
  private final Instant issued;

  /** A part of one file. */
  private static final class Piece {
    final Sibling file;
    final long from;
    final long to;

    /** Whether its end is where the follower has come to in that file, and not the end of the file. */
    final boolean limited;

    /** How far it was read; null where nothing was. */
    Position position;

    Piece(Place place, Position begun, long to, boolean limited) {
      this.file = place.file();
      this.from = place.offset();
      this.position = begun;
      this.to = to;
      this.limited = limited;
    }
  }

  private Backlog(AllowedLog log, Cursor to, Instant issued, List<Piece> pieces, List<String> gaps, boolean endsInLine) {
    this.log = log;
    this.to = to;
    this.issued = issued;
    this.pieces = pieces;
    this.gaps = gaps;
    this.endsInLine = endsInLine;
  }

  /**
   * Finds what lies between two cursors of the log.
   *
   * @param to where its follower has come to
   * @param endsInLine whether that is in the middle of a line
   * @param most how many bytes it may be at most
   * @return null where {@code from} is not reached by the follower yet
   * @throws IOException with why {@code from} can't be followed, as a sentence
   */
  public static Backlog between(AllowedLog log, Cursor from, Cursor to, boolean endsInLine, long most)
      throws IOException {
    Backlog near = inLiveFile(log, from, to, endsInLine, most);
    if (near != null) {
      return near;
    }
    RotatedFiles rotated = new RotatedFiles();
    for (int attempt = 1; ; attempt++) {
      try {
        return find(log, Resumption.look(log, from, rotated), from, to, endsInLine, most);
      } catch (IOException e) {
        if (attempt == MOST_ATTEMPTS || !(e instanceof RotatedMeanwhileException || rotated.isChanging())) {
          throw e;
        }
        LockSupport.parkNanos(MIDDLE_OF_ROTATION);
      }
    }
  }

  /** The usual case, without a look at the directory: both lie in the file that the path names. Null else. */
  private static Backlog inLiveFile(AllowedLog log, Cursor from, Cursor to, boolean endsInLine, long most)
      throws IOException {
    if (from.positions().size() > 1 || to.positions().size() > 1) {
      return null;
    }
    Position begin = from.positions().getFirst();
    Position end = to.positions().getFirst();
    if (begin.offset() == 0 || begin.inode() != end.inode() || begin.birth() != end.birth()) {
      return null;
    }
    Path live;
    Sibling file;
    try {
      live = PlainFile.resolve(log.path(), log.symlink());
      file = Sibling.of(live, "", PlainFile.look(live));
      try (Source source = file.openSame()) {
        if (!begin.isHintFor(file.identity()) || !Locator.matches(source, begin) || !Locator.matches(source, end)) {
          return null;
        }
      }
    } catch (IOException _) {
      // It is somewhere else now, if anywhere.
      return null;
    }
    if (end.offset() < begin.offset()) {
      return null;
    }
    if (end.offset() - begin.offset() > most) {
      throw Resumption.tooMuch(most);
    }
    Piece piece = new Piece(new Place(file, begin.offset()), begin, end.offset(), true);
    return new Backlog(log, to, from.issued(), List.of(piece), List.of(), endsInLine);
  }

  private static Backlog find(
      AllowedLog log, Generations seen, Cursor from, Cursor to, boolean endsInLine, long most) throws IOException {
    Route route = Route.of(seen, from);
    List<Place> reached = placesOf(seen, to);
    int newest = reached.isEmpty() ? -1 : seen.indexOf(reached.getLast().file().identity());
    List<Piece> pieces = new ArrayList<>();
    long length = 0;
    for (int i = 0; i < route.places().size(); i++) {
      Place place = route.places().get(i);
      Position begun = i < route.begun().size() ? route.begun().get(i) : null;
      Place limit = reached.stream().filter(other -> isSame(other, place)).findFirst().orElse(null);
      boolean ahead = limit == null ? seen.indexOf(place.file().identity()) > newest : limit.offset() < place.offset();
      if (ahead && begun != null && begun.offset() > 0) {
        return null;
      }
      if (!ahead) {
        long end = limit != null ? limit.offset() : place.file().isGzip() ? Long.MAX_VALUE : place.file().size();
        pieces.add(new Piece(place, begun, end, limit != null));
        length += Math.max(0, end == Long.MAX_VALUE ? 0 : end - place.offset());
      }
    }
    boolean packed = pieces.stream().anyMatch(piece -> piece.file.isGzip());
    if (length > most || packed && route.isLongerThan(most)) {
      throw Resumption.tooMuch(most);
    }
    return new Backlog(log, to, from.issued(), pieces, route.gaps(), endsInLine);
  }

  private static boolean isSame(Place one, Place other) {
    return one.file().identity().isSameFileAs(other.file().identity());
  }

  /**
   * Where the follower has come to in the files that it has open.
   *
   * @throws IOException where the newest of them is gone: nobody can tell then what came before it
   */
  private static List<Place> placesOf(Generations seen, Cursor cursor) throws IOException {
    List<Place> places = new ArrayList<>();
    Locator locator = new Locator(seen);
    for (Position position : cursor.positions()) {
      Sibling file = null;
      for (Sibling candidate : seen.oldestFirst()) {
        boolean named = position.isHintFor(candidate.identity());
        if (named && (position.offset() == 0 || !candidate.isGzip() && locator.holds(candidate, position))) {
          file = candidate;
        }
      }
      if (file == null && position.offset() > 0) {
        file = locator.search(position).file();
      }
      if (file != null) {
        places.add(new Place(file, position.offset()));
      } else if (position == cursor.positions().getLast() && position.inode() != 0) {
        throw new IOException("the file that is being followed is gone");
      }
    }
    return places;
  }

  /**
   * The last lines before a place that a follower has reached, of the file that it is in.
   *
   * @param needle only lines with this count; null where all do
   * @param most how many bytes back they are looked for
   * @throws IOException with why they can't be read, as a sentence
   */
  public static Backlog ofLastLines(AllowedLog log, Cursor to, boolean endsInLine, long lines, Needle needle, long most)
      throws IOException {
    Position end = to.positions().getLast();
    for (int attempt = 1; ; attempt++) {
      try {
        if (end.offset() == 0 || lines == 0) {
          return new Backlog(log, to, to.issued(), List.of(), List.of(), false);
        }
        Place reached = placesOf(Resumption.look(log, to, new RotatedFiles()), to).getLast();
        try (Source source = reached.file().openSame()) {
          LastLines last = new LastLines(source);
          long least = Math.max(0, end.offset() - most);
          long start =
              needle == null
                  ? last.startOf(lines, end.offset(), least)
                  : last.startOfMatching(needle, lines, end.offset(), least);
          Place place = new Place(reached.file(), start);
          Piece piece = new Piece(place, new LineReader(source, start).position(), end.offset(), true);
          return new Backlog(log, to, to.issued(), List.of(piece), List.of(), endsInLine);
        }
      } catch (IOException e) {
        if (attempt == MOST_ATTEMPTS) {
          throw e;
        }
        LockSupport.parkNanos(MIDDLE_OF_ROTATION);
      }
    }
  }

  /**
   * All that the file which the follower reads now had when it was there, where reading had stopped at a place that
   * can't be found any more.
   *
   * @param from that place
   * @return null where the file may hold some of what came before {@code from}
   * @throws IOException with why it can't be read, as a sentence
   */
  public static Backlog ofNewestFile(AllowedLog log, Cursor from, Cursor to, boolean endsInLine) throws IOException {
    Position end = to.positions().getLast();
    if (end.offset() == 0) {
      return null;
    }
    Sibling file = placesOf(Resumption.look(log, to, new RotatedFiles()), to).getLast().file();
    try (Source source = file.openSame()) {
      for (Position position : from.positions()) {
        if (position.offset() > 0 && Locator.matches(source, position)) {
          return null;
        }
      }
      Piece piece = new Piece(new Place(file, 0), new LineReader(source, 0).position(), end.offset(), true);
      return new Backlog(log, to, to.issued(), List.of(piece), List.of(), endsInLine);
    }
  }

  /** Why lines of files that were on their way out may be missing. */
  public List<String> gaps() {
    return gaps;
  }

  /**
   * The next lines, which hold until the next call; null at the end.
   *
   * @param most how many bytes at once, unless a single line has more
   * @throws IOException when a file is no longer what it was; {@link #between} from {@link #cursor} may find
   *     where it went on
   */
  public Lines next(int most) throws IOException {
    while (current < pieces.size()) {
      Piece piece = pieces.get(current);
      if (reader == null) {
        reader = open(piece);
      }
      Lines lines = reader.next(Long.MAX_VALUE, most);
      if (lines == null && (reader.replaced() || piece.to < Long.MAX_VALUE && reader.offsetRead() < piece.to)) {
        throw new RotatedMeanwhileException(piece.file.name());
      }
      if (lines == null) {
        lines = reader.rest(most);
        boolean goesOn = endsInLine && piece.limited && lines != null && reader.offset() == piece.to && !isWhole(lines);
        lines = goesOn ? new Lines(lines.bytes(), lines.from(), lines.to(), true) : lines;
      }
      if (lines != null) {
        piece.position = reader.position();
        return lines;
      }
      piece.position = reader.position();
      closeReader();
      current++;
    }
    return null;
  }

  private static boolean isWhole(Lines lines) {
    return lines.bytes()[lines.to() - 1] == '\n';
  }

  private static LineReader open(Piece piece) throws IOException {
    Source source = piece.file.openSame();
    try {
      LineReader reader = new LineReader(source, piece.from, piece.to).skippingHole();
      if (piece.position != null && !piece.file.isGzip() && !Locator.matches(source, piece.position)) {
        throw new RotatedMeanwhileException(piece.file.name());
      }
      return reader;
    } catch (IOException e) {
      source.close();
      throw e;
    }
  }

  /** The place behind all that was given out. */
  public Cursor cursor() {
    if (current == pieces.size()) {
      return to;
    }
    List<Position> positions = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      if (piece.position != null && (i >= current || piece.limited)) {
        positions.add(piece.position);
      }
    }
    while (positions.size() > Cursor.MOST_POSITIONS) {
      positions.removeFirst();
    }
    return new Cursor(log.name(), issued, positions);
  }

  private void closeReader() throws IOException {
    LineReader open = reader;
    reader = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() throws IOException {
    closeReader();
  }
}

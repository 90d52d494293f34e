package dev.logtap.log;

import dev.logtap.log.Locator.Place;
import dev.logtap.log.Locator.Result.Found;
import dev.logtap.log.Locator.Result.Lost;
import dev.logtap.log.Reading.Gap;
import dev.logtap.log.UnreadableLogException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Opens what has to be read to go on at a cursor: the files it points into, and those that came after.
 *
 * @param files oldest first; empty where there is no file yet
 * @param gaps what could not be found of files that were on their way out
 */
record Resumption(List<Generation> files, List<Gap> gaps) {
  /** A directory in which rotation is always quicker than we are is no directory of logs. */
  private static final int MOST_ATTEMPTS = 3;

  /** What is missing in the middle of a rotation is there a moment later. */
  private static final long MIDDLE_OF_ROTATION = Duration.ofMillis(20).toNanos();

  /**
   * Opens the files of {@code cursor}.
   *
   * @param mostBehind how many bytes of backlog may be read at most
   * @throws IOException with why not, as a sentence
   */
  static Resumption of(AllowedLog log, Cursor cursor, long mostBehind, RotatedFiles rotated) throws IOException {
    for (int attempt = 1; ; attempt++) {
      List<Generation> files = new ArrayList<>();
      try {
        List<Gap> gaps = new ArrayList<>();
        Generations seen = look(log, cursor, rotated);
        open(seen, cursor, mostBehind, files, gaps);
        // What is rotated away from now on is new, however late the first look comes.
        rotated.remember(seen, List.of());
        return new Resumption(files, gaps);
      } catch (IOException e) {
        Generation.closeAll(files);
        if (attempt == MOST_ATTEMPTS || !(e instanceof RotatedMeanwhileException || rotated.isChanging())) {
          throw e;
        }
        LockSupport.parkNanos(MIDDLE_OF_ROTATION);
      }
    }
  }

  private static Generations look(AllowedLog log, Cursor cursor, RotatedFiles rotated) throws IOException {
    try {
      Path live = PlainFile.resolve(log.path(), log.symlink());
      // Notes the directory's time stamp: what changes after that is new.
      rotated.mayHaveChanged(live);
      return Generations.beside(live);
    } catch (IOException e) {
      UnreadableLogException why = PlainFile.explain(log.path(), e);
      boolean nothingYet = cursor.positions().stream().allMatch(Position.BEFORE_THE_FIRST_FILE::equals);
      if (nothingYet && why.reason() == Reason.MISSING) {
        return Generations.NONE;
      }
      throw why;
    }
  }

  private static void open(
      Generations seen, Cursor cursor, long mostBehind, List<Generation> files, List<Gap> gaps) throws IOException {
    Locator locator = new Locator(seen);
    List<Position> positions = cursor.positions();
    List<Place> places = new ArrayList<>();
    for (Position old : positions.subList(0, positions.size() - 1)) {
      switch (locator.locate(old, cursor.issued())) {
        case Found(List<Place> found) when isSurely(found.getFirst(), old) -> places.add(found.getFirst());
        case Found _ -> {
          // Nothing had been read of that file, and it is gone: what came after it is found below.
        }
        case Lost(String why, Place _) -> gaps.add(new Gap("late lines of a rotated file may be missing: " + why));
      }
    }
    int begun = places.size() + 1;
    switch (locator.locate(positions.getLast(), cursor.issued())) {
      case Found(List<Place> found) -> places.addAll(found);
      case Lost(String why, Place _) -> throw new IOException(why);
    }
    if (isMoreThan(mostBehind, places)) {
      throw new IOException("more than " + (mostBehind >> 20) + " MiB came since; the rest is skipped");
    }
    for (int i = 0; i < places.size(); i++) {
      open(places.get(i), i < begun, files);
    }
  }

  /** A file that was on its way out; where nothing was read of it, its content can't tell. */
  private static boolean isSurely(Place place, Position position) {
    boolean same = position.offset() > 0 || position.isHintFor(place.file().identity());
    return same && !place.file().isLive();
  }

  private static void open(Place place, boolean begun, List<Generation> files) throws IOException {
    for (Generation open : files) {
      if (open.is(place.file().identity())) {
        return;
      }
    }
    Generation generation = Generation.open(place, false);
    generation.begun = begun;
    if (place.file().isLive()) {
      generation.setLive();
    }
    files.add(generation);
  }

  /** Whether more bytes lie behind the first place. Uncompresses no more than that to find out. */
  private static boolean isMoreThan(long most, List<Place> places) throws IOException {
    long left = most;
    for (Place place : places) {
      if (!place.file().isGzip()) {
        left -= place.file().size() - place.offset();
      } else {
        try (GzipFile packed = GzipFile.open(place.file().path())) {
          packed.skipTo(place.offset(), Long.MAX_VALUE);
          left -= packed.skipToEnd(left + 1);
        } catch (IOException e) {
          throw new IOException("'" + place.file().name() + "' is damaged: " + e.getMessage(), e);
        }
      }
      if (left < 0) {
        return true;
      }
    }
    return false;
  }
}

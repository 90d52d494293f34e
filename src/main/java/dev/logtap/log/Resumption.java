package dev.logtap.log;

import dev.logtap.log.Locator.Place;
import dev.logtap.log.Locator.Result.Found;
import dev.logtap.log.Locator.Result.Lost;
import dev.logtap.log.Reading.Gap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens what has to be read to go on at a cursor: the files it points into, and those that came after.
 *
 * @param files oldest first; empty where there is no file yet
 * @param gaps what could not be found of files that were on their way out
 */
record Resumption(List<Generation> files, List<Gap> gaps) {
  /** A directory in which rotation is always quicker than we are is no directory of logs. */
  private static final int MOST_ATTEMPTS = 3;

  /**
   * Opens the files of {@code cursor}.
   *
   * @param mostBehind how many bytes of backlog may be read at most
   * @throws IOException with why not, as a sentence
   */
  static Resumption of(AllowedLog log, Cursor cursor, long mostBehind) throws IOException {
    for (int attempt = 1; ; attempt++) {
      List<Generation> files = new ArrayList<>();
      try {
        List<Gap> gaps = new ArrayList<>();
        open(log, cursor, mostBehind, files, gaps);
        return new Resumption(files, gaps);
      } catch (IOException e) {
        Generation.closeAll(files);
        if (!(e instanceof RotatedMeanwhileException) || attempt == MOST_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static void open(AllowedLog log, Cursor cursor, long mostBehind, List<Generation> files, List<Gap> gaps)
      throws IOException {
    Locator locator = new Locator(Generations.beside(PlainFile.resolve(log.path(), log.symlink())));
    List<Position> positions = cursor.positions();
    for (Position old : positions.subList(0, positions.size() - 1)) {
      switch (locator.locate(old, cursor.issued())) {
        case Found(List<Place> places) -> openOld(old, places.getFirst(), files);
        case Lost(String why) -> gaps.add(new Gap("late lines of a rotated file may be missing: " + why));
      }
    }
    switch (locator.locate(positions.getLast(), cursor.issued())) {
      case Lost(String why) -> throw new IOException(why);
      case Found(List<Place> places) -> {
        if (isMoreThan(mostBehind, places)) {
          throw new IOException("more than " + (mostBehind >> 20) + " MiB came since; the rest is skipped");
        }
        for (Place place : places) {
          open(place, files);
        }
      }
    }
  }

  /** A file that was on its way out; where nothing was read of it, only if it is surely that one. */
  private static void openOld(Position position, Place place, List<Generation> files) throws IOException {
    boolean same = position.offset() > 0 || position.isHintFor(place.file().identity());
    if (same && !place.file().isLive()) {
      open(place, files);
    }
  }

  private static void open(Place place, List<Generation> files) throws IOException {
    for (Generation open : files) {
      if (open.is(place.file().identity())) {
        return;
      }
    }
    Generation generation = Generation.open(place, false);
    generation.begun = files.isEmpty() || place.offset() > 0;
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
        }
      }
      if (left < 0) {
        return true;
      }
    }
    return false;
  }
}

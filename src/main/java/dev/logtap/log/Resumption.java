package dev.logtap.log;

import dev.logtap.log.Locator.Place;
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

  static Generations look(AllowedLog log, Cursor cursor, RotatedFiles rotated) throws IOException {
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
    Route route = Route.of(seen, cursor);
    route.gaps().forEach(why -> gaps.add(new Gap(why)));
    if (route.isLongerThan(mostBehind)) {
      throw tooMuch(mostBehind);
    }
    for (int i = 0; i < route.places().size(); i++) {
      open(route.places().get(i), i < route.begun().size(), files);
    }
  }

  /** What to say where a backlog has more bytes than may be read. */
  static IOException tooMuch(long most) {
    return new IOException("more than " + (most >> 20) + " MiB came since; the rest is skipped");
  }

  private static void open(Place place, boolean begun, List<Generation> files) throws IOException {
    Generation generation = Generation.open(place, false);
    generation.begun = begun;
    if (place.file().isLive()) {
      generation.setLive();
    }
    files.add(generation);
  }
}

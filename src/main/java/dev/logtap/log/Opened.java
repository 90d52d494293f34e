package dev.logtap.log;

import dev.logtap.log.Locator.Place;
import dev.logtap.log.Reading.Gap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a {@link Succession}, opened: all that can be read. One that can't be is a gap.
 *
 * <p>Used by its follower alone, on the follower's thread, which takes the files over.
 */
final class Opened {
  /** Of what a file held before it was emptied, from where reading stopped. */
  final List<Generation> copies = new ArrayList<>();

  /** Files that came after it, but for the live one. */
  final List<Generation> later = new ArrayList<>();

  /** The new live file; null where it is open already, missing or unreadable. */
  private Generation live;

  private final List<Gap> gaps = new ArrayList<>();

  /** Why the live file can't be read; null where it can. */
  private IOException unreadable;

  private Opened() {}

  /**
   * Opens them.
   *
   * @param live the live file as it was seen; null where it need not be opened
   * @throws RotatedMeanwhileException when one was renamed since it was seen; none is open then
   */
  static Opened of(Succession succession, Sibling live) throws RotatedMeanwhileException {
    Opened opened = new Opened();
    try {
      if (succession.found() != null) {
        opened.open(succession.found(), true, opened.copies);
      }
      for (Place place : succession.copies()) {
        opened.open(place, true, opened.copies);
      }
      for (Place place : succession.later()) {
        opened.open(place, false, opened.later);
      }
      if (live != null) {
        opened.openLive(live);
      }
      return opened;
    } catch (RotatedMeanwhileException e) {
      opened.close();
      throw e;
    }
  }

  private void open(Place place, boolean finished, List<Generation> opened) throws RotatedMeanwhileException {
    try {
      Generation generation = Generation.open(place, finished);
      generation.seenSize = place.file().size();
      opened.add(generation);
    } catch (RotatedMeanwhileException e) {
      throw e;
    } catch (IOException e) {
      gaps.add(new Gap(PlainFile.sentence(place.file().path(), e)));
    }
  }

  private void openLive(Sibling file) throws RotatedMeanwhileException {
    try {
      live = Generation.open(new Place(file, 0), false);
    } catch (RotatedMeanwhileException e) {
      throw e;
    } catch (IOException e) {
      unreadable = e;
    }
  }

  Generation live() {
    return live;
  }

  List<Gap> gaps() {
    return gaps;
  }

  IOException unreadable() {
    return unreadable;
  }

  boolean isEmpty() {
    return copies.isEmpty() && later.isEmpty() && live == null && gaps.isEmpty();
  }

  void close() {
    Generation.closeAll(copies);
    Generation.closeAll(later);
    if (live != null) {
      Generation.closeAll(List.of(live));
    }
  }
}

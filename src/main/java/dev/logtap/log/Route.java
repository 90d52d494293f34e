package dev.logtap.log;

import dev.logtap.log.Locator.Place;
import dev.logtap.log.Locator.Result.Found;
import dev.logtap.log.Locator.Result.Lost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What has to be read to go on at a cursor: the files it points into, and those that came after.
 *
 * @param places oldest first, each file once
 * @param begun where reading had come to in the first of them when the cursor was made, as many as had been begun
 * @param gaps what could not be found of files that were on their way out
 */
record Route(List<Place> places, List<Position> begun, List<String> gaps) {

  /**
   * Finds the way on from {@code cursor} in what the directory shows.
   *
   * @throws IOException with why it can't be found, as a sentence
   */
  static Route of(Generations seen, Cursor cursor) throws IOException {
    Locator locator = new Locator(seen);
    List<Position> positions = cursor.positions();
    List<Place> places = new ArrayList<>();
    List<Position> begun = new ArrayList<>();
    List<String> gaps = new ArrayList<>();
    for (Position old : positions.subList(0, positions.size() - 1)) {
      switch (locator.locate(old, cursor.issued())) {
        case Found(List<Place> found) when !found.isEmpty() && isSurely(found.getFirst(), old) -> {
          if (add(places, found.getFirst())) {
            begun.add(old);
          }
        }
        case Found _ -> {
          // Nothing had been read of that file, and it is gone: what came after it is found below.
        }
        case Lost(String why, Place _) -> gaps.add("late lines of a rotated file may be missing: " + why);
      }
    }
    switch (locator.locate(positions.getLast(), cursor.issued())) {
      case Found(List<Place> found) -> {
        if (!found.isEmpty() && add(places, found.getFirst())) {
          begun.add(positions.getLast());
        }
        found.forEach(place -> add(places, place));
        return new Route(places, begun, gaps);
      }
      case Lost(String why, Place _) -> throw new IOException(why);
    }
  }

  /** A file that was on its way out; where nothing was read of it, its content can't tell. */
  private static boolean isSurely(Place place, Position position) {
    boolean same = position.offset() > 0 || position.isHintFor(place.file().identity());
    return same && !place.file().isLive();
  }

  private static boolean add(List<Place> places, Place place) {
    for (Place other : places) {
      if (other.file().identity().isSameFileAs(place.file().identity())) {
        return false;
      }
    }
    return places.add(place);
  }

  /** Whether more bytes lie behind the first place. Uncompresses no more than that to find out. */
  boolean isLongerThan(long most) throws IOException {
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

package dev.logtap.log;

import dev.logtap.log.Locator.Match;
import dev.logtap.log.Locator.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a log's directory holds that its follower has not read: generations that were the live file between
 * two looks, and copies that were made before a file was emptied. What counts is the content of files and
 * the order of their names; when they were made only helps, for not every file system tells.
 *
 * @param found the copy in which reading goes on that stopped in a file that was emptied; null where it was
 *     not emptied, or where no copy holds what was read
 * @param restart where reading goes on in that file itself: not at its start where it turns out to hold
 *     what was read after all
 * @param doubt why lines may be missing at that place all the same; null where none are
 * @param copies of what the file held before, whole and oldest first: they come before what it holds now
 * @param later files that come after it, whole and oldest first, the live one left out
 * @param removed whether files that came between may be gone already
 * @param undecided copies of what a file still holds: only when that is read or emptied can it be told
 *     whether they are needed
 */
record Succession(
    Place found,
    long restart,
    String doubt,
    List<Place> copies,
    List<Place> later,
    boolean removed,
    List<Sibling> undecided) {

  /** Nothing. */
  static final Succession NONE = new Succession(null, 0, null, List.of(), List.of(), false, List.of());

  /**
   * Compares what is open with what is there.
   *
   * @param seen a look at the directory, during which {@code current} was not emptied
   * @param open the files that are open
   * @param current the newest of them that reading has come to; null where there is none
   * @param emptied whether that no longer holds what was read from it
   */
  static Succession of(
      Generations seen, Lineup open, Generation current, boolean emptied, RotatedFiles rotated)
      throws RotatedMeanwhileException {
    return new Search(seen, open, current, emptied, rotated).run();
  }

  /** One comparison. */
  private record Search(
      Generations seen, Lineup open, Generation current, boolean emptied, RotatedFiles rotated) {

    Succession run() throws RotatedMeanwhileException {
      Locator locator = Locator.unbounded(seen);
      Match match = new Match(null, List.of(), null);
      if (emptied && current.reader.position().offset() > 0) {
        match = locator.search(current.reader.position());
      }
      List<Sibling> unread = new ArrayList<>();
      List<Sibling> undecided = new ArrayList<>();
      // While the path goes on to name the file that is read, whatever appears is copied from that.
      boolean nothingCame = current != null && !emptied && !current.isUnread() && current.isNamed(seen.live());
      for (Sibling file : seen.oldestFirst()) {
        boolean candidate = nothingCame ? rotated.isUndecided(file) : rotated.isNew(file, locator);
        if (candidate && !open.isOpen(file) && !match.same().contains(file) && !isRead(file, locator)) {
          unread.add(file);
        }
      }
      for (Sibling file : List.copyOf(unread)) {
        switch (copyInTheMaking(file, unread)) {
          case NO -> {}
          case OF_WHAT_IS_UNREAD -> {
            unread.remove(file);
            undecided.add(file);
          }
          case OF_WHAT_WAS_READ -> unread.remove(file);
        }
      }
      return divide(match, unread, undecided);
    }

    /** What comes before the present content of the current file, and what comes after it. */
    private Succession divide(Match match, List<Sibling> unread, List<Sibling> undecided) {
      List<Place> copies = new ArrayList<>();
      List<Place> later = new ArrayList<>();
      Place found = null;
      long restart = 0;
      if (match.file() != null) {
        found = new Place(match.file(), current.reader.offset());
        restart = current.is(match.file().identity()) ? found.offset() : 0;
      }
      if (restart > 0 || found != null && (found.file().isLive() || open.isOpen(found.file()))) {
        found = null;
      }
      boolean mayHaveCopies = current != null && (emptied || current.isUnread());
      int here = mayHaveCopies ? seen.indexOf(current.identity()) : -1;
      for (Sibling file : unread) {
        List<Place> places = seen.indexOf(file.identity()) < here ? copies : later;
        places.add(new Place(file, 0));
      }
      String doubt = found == null ? null : match.doubt();
      return new Succession(found, restart, doubt, copies, later, mayMiss(later), undecided);
    }

    /** Rotation removes the oldest first: where the file that is read is gone, its successors may be as well. */
    private boolean mayMiss(List<Place> later) {
      return current != null
          && !emptied
          && !later.isEmpty()
          && seen.indexOf(current.identity()) < 0
          && seen.oldestFirst().stream().filter(Sibling::looksRotated).findFirst().orElseThrow()
              == later.getFirst().file();
    }

    /** Whether all of it has been read, or is being read under another name. */
    private boolean isRead(Sibling file, Locator locator) throws RotatedMeanwhileException {
      if (rotated.isRepacked(file, locator)) {
        return true;
      }
      return file.isPacked() && isContentOfOpen(file, locator)
          || emptied && !current.isUnread() && isShorterCopyOfWhatWasRead(file);
    }

    /** What was read after a copy was made and before the file was emptied is in no copy. */
    private boolean isShorterCopyOfWhatWasRead(Sibling file) throws RotatedMeanwhileException {
      long read = current.reader.offsetRead();
      if (file.size() == 0 || !file.isPacked() && file.size() > read) {
        return false;
      }
      try (Source copy = file.openSame()) {
        boolean longer = copy instanceof GzipFile packed && packed.skipToEnd(read + 1) > read;
        return !longer && current.reader.agreesWith(copy);
      } catch (RotatedMeanwhileException e) {
        throw e;
      } catch (IOException _) {
        // It is damaged or forbidden, which is said when it comes to reading it.
        return false;
      }
    }

    private boolean isContentOfOpen(Sibling packed, Locator locator) throws RotatedMeanwhileException {
      if (packed.isOpaque()) {
        return false;
      }
      try {
        for (Generation generation : open) {
          if (!(emptied && generation == current) && generation.isPackedIn(packed, locator)) {
            return true;
          }
        }
      } catch (RotatedMeanwhileException e) {
        throw e;
      } catch (IOException _) {
        return false;
      }
      Position lastClosed = open.lastClosed();
      return lastClosed != null && lastClosed.offset() > 0 && locator.holds(packed, lastClosed);
    }

    private enum CopyInTheMaking {
      NO,
      OF_WHAT_WAS_READ,
      OF_WHAT_IS_UNREAD
    }

    /** Whether the file holds the beginning of what a file holds now that comes after it. */
    private CopyInTheMaking copyInTheMaking(Sibling file, List<Sibling> unread) throws RotatedMeanwhileException {
      if (file.isPacked()) {
        return CopyInTheMaking.NO;
      }
      List<Sibling> all = seen.oldestFirst();
      for (Sibling original : all.subList(all.indexOf(file) + 1, all.size())) {
        Generation opened = open.as(original);
        boolean isToBeRead = opened != null || original.isLive() || unread.contains(original);
        if (isToBeRead && isBeginningOf(file, original)) {
          boolean read = opened != null && !opened.isUnread() && !(emptied && opened == current);
          return read ? CopyInTheMaking.OF_WHAT_WAS_READ : CopyInTheMaking.OF_WHAT_IS_UNREAD;
        }
      }
      return CopyInTheMaking.NO;
    }

    private static boolean isBeginningOf(Sibling copy, Sibling original) throws RotatedMeanwhileException {
      boolean older = original.tellsBirth() && copy.identity().birth() < original.identity().birth();
      if (older || original.isPacked() || copy.size() > original.size()) {
        return false;
      }
      try (Source one = copy.openSame();
          Source other = original.openSame()) {
        return Generation.hasSame(one, other, 0, Math.min(Position.HEAD, copy.size()))
            && Generation.hasSame(one, other, Math.max(0, copy.size() - Position.TAIL), copy.size());
      } catch (RotatedMeanwhileException e) {
        throw e;
      } catch (IOException _) {
        return false;
      }
    }
  }
}

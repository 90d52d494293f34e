package dev.logtap.terminal;

import dev.logtap.render.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The whole screen: lines that are scrolled here and not by the terminal, so that a filter holds for all that are kept, and a
 * status line below them.
 */
public final class FullView implements View {
  /** Thirty frames a second are as many as an eye can tell apart. */
  private static final Duration BETWEEN_FRAMES = Duration.ofMillis(33);

  /** What takes longer is done in slices, between which keys are answered. */
  private static final Duration SLICE = Duration.ofMillis(10);

  private static final int WHEEL_ROWS = 3;
  private static final String REVERSE = "\u001b[7m";
  private static final String PLAIN = "\u001b[0m";
  private static final byte[] NOTHING = {};

  private static final List<String> MORE_HELP =
      List.of(
          "arrows, j k, PgUp PgDn, wheel  scroll",
          "Home g, End G  to the oldest, and follow the newest",
          "Esc    from around a match back to the matches",
          "Ctrl-L draw anew",
          "Shift with the mouse  select and copy, as the terminal does");

  private final Controls controls;
  private final Kept kept;
  private final Selection selection;
  private final Pager pager;
  private final Canvas canvas = new Canvas();

  /** Null until the terminal is open. */
  private Dimensions size;

  /** When something was written last, by the JVM's clock. */
  private long drawn = System.nanoTime() - BETWEEN_FRAMES.toNanos();

  /** Whether any line of a target's has come. */
  private boolean worthALook;

  private boolean helping;

  /** What the last key came to, where that is not seen; null for nothing. */
  private String notice;

  /** That holds, whether or not it hides lines now; null for none. */
  private Filter filter;

  /** The number of the match that was looked for; {@link Selection#NONE} for none. */
  private long match = Selection.NONE;

  /** From where one looks on for matches; {@link Selection#NONE} for what is seen. */
  private long lookedAt = Selection.NONE;

  /** Whether lines around the match are shown that the filter hides. */
  private boolean around;

  /** A search for another match that is not over; null for none. */
  private Search search;

  /** @param step 1 for a later match, -1 for an earlier one */
  private record Search(long at, int step) {}

  /**
   * @param sources which may be hidden; with several, lines begin with their names
   * @param times whether lines begin with their times to begin with
   * @param search which all lines hold, to be marked; null for none
   * @param scrollback how many bytes of lines are kept
   */
  public FullView(List<Source> sources, boolean colour, boolean times, String search, long scrollback) {
    this.controls = new Controls(sources, colour, times, search);
    this.kept = new Kept(scrollback);
    this.selection = new Selection(kept);
    this.pager = new Pager(kept, selection, controls.style());
  }

  @Override
  public boolean isPaused() {
    return controls.isPaused();
  }

  @Override
  public boolean isQuit() {
    return controls.isQuit();
  }

  /** What has come would be gone with the screen. */
  @Override
  public boolean isKeptOpen() {
    return worthALook;
  }

  @Override
  public void show(Line line) {
    worthALook |= line.source() != null;
    kept.add(line);
    selection.added();
  }

  @Override
  public boolean work() {
    boolean searching = search != null && search();
    return selection.work(SLICE) || searching;
  }

  // ---- the screen

  @Override
  public void resize(Dimensions newSize) {
    size = newSize;
    pager.resize(size.columns(), size.lines() - 1);
    canvas.forget();
  }

  @Override
  public Duration untilFrame() {
    Duration left = BETWEEN_FRAMES.minusNanos(System.nanoTime() - drawn);
    return left.isNegative() ? Duration.ZERO : left;
  }

  @Override
  public byte[] frame(Status status) {
    if (size == null) {
      return NOTHING;
    }
    List<String> rows = new ArrayList<>(helping ? help() : pager.rows());
    while (rows.size() < size.lines() - 1) {
      rows.add("");
    }
    rows.add(REVERSE + controls.statusLine(status, places(), kept.dropped(), size.columns()) + PLAIN);
    byte[] frame = canvas.draw(rows);
    if (frame.length > 0) {
      drawn = System.nanoTime();
    }
    return frame;
  }

  @Override
  public byte[] leave() {
    return canvas.leave();
  }

  @Override
  public byte[] leaveAgain() {
    return canvas.leaveAgain();
  }

  /** Where among the lines this is. */
  private List<String> places() {
    List<String> places = new ArrayList<>();
    if (notice != null) {
      places.add(notice);
    }
    if (search != null) {
      places.add("looking for a match");
    }
    if (!pager.isAtEnd()) {
      places.add(pager.below() + " new below");
    }
    if (around) {
      places.add("around a match");
    }
    if (!selection.isDone()) {
      places.add(selection.percent() + "% filtered");
    }
    return places;
  }

  private List<String> help() {
    List<String> rows = new ArrayList<>();
    for (List<String> keys : List.of(Controls.HELP, MORE_HELP)) {
      for (String key : keys) {
        rows.add(StatusLine.cut(key, size.columns()));
      }
    }
    return rows.subList(0, Math.min(rows.size(), size.lines() - 1));
  }

  // ---- keys

  @Override
  public void press(Key key) {
    notice = null;
    search = null;
    if (helping) {
      helping = false;
    } else if (controls.isLive() && key == Key.Control.ESCAPE && around) {
      around = false;
      select();
    } else if (scroll(key)) {
      lookedAt = Selection.NONE;
    } else {
      obey(controls.press(key));
    }
  }

  /** Whether that is what the key is for. */
  private boolean scroll(Key key) {
    int page = size == null ? 1 : Math.max(1, size.lines() - 2);
    switch (controls.isLive() ? meant(key) : key) {
      case Key.Control.UP -> pager.scroll(-1);
      case Key.Control.DOWN -> pager.scroll(1);
      case Key.Control.WHEEL_UP -> pager.scroll(-WHEEL_ROWS);
      case Key.Control.WHEEL_DOWN -> pager.scroll(WHEEL_ROWS);
      case Key.Control.PAGE_UP -> pager.scroll(-page);
      case Key.Control.PAGE_DOWN -> pager.scroll(page);
      case Key.Control.HOME -> pager.toBegin();
      case Key.Control.END -> pager.toEnd();
      case Key.Control.REDRAW -> canvas.forget();
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Letters that pagers have for keys that old terminals did not. */
  private static Key meant(Key key) {
    return switch (key) {
      case Key.Character(int c) when c == 'k' -> Key.Control.UP;
      case Key.Character(int c) when c == 'j' -> Key.Control.DOWN;
      case Key.Character(int c) when c == 'g' -> Key.Control.HOME;
      case Key.Character(int c) when c == 'G' -> Key.Control.END;
      default -> key;
    };
  }

  private void obey(Controls.Effect effect) {
    switch (effect) {
      case NONE -> {
        // The status line shows it.
      }
      case LINES, TYPING -> select();
      case NEXT_MATCH -> search(1);
      case PREVIOUS_MATCH -> search(-1);
      case MARK -> show(Line.marker(Instant.now()));
      case CLEAR -> {
        kept.clear();
        pager.toEnd();
        leaveMatches();
        selection.begin(controls.sieve(), kept.to());
        select();
      }
      case HELP -> helping = true;
    }
  }

  /** Shows the lines that are to be shown now, as they are to be. */
  private void select() {
    Sieve sieve = controls.sieve();
    if (!Objects.equals(sieve.filter(), filter)) {
      filter = sieve.filter();
      leaveMatches();
    }
    Sieve shown = around ? sieve.withFilter(null) : sieve;
    if (!shown.equals(selection.sieve())) {
      selection.begin(shown, around ? match : pager.anchor());
    }
    pager.show(controls.style(), filter, match);
  }

  // ---- matches

  private void leaveMatches() {
    around = false;
    match = Selection.NONE;
    lookedAt = Selection.NONE;
  }

  /** Looks for the next (1) or previous (-1) match, to show it with what is around it. */
  private void search(int step) {
    if (filter == null) {
      notice = "no filter to look for: type / first";
      return;
    }
    long from = step > 0 ? pager.firstSeen() - 1 : pager.lastSeen() + 1;
    search = new Search(lookedAt == Selection.NONE ? from : lookedAt, step);
    search();
  }

  /** Goes on with it for a slice; whether that was not enough. */
  private boolean search() {
    long end = System.nanoTime() + SLICE.toNanos();
    int step = search.step();
    // Lines may have been dropped meanwhile.
    long at = Math.clamp(search.at(), kept.from() - 1, kept.to());
    while (System.nanoTime() - end < 0) {
      at += step;
      if (at < kept.from() || at >= kept.to()) {
        search = null;
        notice = step > 0 ? "no later match" : "no earlier match";
        return false;
      }
      if (controls.sieve().isMatch(kept.get(at))) {
        search = null;
        found(at);
        return false;
      }
    }
    search = new Search(at, step);
    return true;
  }

  private void found(long number) {
    match = number;
    lookedAt = number;
    around = true;
    select();
    // So that there is something around it.
    selection.work(SLICE);
    pager.to(number);
  }
}

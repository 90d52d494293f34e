package dev.logtap.terminal;

import dev.logtap.render.Source;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Lines that scroll through the terminal's own buffer, and below them a status line of ours, which is erased and written
 * again around each batch, in one write. What a key changes is shown by writing the last lines anew; what was on the screen
 * before is scrolled out first, so that the terminal's scrollback has it.
 *
 * <p>The cursor stays, unseen, at the beginning of the status line: a terminal that wraps lines anew when it gets narrower
 * takes it along, and all from there on is ours to erase. Lines are the terminal's to wrap, so that they are copied whole.
 */
public final class InlineView implements View {
  /**
   * From the cursor on. Rows that are only erased are joined by GNU screen, when it gets wider, if they were one before, and
   * a line that was written there meanwhile is then our status line's neighbour: so they are deleted as well. And of a screen
   * that is erased from its top tmux keeps in its scrollback what stands there, which is to be nothing by then.
   */
  private static final String ERASE = "\r\u001b[K\u001b[J\u001b[99M";

  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";

  /** Until we know of a smaller size, the status line is cut by the terminal, and not wrapped. */
  private static final String DO_NOT_WRAP = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";
  private static final String REVERSE = "\u001b[7m";
  private static final String PLAIN = "\u001b[0m";
  private static final byte[] NOTHING = {};
  private static final int NOWHERE = -1;

  /** Lines before and behind a match that is shown again. */
  private static final int CONTEXT = 3;

  /** Of the last lines, for what keys ask for: all of them are looked at for each key that a filter is typed with. */
  private static final int MOST_BYTES = 4 << 20;

  /** A key is answered with what was found by then: to look at all of them takes less, but for some expressions. */
  private static final Duration LONGEST_LOOK = Duration.ofMillis(70);

  /** So many lines are looked at in any case: that the machine stood still for so long is no reason to find nothing. */
  private static final int LEAST_LOOKED_AT = 100;

  private final Controls controls;
  private final Kept kept = new Kept(MOST_BYTES);
  private final StringBuilder pending = new StringBuilder();

  /** Null until the terminal is open. */
  private Dimensions size;

  /** The status line as it stands on the screen; null where none does. */
  private String shown;

  /** Whether the cursor is hidden. */
  private boolean begun;

  /** From where one looks on for matches; {@link #NOWHERE} before the first. */
  private long lookedAt = NOWHERE;

  /**
   * @param sources which may be hidden; with several, lines begin with their names
   * @param times whether lines begin with their times to begin with
   * @param search which all lines hold, to be marked; null for none
   */
  public InlineView(List<Source> sources, boolean colour, boolean times, String search) {
    this.controls = new Controls(sources, colour, times, search);
  }

  @Override
  public boolean isPaused() {
    return controls.isPaused();
  }

  @Override
  public boolean isQuit() {
    return controls.isQuit();
  }

  // ---- lines

  /** Shows a line below all others, if it is one to be shown. */
  @Override
  public void show(Line line) {
    kept.add(line);
    if (controls.sieve().passes(line)) {
      write(line);
    }
  }

  /** What is on the screen stays there. */
  @Override
  public boolean isKeptOpen() {
    return false;
  }

  @Override
  public boolean work() {
    return false;
  }

  private void write(Line line) {
    write(line, Rows.Marking.USUAL);
  }

  private void write(Line line, Rows.Marking marking) {
    String row = lay(line, marking, controls.style().cut() && size != null ? size.columns() : Integer.MAX_VALUE).getFirst();
    // Of nothing at all, the status line would be erased and nothing written.
    pending.append(row.isEmpty() ? " " : row).append('\n');
  }

  private List<String> lay(Line line, Rows.Marking marking, int columns) {
    return controls.style().lay(line, controls.sieve().filter(), marking, columns);
  }

  // ---- the screen

  @Override
  public void resize(Dimensions newSize) {
    size = newSize;
    // Its terminal may have cut it, or wrapped it.
    shown = shown == null ? null : "";
  }

  /** What comes is written as it comes. */
  @Override
  public Duration untilFrame() {
    return Duration.ZERO;
  }

  @Override
  public byte[] frame(Status status) {
    String line = size == null ? null : controls.statusLine(status, List.of(), 0, size.columns());
    boolean same = line == null ? shown == null : line.equals(shown);
    if (pending.isEmpty() && same) {
      return NOTHING;
    }
    StringBuilder frame = new StringBuilder(pending.length() + 256);
    if (size != null && !begun) {
      frame.append(HIDE_CURSOR);
      begun = true;
    }
    if (shown != null) {
      frame.append(ERASE);
    }
    frame.append(pending);
    pending.setLength(0);
    if (line != null) {
      frame.append(DO_NOT_WRAP).append(REVERSE).append(line).append(PLAIN).append(WRAP).append('\r');
    }
    shown = line;
    return frame.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Leaves the screen to others: without a status line, and with a cursor. */
  @Override
  public byte[] leave() {
    StringBuilder last = new StringBuilder();
    if (shown != null) {
      last.append(ERASE);
    }
    last.append(pending);
    pending.setLength(0);
    if (begun) {
      last.append(SHOW_CURSOR);
    }
    shown = null;
    begun = false;
    return last.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] leaveAgain() {
    return SHOW_CURSOR.getBytes(StandardCharsets.UTF_8);
  }

  /** Scrolls what is on the screen into the terminal's scrollback. */
  private void scrollOut() {
    if (size != null) {
      pending.repeat('\n', size.lines() - 1);
    }
  }

  /** Writes the last lines anew on an empty screen. */
  private void redraw() {
    if (size == null) {
      return;
    }
    pending.append("\u001b[H\u001b[J");
    Deque<Line> last = new ArrayDeque<>();
    int room = size.lines() - 1;
    long end = endOfLook();
    long due = kept.to() - LEAST_LOOKED_AT;
    for (long i = kept.to() - 1; i >= kept.from() && room > 0 && (i >= due || System.nanoTime() - end < 0); i--) {
      Line line = kept.get(i);
      if (controls.sieve().passes(line)) {
        room -= lay(line, Rows.Marking.USUAL, size.columns()).size();
        if (room >= 0 || last.isEmpty()) {
          last.addFirst(line);
        }
      }
    }
    last.forEach(this::write);
  }

  private static long endOfLook() {
    return System.nanoTime() + LONGEST_LOOK.toNanos();
  }

  // ---- keys

  @Override
  public void press(Key key) {
    Filter before = controls.sieve().filter();
    switch (controls.press(key)) {
      case NONE -> {
        // The status line shows it.
      }
      case LINES -> {
        scrollOut();
        redraw();
      }
      case TYPING -> redraw();
      case NEXT_MATCH -> showMatch(1);
      case PREVIOUS_MATCH -> showMatch(-1);
      case MARK -> show(Line.marker(Instant.now()));
      case CLEAR -> {
        kept.clear();
        lookedAt = NOWHERE;
        scrollOut();
        redraw();
      }
      case HELP -> Controls.HELP.forEach(this::say);
    }
    if (controls.sieve().filter() != before) {
      lookedAt = NOWHERE;
    }
  }

  private void say(String sentence) {
    write(Line.ofOurs(Instant.now(), sentence));
  }

  // ---- matches

  /** Shows the next (1) or previous (-1) match once more, with what came around it; what is new waits meanwhile. */
  private void showMatch(int step) {
    if (controls.sieve().filter() == null) {
      say("no filter to look for: type / first");
      return;
    }
    long at = lookedAt < kept.from() ? (step > 0 ? kept.from() - 1 : kept.to()) : lookedAt;
    long end = endOfLook();
    for (int looked = 0; looked < LEAST_LOOKED_AT || System.nanoTime() - end < 0; looked++) {
      at += step;
      if (at < kept.from() || at >= kept.to()) {
        say(step > 0 ? "no later match" : "no earlier match");
        return;
      }
      if (controls.sieve().isMatch(kept.get(at))) {
        lookedAt = at;
        showAround(at);
        return;
      }
    }
    lookedAt = at;
    say("no match found yet; press the key again to look on");
  }

  private void showAround(long at) {
    controls.pause();
    say("around the match of " + Style.clock(kept.get(at).time()) + ":");
    for (long i = Math.max(kept.from(), at - CONTEXT); i < Math.min(kept.to(), at + CONTEXT + 1); i++) {
      write(kept.get(i), i == at ? Rows.Marking.CURRENT : Rows.Marking.USUAL);
    }
    say("end; space goes on");
  }
}

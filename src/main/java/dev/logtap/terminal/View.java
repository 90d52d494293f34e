package dev.logtap.terminal;

import dev.logtap.render.Source;
import dev.logtap.render.TerminalText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/**
 * What is on the screen: lines that scroll through the terminal's own buffer, and below them a status line of ours, which is
 * erased and written again around each batch, in one write. What a key changes is shown by writing the last lines anew; what
 * was on the screen before is scrolled out first, so that the terminal's scrollback has it.
 *
 * <p>The cursor stays, unseen, at the beginning of the status line: a terminal that wraps lines anew when it gets narrower
 * takes it along, and all from there on is ours to erase. Lines are the terminal's to wrap, so that they are copied whole.
 *
 * <p>Used by one thread.
 */
public final class View {
  /**
   * From the cursor on. Rows that are only erased are joined by GNU screen, when it gets wider, if they were one before, and
   * a line that was written there meanwhile is then our status line's neighbour: so they are deleted as well.
   */
  private static final String ERASE = "\r\u001b[J\u001b[99M";

  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";

  /** Until we know of a smaller size, the status line is cut by the terminal, and not wrapped. */
  private static final String DO_NOT_WRAP = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";
  private static final String REVERSE = "\u001b[7m";
  private static final String PLAIN = "\u001b[0m";
  private static final byte[] NOTHING = {};

  /** Lines before and behind a match that is shown again. */
  private static final int CONTEXT = 3;

  private static final String CHOICES = "123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#$";

  private static final List<String> HELP =
      List.of(
          "space  pause and go on",
          "/      filter: text or /re/",
          "n N    next, previous match",
          "l      minimum level",
          "s      hide, show sources",
          "t      time stamps",
          "w      wrap or cut lines",
          "m      mark (or enter)",
          "c      clear",
          "q      quit");

  private final List<Source> sources;
  private final boolean colour;
  private final Kept kept = new Kept();
  private final StringBuilder pending = new StringBuilder();

  /** Null until the terminal is open. */
  private Dimensions size;

  /** The status line as it stands on the screen; null where none does. */
  private String shown;

  /** Whether the cursor is hidden. */
  private boolean begun;

  private boolean paused;
  private boolean quit;

  /** Null for none. */
  private Filter filter;

  /** Null for all. */
  private Level level;

  private final Set<Source> hidden = new HashSet<>();
  private boolean times;
  private boolean cut;

  /** The number of the match that was shown last; -1 before the first. */
  private long match = -1;

  /** What keys mean. */
  private enum Mode {
    LIVE,
    TYPING,
    CHOOSING
  }

  private Mode mode = Mode.LIVE;
  private final StringBuilder typed = new StringBuilder();

  /** The filter before it was typed anew. */
  private Filter former;

  /** What is wrong with what was typed; null for nothing. */
  private String mistake;

  /**
   * @param sources which may be hidden; with several, lines begin with their names
   * @param times whether lines begin with their times to begin with
   */
  public View(List<Source> sources, boolean colour, boolean times) {
    this.sources = List.copyOf(sources);
    this.colour = colour;
    this.times = times;
  }

  public boolean isPaused() {
    return paused;
  }

  /** Whether {@code q} was pressed. */
  public boolean isQuit() {
    return quit;
  }

  // ---- lines

  /** Shows a line below all others, if it is one to be shown. */
  public void show(Line line) {
    kept.add(line);
    if (passes(line)) {
      write(line);
    }
  }

  /** About how much is to be written. */
  public int pending() {
    return pending.length();
  }

  private boolean passes(Line line) {
    return line.source() == null || isChosen(line) && (filter == null || filter.matches(line.text()));
  }

  private boolean isChosen(Line line) {
    // What has no level, the rest of a stack trace for example, is no reason to hide it.
    return !hidden.contains(line.source()) && (level == null || line.level() == null || line.level().compareTo(level) >= 0);
  }

  private void write(Line line) {
    int from = pending.length();
    Row row = new Row(pending, colour, cut && size != null ? size.columns() : 0);
    if (times) {
      row.put(clock(line.time()) + " ", Row.DIM, null);
    }
    if (line.source() == null) {
      row.put("-- " + line.text(), Row.DIM, null);
    } else {
      if (sources.size() > 1) {
        row.put(TerminalText.harmless(line.source().label()) + ":", Integer.toString(line.source().colour()), null);
        row.put(" ", null, null);
      }
      row.put(line.text(), look(line.level()), filter);
    }
    if (pending.length() == from) {
      // Else the status line would be erased and nothing written.
      pending.append(' ');
    }
    pending.append('\n');
  }

  private static String look(Level level) {
    return level == null
        ? null
        : switch (level) {
          case ERROR -> "31";
          case WARN -> "33";
          case INFO -> null;
          case DEBUG -> Row.DIM;
        };
  }

  private static String clock(Instant time) {
    LocalTime clock = time.atZone(ZoneId.systemDefault()).toLocalTime();
    StringBuilder text = new StringBuilder();
    for (int part : new int[] {clock.getHour(), clock.getMinute(), clock.getSecond()}) {
      text.append(text.isEmpty() ? "" : ":").append(part < 10 ? "0" : "").append(part);
    }
    return text.toString();
  }

  // ---- the screen

  /** The terminal is open, or has another size. */
  public void resize(Dimensions newSize) {
    size = newSize;
    // Its terminal may have cut it, or wrapped it.
    shown = shown == null ? null : "";
  }

  /** What is to be written now, all at once; nothing where the screen is as it should be. */
  public byte[] frame(Status status) {
    String line = size == null ? null : statusLine(status);
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

  /** Leaves the screen to others: without a status line, and with a cursor. The next frame takes it again. */
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

  private String statusLine(Status status) {
    return switch (mode) {
      case LIVE ->
          StatusLine.of(
              status,
              new StatusLine.Settings(paused, filter == null ? null : filter.typed(), level, hidden.size()),
              size.columns());
      case TYPING -> StatusLine.cut("/" + tail(typed.toString()) + "_" + (mistake == null ? "" : "  (" + mistake + ")"), size.columns());
      case CHOOSING -> StatusLine.cut(choices(), size.columns());
    };
  }

  /** As much of the end of what is typed as there is room for. */
  private String tail(String text) {
    int from = 0;
    while (from < text.length() && Columns.of(text.substring(from)) > size.columns() - 3) {
      from += Character.charCount(text.codePointAt(from));
    }
    return text.substring(from);
  }

  private String choices() {
    StringBuilder line = new StringBuilder("hide/show");
    for (int i = 0; i < sources.size() && i < CHOICES.length(); i++) {
      Source source = sources.get(i);
      line.append("  ").append(CHOICES.charAt(i)).append(hidden.contains(source) ? " -" : " +");
      line.append(TerminalText.harmless(source.label()));
    }
    return line.append("  (enter: done)").toString();
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
    for (long i = kept.to() - 1; i >= kept.from() && room > 0; i--) {
      Line line = kept.get(i);
      if (passes(line)) {
        room -= rows(line);
        if (room >= 0 || last.isEmpty()) {
          last.addFirst(line);
        }
      }
    }
    last.forEach(this::write);
  }

  private int rows(Line line) {
    if (cut) {
      return 1;
    }
    int before = (times ? 9 : 0) + (line.source() == null ? 3 : sources.size() > 1 ? Columns.of(line.source().label()) + 2 : 0);
    return Math.max(1, (Columns.behind(line.text(), before) + size.columns() - 1) / size.columns());
  }

  // ---- keys

  public void press(Key key) {
    switch (mode) {
      case LIVE -> live(key);
      case TYPING -> type(key);
      case CHOOSING -> choose(key);
    }
  }

  private void live(Key key) {
    if (key == Key.Control.ENTER) {
      mark();
      return;
    }
    if (!(key instanceof Key.Character(int character))) {
      return;
    }
    switch (character) {
      case ' ' -> paused = !paused;
      case '/' -> beginTyping();
      case 'n' -> showMatch(1);
      case 'N' -> showMatch(-1);
      case 'l' -> {
        level = level == null ? Level.INFO : level == Level.ERROR ? null : Level.values()[level.ordinal() + 1];
        anew();
      }
      case 's' -> mode = Mode.CHOOSING;
      case 't' -> {
        times = !times;
        anew();
      }
      case 'w' -> {
        cut = !cut;
        anew();
      }
      case 'm' -> mark();
      case 'c' -> {
        kept.clear();
        match = -1;
        anew();
      }
      case 'q' -> quit = true;
      case '?' -> HELP.forEach(this::say);
      default -> {
        // No key of ours.
      }
    }
  }

  private void anew() {
    scrollOut();
    redraw();
  }

  private void say(String sentence) {
    write(Line.ofOurs(Instant.now(), sentence));
  }

  /** A line to find again: where one looked last. */
  private void mark() {
    Instant now = Instant.now();
    show(Line.ofOurs(now, times ? "mark" : clock(now)));
  }

  private void beginTyping() {
    mode = Mode.TYPING;
    former = filter;
    typed.setLength(0);
    mistake = null;
    scrollOut();
    filter = null;
    redraw();
  }

  private void type(Key key) {
    if (key instanceof Key.Character(int character)) {
      typed.appendCodePoint(character);
    } else if (key == Key.Control.BACKSPACE && !typed.isEmpty()) {
      typed.setLength(typed.offsetByCodePoints(typed.length(), -1));
    } else if (key == Key.Control.KILL) {
      typed.setLength(0);
    } else if (key == Key.Control.ENTER) {
      mode = Mode.LIVE;
      match = -1;
      return;
    } else if (key == Key.Control.ESCAPE) {
      mode = Mode.LIVE;
      filter = former;
      redraw();
      return;
    } else {
      return;
    }
    try {
      filter = Filter.of(typed.toString());
      mistake = null;
    } catch (PatternSyntaxException e) {
      // The one before holds on until the expression is whole.
      mistake = e.getDescription();
      return;
    }
    redraw();
  }

  private void choose(Key key) {
    if (!(key instanceof Key.Character(int character))) {
      mode = key == Key.Control.ENTER || key == Key.Control.ESCAPE ? Mode.LIVE : mode;
      return;
    }
    int number = CHOICES.indexOf(character);
    if (number >= 0 && number < sources.size()) {
      Source source = sources.get(number);
      if (!hidden.remove(source)) {
        hidden.add(source);
      }
      anew();
    }
  }

  // ---- matches

  /** Shows the next (1) or previous (-1) match once more, with what came around it; what is new waits meanwhile. */
  private void showMatch(int step) {
    if (filter == null) {
      say("no filter to look for: type / first");
      return;
    }
    long at = match < 0 || match < kept.from() ? (step > 0 ? kept.from() - 1 : kept.to()) : match;
    do {
      at += step;
    } while (at >= kept.from() && at < kept.to() && !isMatch(kept.get(at)));
    if (at < kept.from() || at >= kept.to()) {
      say(step > 0 ? "no later match" : "no earlier match");
      return;
    }
    match = at;
    paused = true;
    List<Line> around = new ArrayList<>(kept.between(at - CONTEXT, at + CONTEXT + 1));
    say("around the match of " + clock(kept.get(at).time()) + ":");
    around.forEach(this::write);
    say("end; space goes on");
  }

  private boolean isMatch(Line line) {
    return line.source() != null && isChosen(line) && filter.matches(line.text());
  }
}

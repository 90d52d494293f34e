package dev.logtap.terminal;

import dev.logtap.render.Source;
import dev.logtap.render.TerminalText;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.PatternSyntaxException;

/** What the keys have set, and what is being typed: the same for each view, which does what is left to do. Used by one thread. */
final class Controls {
  private static final String CHOICES = "123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#$";

  static final List<String> HELP =
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

  /** What a key leaves the view to do. */
  enum Effect {
    /** Nothing but a new status line. */
    NONE,
    /** Other lines are shown now, or the same ones otherwise. */
    LINES,
    /** The same, and more of it will follow: a filter is being typed. */
    TYPING,
    NEXT_MATCH,
    PREVIOUS_MATCH,
    MARK,
    CLEAR,
    HELP
  }

  /** What keys mean. */
  private enum Mode {
    LIVE,
    TYPING,
    CHOOSING
  }

  private final List<Source> sources;
  private Sieve sieve = Sieve.OPEN;
  private Style style;
  private boolean paused;
  private boolean quit;
  private Mode mode = Mode.LIVE;
  private final StringBuilder typed = new StringBuilder();

  /** The filter before it was typed anew. */
  private Filter former;

  /** What is wrong with what was typed; null for nothing. */
  private String mistake;

  /**
   * @param sources which may be hidden; with several, lines begin with their names
   * @param times whether lines begin with their times to begin with
   * @param search which all lines hold, to be marked; null for none
   */
  Controls(List<Source> sources, boolean colour, boolean times, String search) {
    this.sources = List.copyOf(sources);
    Filter searched = search == null || search.isEmpty() ? null : Filter.ofText(search);
    this.style = new Style(sources.size() > 1, colour, times, false, searched);
  }

  boolean isPaused() {
    return paused;
  }

  boolean isQuit() {
    return quit;
  }

  /** Whether keys are commands, and not part of what is typed or chosen. */
  boolean isLive() {
    return mode == Mode.LIVE;
  }

  Sieve sieve() {
    return sieve;
  }

  Style style() {
    return style;
  }

  void pause() {
    paused = true;
  }

  // ---- keys

  Effect press(Key key) {
    return switch (mode) {
      case LIVE -> live(key);
      case TYPING -> type(key);
      case CHOOSING -> choose(key);
    };
  }

  private Effect live(Key key) {
    if (key == Key.Control.ENTER) {
      return Effect.MARK;
    }
    if (!(key instanceof Key.Character(int character))) {
      return Effect.NONE;
    }
    return switch (character) {
      case ' ' -> {
        paused = !paused;
        yield Effect.NONE;
      }
      case '/' -> beginTyping();
      case 'n' -> Effect.NEXT_MATCH;
      case 'N' -> Effect.PREVIOUS_MATCH;
      case 'l' -> {
        sieve = sieve.withNextLevel();
        yield Effect.LINES;
      }
      case 's' -> {
        mode = Mode.CHOOSING;
        yield Effect.NONE;
      }
      case 't' -> {
        style = style.withTimes(!style.times());
        yield Effect.LINES;
      }
      case 'w' -> {
        style = style.withCut(!style.cut());
        yield Effect.LINES;
      }
      case 'm' -> Effect.MARK;
      case 'c' -> Effect.CLEAR;
      case 'q' -> {
        quit = true;
        yield Effect.NONE;
      }
      case '?' -> Effect.HELP;
      // No key of ours.
      default -> Effect.NONE;
    };
  }

  private Effect beginTyping() {
    mode = Mode.TYPING;
    former = sieve.filter();
    typed.setLength(0);
    mistake = null;
    sieve = sieve.withFilter(null);
    return Effect.LINES;
  }

  private Effect type(Key key) {
    if (key instanceof Key.Character(int character)) {
      typed.appendCodePoint(character);
    } else if (key == Key.Control.BACKSPACE && !typed.isEmpty()) {
      typed.setLength(typed.offsetByCodePoints(typed.length(), -1));
    } else if (key == Key.Control.KILL) {
      typed.setLength(0);
    } else if (key == Key.Control.ENTER) {
      mode = Mode.LIVE;
      return Effect.NONE;
    } else if (key == Key.Control.ESCAPE) {
      mode = Mode.LIVE;
      sieve = sieve.withFilter(former);
      return Effect.TYPING;
    } else {
      return Effect.NONE;
    }
    try {
      sieve = sieve.withFilter(Filter.of(typed.toString()));
      mistake = null;
    } catch (PatternSyntaxException e) {
      // The one before holds on until the expression is whole.
      mistake = e.getDescription();
      return Effect.NONE;
    }
    return Effect.TYPING;
  }

  private Effect choose(Key key) {
    if (!(key instanceof Key.Character(int character))) {
      mode = key == Key.Control.ENTER || key == Key.Control.ESCAPE ? Mode.LIVE : mode;
      return Effect.NONE;
    }
    int number = CHOICES.indexOf(character);
    if (number < 0 || number >= sources.size()) {
      return Effect.NONE;
    }
    sieve = sieve.toggled(sources.get(number));
    return Effect.LINES;
  }

  // ---- the status line

  /**
   * The text of the status line.
   *
   * @param places where among the lines the view is; none at their end
   * @param dropped how many lines can't be scrolled to any more
   */
  String statusLine(Status status, List<String> places, long dropped, int columns) {
    return switch (mode) {
      case LIVE -> StatusLine.of(status, settings(places, dropped), columns);
      case TYPING -> StatusLine.cut("/" + tail(typed.toString(), columns) + "_" + (mistake == null ? "" : "  (" + mistake + ")"), columns);
      case CHOOSING -> StatusLine.cut(choices(columns), columns);
    };
  }

  private StatusLine.Settings settings(List<String> places, long dropped) {
    Filter filter = sieve.filter();
    String shown = filter == null ? null : filter.typed();
    return new StatusLine.Settings(paused, places, shown, sieve.level(), sieve.hidden().size(), dropped);
  }

  /** As much of the end of what is typed as there is room for. */
  private static String tail(String text, int columns) {
    int from = 0;
    while (from < text.length() && Columns.of(text.substring(from)) > columns - 3) {
      from += Character.charCount(text.codePointAt(from));
    }
    return text.substring(from);
  }

  private String choices(int columns) {
    String whole = "hide/show  " + choices(" ", columns, "  ") + "  (enter: done)";
    if (Columns.of(whole) < columns) {
      return whole;
    }
    String end = " enter";
    // Of each as much as there is room for, so that all of them can be seen.
    int share = (columns - 1 - end.length()) / sources.size();
    return choices("", Math.max(1, share - "1+ ".length()), " ") + end;
  }

  private String choices(String between, int label, String behind) {
    StringJoiner choices = new StringJoiner(behind);
    for (int i = 0; i < sources.size() && i < CHOICES.length(); i++) {
      String shown = TerminalText.harmless(sources.get(i).label());
      String sign = sieve.hidden().contains(sources.get(i)) ? "-" : "+";
      choices.add(CHOICES.charAt(i) + between + sign + shown.substring(0, Columns.fitting(shown, 0, 0, label)));
    }
    return choices.toString();
  }
}

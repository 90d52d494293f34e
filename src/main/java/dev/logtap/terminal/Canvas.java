package dev.logtap.terminal;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What stands on the whole screen of a terminal, of which what is other now is written, in one write. It is xterm's second
 * screen, so that the first is as it was afterwards; a terminal that has none is left empty.
 */
final class Canvas {
  private static final byte[] NOTHING = {};

  /** The second screen (1049); the mouse's buttons and wheel (1000), in the way that knows more than 223 columns (1006). */
  private static final String ENTER = "\u001b[?1049h\u001b[?1000h\u001b[?1006h\u001b[?25l\u001b[?7l";

  private static final String EMPTY = "\u001b[0m\u001b[H\u001b[J";
  private static final String LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1006l\u001b[?1000l\u001b[?1049l";
  private static final String CLEAR = "\u001b[0m\u001b[H\u001b[2J";

  private boolean entered;

  /** Row by row; empty where that is not known. */
  private List<String> shown = List.of();

  /** Whatever stands there is written anew, also where another had the terminal meanwhile and left its second screen. */
  void forget() {
    shown = List.of();
  }

  /** What is to be written for as many rows as there are on the screen. */
  byte[] draw(List<String> rows) {
    if (rows.equals(shown)) {
      return NOTHING;
    }
    StringBuilder frame = new StringBuilder(4096);
    if (shown.size() != rows.size()) {
      frame.append(ENTER).append(CLEAR);
      entered = true;
    }
    for (int i = 0; i < rows.size(); i++) {
      String before = shown.size() == rows.size() ? shown.get(i) : "";
      if (!rows.get(i).equals(before)) {
        // Erased first: behind a row that is full, the cursor stands on its last character.
        frame.append("\u001b[").append(i + 1).append(";1H\u001b[2K").append(rows.get(i));
      }
    }
    shown = List.copyOf(rows);
    return frame.toString().getBytes(StandardCharsets.UTF_8);
  }

  byte[] leave() {
    if (!entered) {
      return NOTHING;
    }
    entered = false;
    forget();
    return (EMPTY + LEAVE).getBytes(StandardCharsets.UTF_8);
  }

  /** The first screen, if that is what is seen already, stays as it is. */
  byte[] leaveAgain() {
    return LEAVE.getBytes(StandardCharsets.UTF_8);
  }
}

package dev.logtap.terminal;

import org.jline.utils.WCWidth;

/** How much room text takes on a terminal: some characters take two columns, some none. */
final class Columns {
  private static final int TAB = 8;

  private Columns() {}

  /** The column behind a text that begins in one. */
  static int behind(String text, int column) {
    int at = column;
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      at = behind(character, at);
      i += Character.charCount(character);
    }
    return at;
  }

  static int of(String text) {
    return behind(text, 0);
  }

  /** Up to where a text from a char on, which begins in a column, fits before another one. */
  static int fitting(String text, int from, int column, int end) {
    int at = column;
    int i = from;
    while (i < text.length()) {
      int character = text.codePointAt(i);
      at = behind(character, at);
      if (at > end) {
        return i;
      }
      i += Character.charCount(character);
    }
    return i;
  }

  private static int behind(int character, int column) {
    if (character >= ' ' && character < 0x7f) {
      return column + 1;
    }
    // Control characters are harmless text by now, but for the tab.
    return character == '\t' ? column - column % TAB + TAB : column + Math.max(0, WCWidth.wcwidth(character));
  }
}

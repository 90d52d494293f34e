package dev.logtap.terminal;

/** A key that was pressed, or a turn of the mouse's wheel. */
public sealed interface Key {
  /** One that stands for a character. */
  record Character(int codePoint) implements Key {}

  /** One that does not. */
  enum Control implements Key {
    ENTER,
    BACKSPACE,
    ESCAPE,
    /** Ctrl-U: forget what was typed. */
    KILL,
    /** Ctrl-L: write the screen anew. */
    REDRAW,
    UP,
    DOWN,
    PAGE_UP,
    PAGE_DOWN,
    HOME,
    END,
    WHEEL_UP,
    WHEEL_DOWN,
    /** Function keys and the like, which mean nothing here. */
    OTHER
  }
}

package dev.logtap.terminal;

/** A key that was pressed. */
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
    /** Arrows and the like, which mean nothing here. */
    OTHER
  }
}

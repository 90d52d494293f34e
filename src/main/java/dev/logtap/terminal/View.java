package dev.logtap.terminal;

/**
 * What is seen of a {@code watch}, and what its keys do: turns lines, keys and the state of targets into what is to be
 * written, and knows no terminal. Used by one thread, the command's.
 */
public sealed interface View permits InlineView {
  /** Whether what comes is to wait. */
  boolean isPaused();

  /** Whether {@code q} was pressed. */
  boolean isQuit();

  /** Takes in the newest line. */
  void show(Line line);

  /** About how much is to be written. */
  int pending();

  void press(Key key);

  /** The terminal is open, or has another size. */
  void resize(Dimensions newSize);

  /** What is to be written now, all at once; nothing where the screen is as it should be. */
  byte[] frame(Status status);

  /** Leaves the screen to others, with a cursor. The next frame takes it again. */
  byte[] leave();
}

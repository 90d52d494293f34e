package dev.logtap.terminal;

import java.time.Duration;

/**
 * What is seen of a {@code watch}, and what its keys do: turns lines, keys and the state of targets into what is to be
 * written, and knows no terminal. Used by one thread, the command's.
 */
public sealed interface View permits InlineView, FullView {
  /** Whether what comes is to wait. */
  boolean isPaused();

  /** Whether {@code q} was pressed. */
  boolean isQuit();

  /** Takes in the newest line. */
  void show(Line line);

  /** Whether it is to stay, until a key ends it, when nothing comes any more. */
  boolean isKeptOpen();

  /** Goes on for a while with what takes longer; whether there is more of that. */
  boolean work();

  void press(Key key);

  /** The terminal is open, or has another size. */
  void resize(Dimensions newSize);

  /** How long it is to the next frame; none where it is due. */
  Duration untilFrame();

  /** What is to be written now, all at once; nothing where the screen is as it should be. */
  byte[] frame(Status status);

  /** Leaves the screen to others, with a cursor. The next frame takes it again. */
  byte[] leave();

  /** The end of that once more, where it may have been lost; it does no harm where it was not. */
  byte[] leaveAgain();
}

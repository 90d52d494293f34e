package dev.logtap.railway;

import java.util.List;
import java.util.OptionalLong;

/** What a stream of an environment tells, in the order of happening. */
public sealed interface Happening {
  /**
   * What was stored when the stream began, told once, first of all.
   *
   * @param entries the newest, oldest first; a few thousand at most
   * @param whole whether nothing older is stored
   */
  record Past(List<Entry> entries, boolean whole) implements Happening {}

  /** New entries, in the order in which they came; each stored row comes once, in {@code Past} or here. */
  record Arrived(List<Entry> entries) implements Happening {}

  /** Something was lost, or may well have been. @param dropped how many entries, where that is known */
  record Lost(OptionalLong dropped, String why) implements Happening {}

  /**
   * Rows that are stored late can't be looked for, which is tried again; told once a reason until it works again. Entries
   * come nevertheless, so that it is no matter of who reads them but of who keeps the server.
   */
  record SweepFailed(String sentence) implements Happening {}

  /** They can be looked for again. */
  record SweepsAgain() implements Happening {}

  /** The subscription stands, for the first time or again. */
  record Connected() implements Happening {}

  /** The subscription has ended and is being tried again. */
  record Reconnecting() implements Happening {}

  /** A sentence about what went wrong and is tried again; told once a reason until it works again. */
  record Trouble(String sentence) implements Happening {}

  /** What trying again does not mend, as a sentence that says what to do; the last that is told. */
  record Failed(String sentence) implements Happening {}
}

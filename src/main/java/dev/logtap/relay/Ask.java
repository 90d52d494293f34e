package dev.logtap.relay;

import java.time.Instant;

/** What a client asks for when it comes. */
public record Ask(Wanted wanted, Begin begin) {
  /** Where a client begins. */
  public sealed interface Begin {
    /** With the last so many entries. */
    record Last(int entries) implements Begin {}

    /** With what is later than this. */
    record After(Instant time) implements Begin {}

    /** Behind a cursor. */
    record Behind(RelayCursor cursor) implements Begin {}
  }
}

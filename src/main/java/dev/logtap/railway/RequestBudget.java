package dev.logtap.railway;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * How many requests may still be made: Railway counts them by the hour, and a plan's limit shows only in the headers of
 * its answers. Any thread may call it.
 *
 * <p>Until a header says more, it is a bucket that fills evenly with a cautious guess. What Railway says is left counts
 * more than that, until the time at which it says that it counts anew.
 */
final class RequestBudget {
  /** The Hobby plan's; a Free one has 100, and says so with its first answer. */
  private static final long GUESS = 1_000;

  private static final long HOUR = Duration.ofHours(1).toNanos();

  /** So that a rest that will soon be none is not taken for plenty. */
  private static final long SHORTEST = Duration.ofMinutes(1).toNanos();

  /** Longer waits are not believed. */
  private static final Duration LONGEST = Duration.ofHours(1);

  /** From here on a number is no count of seconds but an instant: 2001 in seconds, 1970 in milliseconds. */
  private static final long INSTANT = 1_000_000_000L;

  private static final long MILLISECONDS = 100_000_000_000L;

  /** What a request is for: the less it matters, the more it leaves to others. */
  enum Purpose {
    /** Without it a stream can't begin, or a client gets no answer. */
    NEEDED(0),
    /** Brings what is known to be missing. */
    BACKFILL(10),
    /** Looks whether something is missing. */
    SWEEP(30);

    /** The part of an hour's requests that is left to others, in percent. */
    private final int left;

    Purpose(int left) {
      this.left = left;
    }
  }

  private final LongSupplier clock;

  /** Requests an hour. Guarded by this, as are the next four. */
  private double limit = GUESS;

  private double left = GUESS;

  /** When {@code left} was right. */
  private long at;

  /** When Railway counts anew; only while {@code told}. */
  private long reset;

  private boolean told;

  /** No request before this, after a 429; only while {@code refused}. */
  private long refusedUntil;

  private boolean refused;

  RequestBudget(LongSupplier clock) {
    this.clock = clock;
    this.at = clock.getAsLong();
  }

  /** Takes a request; false when there is none left for that purpose. */
  synchronized boolean take(Purpose purpose) {
    if (!isFreeFor(purpose)) {
      return false;
    }
    left--;
    return true;
  }

  synchronized boolean isFreeFor(Purpose purpose) {
    refresh();
    return !refused && left - 1 >= limit * purpose.left / 100;
  }

  /** How long none can be had even for what is needed; zero when one can. */
  synchronized Duration wait(Purpose purpose) {
    refresh();
    if (isFreeFor(purpose)) {
      return Duration.ZERO;
    }
    if (refused) {
      return Duration.ofNanos(refusedUntil - at);
    }
    return told
        ? Duration.ofNanos(reset - at)
        : Duration.ofNanos((long) ((limit * purpose.left / 100 + 1 - left) * HOUR / limit) + 1);
  }

  /** At which rate what is left lasts until it is counted anew. */
  synchronized double perHour() {
    refresh();
    return told ? Math.min(limit, Math.max(1, left) * HOUR / Math.max(SHORTEST, reset - at)) : limit;
  }

  /** Heeds {@code X-RateLimit-Limit}, {@code -Remaining} and {@code -Reset} of an answer; each may be absent. */
  synchronized void learn(OptionalLong newLimit, OptionalLong remaining, String resets, Instant now) {
    refresh();
    double before = limit;
    newLimit.ifPresent(value -> limit = Math.max(1, value));
    if (remaining.isPresent()) {
      left = Math.max(0, remaining.getAsLong());
      Duration wait = until(resets, now);
      // Without a time at which it is counted anew, the bucket goes on from there.
      told = wait != null;
      if (told) {
        reset = at + wait.toNanos();
      }
    } else {
      // What has been used was used of the true limit.
      left = Math.clamp(left + limit - before, 0, limit);
    }
  }

  /** A 429 came. */
  synchronized void refused(Duration retryAfter) {
    refresh();
    Duration wait = retryAfter.compareTo(LONGEST) < 0 ? retryAfter : LONGEST;
    refused = true;
    refusedUntil = at + wait.toNanos();
  }

  private void refresh() {
    long now = clock.getAsLong();
    if (refused && now - refusedUntil >= 0) {
      refused = false;
    }
    if (!told) {
      left = Math.min(limit, left + limit * (now - at) / HOUR);
    } else if (now - reset >= 0) {
      told = false;
      left = limit;
    }
    at = now;
  }

  /** Seconds, or an instant as seconds, milliseconds, ISO 8601 or HTTP's date; null for anything else, or when it is over. */
  static Duration until(String text, Instant now) {
    if (text == null) {
      return null;
    }
    Duration wait;
    try {
      if (text.strip().matches("\\d{1,15}")) {
        long number = Long.parseLong(text.strip());
        if (number < INSTANT) {
          wait = Duration.ofSeconds(number);
        } else {
          wait = Duration.between(now, number < MILLISECONDS ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number));
        }
      } else {
        DateTimeFormatter form =
            text.strip().contains(" ") ? DateTimeFormatter.RFC_1123_DATE_TIME : DateTimeFormatter.ISO_INSTANT;
        wait = Duration.between(now, form.parse(text.strip(), Instant::from));
      }
    } catch (DateTimeException _) {
      return null;
    }
    if (wait.isNegative()) {
      return null;
    }
    return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
  }
}

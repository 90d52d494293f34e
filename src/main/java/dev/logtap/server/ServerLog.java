package dev.logtap.server;

import dev.logtap.render.TerminalText;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What the server says on stderr, a line each: called by any thread, and none of them ever waits, however
 * slowly stderr is read, or though it is broken.
 *
 * <p>Runs one daemon thread, {@code stderr}, from its making to {@link #close}; a platform thread, because a
 * write that blocks would hold what carries the virtual ones. What does not fit is counted, and its number
 * said in its place.
 */
public final class ServerLog implements Closeable {
  /** Room for some thousand lines: a reader that pauses for a moment costs none. */
  private static final int MOST_BYTES = 1 << 20;

  /** Longer than anything we say, but an exception's message can hold what a stranger sent. */
  private static final int LONGEST_LINE = 4096;

  /** PIPE_BUF: so much is written to a pipe as one piece, not mixed with what other processes write. */
  private static final int PIECE = 4096;

  /** A full disk may have room again. */
  private static final Duration BEFORE_NEXT_ATTEMPT = Duration.ofSeconds(1);

  /** A reader that takes nothing must not keep us from ending. */
  private static final Duration LONGEST_FAREWELL = Duration.ofMillis(500);

  private enum Level {
    ERROR("<3>"),
    WARNING("<4>"),
    INFO("<6>");

    private final String prefix;

    Level(String prefix) {
      this.prefix = prefix;
    }
  }

  private final OutputStream err;
  private final boolean levels;

  /** What is less than this is not said. */
  private final Level least;

  private final Duration longestFarewell;
  private final Thread thread;

  // All guarded by this.
  private final Queue<byte[]> queue = new ArrayDeque<>();
  private int bytes;
  private boolean closed;

  /** How many lines are missing behind those in the queue; while any are, no other is taken. */
  private long missing;

  /**
   * @param levels whether each line begins with its level as journald reads it, see sd-daemon(3)
   */
  public ServerLog(OutputStream err, boolean levels) {
    this(err, levels, LONGEST_FAREWELL);
  }

  ServerLog(OutputStream err, boolean levels, Duration longestFarewell) {
    this(err, levels, Level.INFO, longestFarewell);
  }

  private ServerLog(OutputStream err, boolean levels, Level least, Duration longestFarewell) {
    this.err = err;
    this.levels = levels;
    this.least = least;
    this.longestFarewell = longestFarewell;
    this.thread = Thread.ofPlatform().name("stderr").daemon().start(this::run);
  }

  /** One that says only what has gone wrong. */
  public static ServerLog ofErrors(OutputStream err) {
    return new ServerLog(err, false, Level.ERROR, LONGEST_FAREWELL);
  }

  public void info(String sentence) {
    offer(Level.INFO, sentence);
  }

  public void warning(String subject, String sentence) {
    offer(Level.WARNING, subject + ": " + sentence);
  }

  public void error(String subject, String sentence) {
    offer(Level.ERROR, subject + ": " + sentence);
  }

  private byte[] line(Level level, String sentence) {
    String whole = sentence.length() <= LONGEST_LINE ? sentence : sentence.substring(0, LONGEST_LINE) + "...";
    String line = (levels ? level.prefix : "") + "logtap: " + TerminalText.harmless(whole) + "\n";
    return line.getBytes(StandardCharsets.UTF_8);
  }

  private void offer(Level level, String sentence) {
    if (level.compareTo(least) <= 0) {
      offer(line(level, sentence));
    }
  }

  private synchronized void offer(byte[] line) {
    if (closed) {
      return;
    }
    if (missing > 0 || bytes + line.length > MOST_BYTES) {
      missing++;
    } else {
      queue.add(line);
      bytes += line.length;
    }
    notifyAll();
  }

  private void run() {
    try {
      for (Piece piece = next(); piece != null; piece = next()) {
        try {
          err.write(piece.bytes);
          err.flush();
        } catch (IOException _) {
          rest(piece.lines);
        }
      }
    } catch (InterruptedException _) {
      // Nobody of ours does that: the process is being torn down, and there is nothing to release.
      Thread.currentThread().interrupt();
    }
  }

  /** @param lines how many are missing when it can't be written */
  private record Piece(byte[] bytes, long lines) {}

  /** Waits for something to write; null when all is written and this is closed. */
  private synchronized Piece next() throws InterruptedException {
    while (queue.isEmpty() && missing == 0 && !closed) {
      wait();
    }
    if (!queue.isEmpty()) {
      ByteArrayOutputStream piece = new ByteArrayOutputStream(PIECE);
      long lines = 0;
      do {
        piece.writeBytes(queue.remove());
        lines++;
      } while (!queue.isEmpty() && piece.size() + queue.element().length <= PIECE);
      bytes -= piece.size();
      return new Piece(piece.toByteArray(), lines);
    }
    if (missing > 0) {
      String were = missing == 1 ? " line was" : " lines were";
      Piece piece = new Piece(line(Level.WARNING, missing + were + " not written because stderr took none"), missing);
      missing = 0;
      return piece;
    }
    return null;
  }

  /** Those lines could not be written, and the next could not either: what is queued waits a while. */
  private synchronized void rest(long lines) throws InterruptedException {
    // Their place is before those in the queue, where no number can be said any more.
    missing += lines + queue.size();
    queue.clear();
    bytes = 0;
    long end = System.nanoTime() + BEFORE_NEXT_ATTEMPT.toNanos();
    long left = BEFORE_NEXT_ATTEMPT.toMillis();
    while (left > 0 && !closed) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
    if (closed) {
      missing = 0;
    }
  }

  /** Writes what is queued, for a short time at most, and ends the thread; what is said later is not written. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(longestFarewell);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}

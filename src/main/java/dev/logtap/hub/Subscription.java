package dev.logtap.hub;

import dev.logtap.log.AllowedLog;
import dev.logtap.log.Backlog;
import dev.logtap.log.Cursor;
import dev.logtap.log.Needle;
import dev.logtap.log.Position;
import dev.logtap.log.Reading.Lines;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * One client's place in a log. While it keeps up it takes messages from the hub's ring; when the ring has gone
 * past it, it reads from the files up to where the hub is, and joins again behind that.
 *
 * <p>Belongs to the thread that made it, which writes to the client. That waits while a thread of
 * {@link FileReads} works on it. {@link #wake} may be called by any.
 */
public final class Subscription implements Closeable {
  /** How far back lines are looked for that match, and how much may have come since a client left. */
  private static final long MOST_BEHIND = 64L << 20;

  /** A message holds no more text than this. */
  private static final int MOST_TEXT = 1 << 20;

  /** Text of a message for one who is behind: what he holds while he is slow. */
  private static final int TEXT_WHILE_BEHIND = 56 << 10;

  /** So many bytes are taken together, unless one message has more: what a client holds while it is stalled. */
  private static final int MOST_TOGETHER = 128 << 10;

  /** After so much text of which nothing passed, the client is told how far it has come. */
  private static final long LONGEST_SILENCE = 16L << 20;

  /** After so much text the caller is asked whether it has something else to do. */
  private static final int TURN = 4 << 20;

  /** Another server may have read further than this one, but not for long. */
  private static final long LONGEST_AHEAD = Duration.ofSeconds(5).toNanos();

  private static final long LOOK_WHILE_AHEAD = Duration.ofMillis(50).toNanos();

  /** So often in a row the files may have changed before anything was read of them, until that is a loss. */
  private static final int MOST_FAILURES = 3;

  private final LogHub hub;
  private final Hubs hubs;
  private final AllowedLog log;
  private final Ring ring;
  private final Thread thread = Thread.currentThread();

  /** Null where all lines pass. */
  private Filter filter;

  private Sieve sieve;

  /** The place behind all that was taken. */
  private Cursor cursor;

  /** The batch that was taken last, or that the files were read up to. */
  private long sequence;

  /** Whether the cursor is another place than that batch's, which has to be reached through the files. */
  private boolean behind;

  /** What is read from the files; null where nothing is. */
  private Backlog backlog;

  /** The batch up to which the backlog goes. */
  private Batch target;

  /** The batch up to which losses were told, or are in {@link #gap}: reading anew is no reason to tell them again. */
  private long told;

  /** Memory for the next message, which is large; null as long as none was. */
  private Budget.Claim claim;

  /** Read from the backlog and too much for the message before; null where there is nothing. */
  private Lines left;

  /** Whether nothing was taken yet: the first message comes also when it is empty. */
  private boolean first = true;

  /** What is to be said with the next message; null for nothing. */
  private String gap;

  /** What was said last of losses, and the cursor then. */
  private String toldGap = "";

  private Cursor toldAt;

  /** Since when the client is known to be ahead of the hub; 0 where it is not. */
  private long aheadSince;

  private int failures;

  /** Whether all this belongs to a reading thread that is not waited for. */
  private boolean abandoned;

  /** How much text was left out since the client was told how far it has come. */
  private long silent;

  private volatile boolean waiting;
  private volatile boolean woken;
  private volatile long lastTook = System.nanoTime();

  private Subscription(LogHub hub, Hubs hubs, Ring ring, Filter filter) {
    this.hub = hub;
    this.hubs = hubs;
    this.log = hub.log();
    this.ring = ring;
    this.filter = filter;
    this.sieve = new Sieve(needle());
  }

  static Subscription to(LogHub hub, Hubs hubs, Needle needle) throws IOException, TooManyFiltersException {
    Ring ring;
    try {
      ring = hub.awaitRing();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a log was being opened");
    }
    if (ring == null) {
      throw new IOException("the log can't be followed", hub.failure());
    }
    Filter filter = hub.exchange(null, needle);
    Subscription subscription = new Subscription(hub, hubs, ring, filter);
    hub.add(subscription);
    return subscription;
  }

  private Needle needle() {
    return filter == null ? null : filter.needle();
  }

  // ---- beginning: one of these is called once, before anything is taken

  /** Begins with the last lines, of those that pass. */
  public void beginWithLastLines(int lines) throws IOException {
    goTo(ring.newest());
    read(() -> Backlog.ofLastLines(log, target.cursor(), target.inLine(), lines, needle(), MOST_BEHIND));
    if (backlog != null) {
      cursor = backlog.cursor();
    }
  }

  /** Begins behind a cursor that the client has brought; where that can't be done, with a gap and the last lines. */
  public void resume(Cursor from, int lines) throws IOException {
    goTo(ring.newest());
    cursor = from;
    behind = true;
    try {
      readFromCursor(MOST_BEHIND);
      loseAll(hub.lossesSince(from.issued(), sequence));
    } catch (AbandonedReadException e) {
      throw e;
    } catch (IOException e) {
      lose(e.getMessage());
      beginWithLastLines(lines);
    }
  }

  /**
   * Looks for another text from now on.
   *
   * @param needle null for all lines
   * @throws TooManyFiltersException past the limit; all is as it was then
   */
  public void filter(Needle needle) throws TooManyFiltersException {
    filter = hub.exchange(filter, needle);
    sieve = sieve.lookingFor(needle);
  }

  // ---- taking

  /**
   * Takes what is there, without waiting for more: up to {@code into.length} messages, each held for the caller.
   *
   * @return how many; 0 also when it took long to find none, and {@link #await} returns at once then
   * @throws IOException when nothing more will ever come
   */
  public int take(Frame[] into) throws IOException {
    lastTook = System.nanoTime();
    if (hub.failure() != null) {
      throw new IOException("the log can't be followed any more", hub.failure());
    }
    if (isShortOfMemory()) {
      return 0;
    }
    if (!behind && backlog == null && !isToBeTold()) {
      int count = takeFromRing(into);
      if (count >= 0) {
        return count;
      }
      behind = true;
    }
    if (behind && backlog == null) {
      catchUp();
    }
    // In the midst of a stream a loss is a message of its own.
    boolean alone = gap != null && !first;
    into[0] = backlog != null && !alone ? readBacklog() : isToBeTold() ? empty() : null;
    return into[0] == null ? 0 : 1;
  }

  /** Whether the client has to hear something though there are no lines. */
  private boolean isToBeTold() {
    return first || gap != null || silent > LONGEST_SILENCE;
  }

  /** How many messages were taken; -1 when the ring has not what comes next. */
  private int takeFromRing(Frame[] into) {
    int count = 0;
    int bytes = 0;
    while (count < into.length && bytes < MOST_TOGETHER && sequence < ring.newest().sequence() && !isToBeTold()) {
      Batch batch = ring.at(sequence + 1);
      if (batch == null) {
        return count > 0 ? count : -1;
      }
      Frame frame = null;
      if (filter == null || batch.gap()) {
        if (batch.frame() == null || !batch.frame().hold()) {
          return count > 0 ? count : -1;
        }
        frame = batch.frame();
        if (!batch.gap()) {
          sieve.passedAll(batch.inLine());
        }
      } else if (batch.text() == null || batch.inLine() || sieve.inLine()) {
        // From before there was a filter, or a long line: both are rare, and reading it again is simple.
        return count > 0 ? count : -1;
      } else {
        frame = filter.frameOf(batch);
        silent += batch.text().length;
      }
      sequence++;
      cursor = batch.cursor();
      if (frame != null) {
        silent = 0;
        bytes += frame.length();
        into[count++] = frame;
      }
    }
    return count;
  }

  /** The message of no lines, which tells how far the client has come, and what may be missing. */
  private Frame empty() {
    Encoding message = hubs.newEncoding();
    message.begin();
    return said(hubs.frameOf(message.end(false, gap, cursor)));
  }

  private Frame said(Frame frame) {
    first = false;
    if (gap != null) {
      toldGap = gap;
      toldAt = cursor;
    }
    gap = null;
    silent = 0;
    return frame;
  }

  // ---- behind

  private void goTo(Batch batch) {
    target = batch;
    cursor = batch.cursor();
    sequence = batch.sequence();
    told = Math.max(told, sequence);
    behind = false;
  }

  private void lose(String why) {
    // What could not be sent for want of memory is read again, and with it comes the same loss.
    if (cursor != toldAt || !toldGap.contains(why)) {
      gap = gap == null ? why : gap.contains(why) ? gap : gap + "; " + why;
    }
  }

  private void loseAll(List<String> whys) {
    whys.forEach(this::lose);
  }

  /** Reads on from the files; what can't be found there is skipped, and told. */
  private void catchUp() throws IOException {
    try {
      readFromCursor(Long.MAX_VALUE);
    } catch (AbandonedReadException e) {
      throw e;
    } catch (IOException e) {
      readNewestFile(e.getMessage());
    }
    if (backlog != null) {
      loseAll(hub.lossesBetween(Math.max(sequence, told), target.sequence()));
      told = Math.max(told, target.sequence());
    }
  }

  /** A file that was emptied, or is another one now, may hold more than the ring does of what has come since. */
  private void readNewestFile(String why) throws IOException {
    Batch newest = ring.newest();
    Cursor from = cursor;
    if (hasOnlyOf(newest)) {
      read(() -> Backlog.ofNewestFile(log, from, newest.cursor(), newest.inLine()));
    }
    if (backlog == null) {
      skip(why);
      return;
    }
    aheadSince = 0;
    target = newest;
    cursor = backlog.cursor();
    sieve.skipped(false);
    lose(why);
  }

  /** What can't be found is skipped, but not what the ring still has. */
  private void skip(String why) {
    Batch newest = ring.newest();
    aheadSince = 0;
    sequence = Math.max(sequence, ring.oldest() - 1);
    behind = false;
    sieve.skipped(false);
    lose(why);
    for (Batch next = ring.at(sequence + 1); next != null && isBehind(next); next = ring.at(sequence + 1)) {
      sequence++;
    }
    if (sequence >= newest.sequence()) {
      goTo(newest);
      sieve.skipped(newest.inLine());
    }
  }

  /** Whether what was read from the files includes a batch, by the file and the offset where that ends. */
  private boolean isBehind(Batch batch) {
    return isNoLater(batch.cursor(), cursor);
  }

  /** Whether the ring holds nothing of other files than the newest batch's. */
  private boolean hasOnlyOf(Batch newest) {
    Cursor later = newest.cursor();
    for (long at = newest.sequence() - 1; at >= ring.oldest(); at--) {
      Batch batch = ring.at(at);
      if (batch == null || !isNoLater(batch.cursor(), later)) {
        return false;
      }
      later = batch.cursor();
    }
    return true;
  }

  /** Whether both places are in the same file, one no later than the other. */
  private static boolean isNoLater(Cursor one, Cursor other) {
    Position here = one.positions().getLast();
    Position there = other.positions().getLast();
    boolean sameFile = here.inode() == there.inode() && here.birth() == there.birth() && here.head() == there.head();
    return sameFile && here.offset() <= there.offset();
  }

  /** Finds what lies between the cursor and the hub. */
  private void readFromCursor(long most) throws IOException {
    Batch newest = ring.newest();
    Cursor from = cursor;
    onDisk(() -> backlog = Backlog.between(log, from, newest.cursor(), newest.inLine(), most));
    if (backlog != null) {
      aheadSince = 0;
      target = newest;
      loseAll(backlog.gaps());
      return;
    }
    aheadSince = aheadSince == 0 ? System.nanoTime() : aheadSince;
    if (System.nanoTime() - aheadSince > LONGEST_AHEAD) {
      throw new IOException("the cursor is ahead of what is in the log");
    }
  }

  private void read(Callable<Backlog> opened) throws IOException {
    try {
      onDisk(() -> backlog = opened.call());
    } catch (AbandonedReadException e) {
      throw e;
    } catch (IOException e) {
      // The follower says why, to the administrator: a missing file is none of the client's business.
      backlog = null;
    }
  }

  /** The next message from the files; null when there is none now. */
  private Frame readBacklog() throws IOException {
    Frame frame = onDisk(this::readMessage);
    if (failures == MOST_FAILURES) {
      failures = 0;
      skip("a file could not be read");
    }
    return frame;
  }

  /** Runs on a thread of {@link FileReads}. */
  private Frame readMessage() throws IOException {
    Cursor cursorBefore = cursor;
    long sequenceBefore = sequence;
    long silentBefore = silent;
    Sieve sieveBefore = sieve.copy();
    Encoding message = hubs.readersEncoding();
    message.begin();
    int text = fill(message);
    if (text < 0) {
      return null;
    }
    ByteBuffer bytes = message.end(text > 0 && sieve.goesOn(), gap, cursor);
    boolean small = bytes.remaining() <= Budget.SMALL;
    Frame frame = small ? hubs.frameOf(bytes) : largeFrameOf(bytes);
    if (!small) {
      // What a large message needed shall not stay with the thread, nor the reader's buffer with who is slow.
      message.begin();
      behind |= backlog != null;
      closeBacklog();
    }
    if (frame == null) {
      cursor = cursorBefore;
      sequence = sequenceBefore;
      silent = silentBefore;
      sieve = sieveBefore;
      behind = true;
      return null;
    }
    dropClaim();
    return said(frame);
  }

  /** Null where there is no memory for it now: it is read again when there is. */
  private Frame largeFrameOf(ByteBuffer message) {
    int length = message.remaining();
    if (claim == null || !claim.covers(length)) {
      dropClaim();
      claim = hubs.budget().claim(length, thread);
    }
    if (!claim.isGranted()) {
      return null;
    }
    Budget.Claim granted = claim;
    claim = null;
    return hubs.frameOf(message, granted);
  }

  private boolean isShortOfMemory() {
    return claim != null && !claim.isGranted();
  }

  private void dropClaim() {
    if (claim != null) {
      claim.close();
      claim = null;
    }
  }

  /** Adds the next lines from the files; how much text, -1 where that is no message. */
  private int fill(Encoding message) throws IOException {
    int most = first ? MOST_TEXT : TEXT_WHILE_BEHIND;
    int text = 0;
    for (int read = 0; text < most && read < TURN; ) {
      Lines lines = left;
      left = null;
      if (lines == null) {
        lines = nextOfBacklog(most - text);
      }
      if (lines == null) {
        break;
      }
      if (text > 0 && text + lines.length() > MOST_TEXT) {
        // The reader's buffer holds it until the next call.
        left = lines;
        break;
      }
      read += lines.length();
      cursor = backlog.cursor();
      boolean passed = sieve.pass(lines, message);
      text += passed ? lines.length() : 0;
      silent += passed ? 0 : lines.length();
      if (sieve.goesOn()) {
        return text;
      }
    }
    boolean tell = isToBeTold() && (backlog == null && !behind || silent > LONGEST_SILENCE);
    return text > 0 || tell ? text : -1;
  }

  /** Null at its end, and where the files have changed: what was read counts, the rest is looked for anew. */
  private Lines nextOfBacklog(int most) throws IOException {
    try {
      Lines lines = backlog.next(most);
      failures = 0;
      if (lines == null) {
        closeBacklog();
        goTo(target);
      }
      return lines;
    } catch (IOException _) {
      closeBacklog();
      behind = true;
      failures++;
      return null;
    }
  }

  /** Leaves this, and what it holds, to the reading thread when that is not waited for any longer. */
  private <T> T onDisk(Callable<T> read) throws IOException {
    try {
      return hubs.reads().call(log, read, this::release);
    } catch (AbandonedReadException e) {
      abandoned = true;
      throw e;
    }
  }

  private void release(Object result) {
    if (result instanceof Frame frame) {
      frame.release();
    }
    dropClaim();
    try {
      closeBacklog();
    } catch (IOException _) {
      // What was only read has nothing left to lose.
    }
  }

  private void closeBacklog() throws IOException {
    Backlog open = backlog;
    backlog = null;
    left = null;
    if (open != null) {
      open.close();
    }
  }

  // ---- waiting

  /** Waits for more to take, or for {@link #wake}. May return without either. */
  public void await() {
    if (isShortOfMemory()) {
      if (!woken) {
        LockSupport.park(this);
      }
      woken = false;
      return;
    }
    if (backlog != null || behind && aheadSince == 0 || isToBeTold()) {
      return;
    }
    waiting = true;
    hub.waits();
    // Whoever publishes looks for who waits after that: either it is seen there, or its batch is seen here.
    if (!woken && aheadSince != 0) {
      LockSupport.parkNanos(this, LOOK_WHILE_AHEAD);
    } else if (!woken && sequence == ring.newest().sequence() && hub.failure() == null) {
      LockSupport.park(this);
    }
    waiting = false;
    hub.waitsNoLonger();
    woken = false;
  }

  /** Ends the wait, or the next one. */
  public void wake() {
    woken = true;
    LockSupport.unpark(thread);
  }

  boolean isWaiting() {
    return waiting;
  }

  /** The hub has published. */
  void unpark() {
    LockSupport.unpark(thread);
  }

  /** When it was last asked for more, as {@link System#nanoTime}. */
  long lastTook() {
    return lastTook;
  }

  @Override
  public void close() throws IOException {
    hub.remove(this);
    if (filter != null) {
      hub.release(filter);
    }
    hubs.leave(hub);
    if (abandoned) {
      return;
    }
    dropClaim();
    if (backlog != null) {
      // Closing a file may wait for its disk as reading does.
      onDisk(Executors.callable(() -> release(null)));
    }
  }
}

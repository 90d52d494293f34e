package dev.logtap.log;

import dev.logtap.log.ChangeSource.Changes;
import dev.logtap.log.ChangeSource.ClosedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Rings a log's bell when its directory reports a change, by inotify. One for the
 * whole process, because a user has 128 inotify instances and no more. It only ever saves time: a
 * follower looks each second anyway, so a watch that is missing, overflows or lies loses nothing.
 *
 * <p>It has no thread of its own, which would stand between a change and who waits for it: of all threads in
 * {@link #await} one listens to the system for all, and hands that over to another when it goes back to work.
 * All methods may be called from any thread.
 */
public final class DirectoryWatch implements Closeable {
  private static final long CHECK = TimeUnit.SECONDS.toNanos(1);

  /** A neighbour that writes 200,000 times a second would cost half a core of wake-ups for nothing. */
  private static final int MOST_IRRELEVANT = 200;

  private static final long TICK_WHILE_NOISY = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long NOISE_LASTS = TimeUnit.SECONDS.toNanos(5);

  /**
   * A log that is written without a pause is looked at each millisecond instead: events by the thousand, of
   * which the kernel, two threads and the reader all have their share of work, halve the speed of reading.
   */
  private static final int FLOOD = 16;

  private static final long FLOOD_WITHIN = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long TICK_WHILE_FLOODED = TimeUnit.MILLISECONDS.toNanos(1);

  /** How long, at first; twice as long each time that it goes on at once. */
  private static final long FLOOD_LASTS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long LONGEST_FLOOD = TimeUnit.SECONDS.toNanos(1);

  private final ChangeSource source;

  /** Held by the one who listens for all. */
  private final ReentrantLock place = new ReentrantLock();

  /** The others who wait meanwhile. */
  private final Set<Bell> waiting = ConcurrentHashMap.newKeySet();

  /** When to see again whether the keys are of the right directories; guarded by {@link #place}, as is the other. */
  private long nextCheck = System.nanoTime();

  private long nextTick = nextCheck;

  private volatile boolean closed;

  /** Guarded by itself. */
  private final List<Watched> watched = new ArrayList<>();

  /** One directory for one log. */
  private static final class Watched {
    final Path path;

    /** Whether the directory is that of what the path leads to, which may change. */
    final boolean followLink;

    final Bell bell;
    Path directory;
    String name;

    /** Null while it can't be watched: missing, or too busy. */
    Object key;

    /** Which directory the key is of: no event tells when another one takes its place. */
    Object identity;

    int relevant;
    long relevantSince;
    long floodLasts = FLOOD_LASTS;

    int irrelevant;
    long irrelevantSince;

    /** Until then its bell is rung every tick instead; 0 while it is watched. */
    long unwatchedUntil;

    long tick;

    Watched(Path path, boolean followLink, Bell bell) {
      this.path = path;
      this.followLink = followLink;
      this.bell = bell;
      resolve();
    }

    /** Finds out what to watch. */
    void resolve() {
      Path named = path;
      try {
        named = PlainFile.resolve(path, followLink);
      } catch (IOException _) {
        // A link to nothing: its own directory tells when it is set anew.
      }
      directory = Generations.directoryOf(named);
      name = named.getFileName().toString();
    }
  }

  private DirectoryWatch(ChangeSource source) {
    this.source = source;
  }

  /**
   * Opens the process's watch, at once.
   *
   * @throws IOException where the system gives none, for example past its limit of inotify instances
   */
  public static DirectoryWatch open() throws IOException {
    return new DirectoryWatch(new WatchServiceSource());
  }

  /** Opens one that takes longer to be opened, and is quicker to tell. */
  public static DirectoryWatch openQuick() throws IOException {
    try {
      return new DirectoryWatch(new InotifySource());
    } catch (RuntimeException | LinkageError _) {
      // This JVM does not let us call the system.
      return open();
    }
  }

  /** Rings {@code bell} from now on when a file of {@code log}, live or rotated, may have changed. */
  public void ringOnChange(AllowedLog log, Bell bell) {
    synchronized (watched) {
      watch(new Watched(log.path(), false, bell));
      if (log.symlink()) {
        watch(new Watched(log.path(), true, bell));
      }
    }
  }

  private void watch(Watched one) {
    watched.add(one);
    register(one);
  }

  /** Ends what {@link #ringOnChange} began for this bell. */
  public void forget(Bell bell) {
    synchronized (watched) {
      for (Watched one : List.copyOf(watched)) {
        if (one.bell == bell) {
          watched.remove(one);
          release(one);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    source.end();
    place.lock();
    try {
      synchronized (watched) {
        source.close();
      }
    } finally {
      place.unlock();
    }
  }

  /** Waits for a ring; false when none came in time. Called by the thread that the bell is for. */
  public boolean await(Bell bell, Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    try {
      for (long left = longest.toNanos(); !bell.isRung() && left > 0; left = end - System.nanoTime()) {
        if (closed) {
          // Nothing rings any more but what ends this thread.
          bell.awaitAny(left);
        } else if (place.tryLock()) {
          try {
            listen(bell, left);
          } finally {
            place.unlock();
          }
        } else {
          waitBeside(bell, left);
        }
      }
    } finally {
      handOver();
    }
    return bell.silence();
  }

  /** Somebody else listens: he rings, or leaves his place to one whom he sees waiting. */
  private void waitBeside(Bell bell, long longest) {
    waiting.add(bell);
    try {
      if (place.isLocked()) {
        bell.awaitAny(longest);
      }
    } finally {
      waiting.remove(bell);
    }
  }

  private void handOver() {
    if (!waiting.isEmpty() && !place.isLocked()) {
      for (Bell next : waiting) {
        next.nudge();
        return;
      }
    }
  }

  private void listen(Bell bell, long longest) {
    Thread here = Thread.currentThread();
    long now = System.nanoTime();
    long end = now + longest;
    try {
      while (!bell.isRung() && now < end) {
        long wait = Math.min(end, Math.min(nextCheck, nextTick)) - now;
        List<Changes> happened = bell.awaitOr(() -> source.await(wait), () -> source.wake(here));
        now = System.nanoTime();
        synchronized (watched) {
          for (Changes changes : happened == null ? List.<Changes>of() : happened) {
            dispatch(changes, now);
          }
          if (now - nextCheck >= 0) {
            nextCheck = now + CHECK;
            watched.forEach(this::check);
          }
          if (now - nextTick >= 0) {
            nextTick = now + ringUnwatched(now);
          }
        }
      }
    } catch (ClosedException _) {
      closed = true;
    }
  }

  private void dispatch(Changes changes, long now) {
    for (Watched one : watched) {
      if (changes.key() != null && !changes.key().equals(one.key)) {
        continue;
      }
      if (concerns(one.name, changes.names())) {
        one.bell.ring();
        countRelevant(one, now);
      } else {
        countIrrelevant(one, now);
      }
    }
  }

  private static boolean concerns(String name, List<String> changed) {
    if (changed == null) {
      return true;
    }
    for (String other : changed) {
      if (Generations.isNamedAfter(name, other)) {
        return true;
      }
    }
    return false;
  }

  private void countIrrelevant(Watched one, long now) {
    if (now - one.irrelevantSince > CHECK) {
      one.irrelevantSince = now;
      one.irrelevant = 0;
    }
    if (++one.irrelevant > MOST_IRRELEVANT) {
      unwatch(one, now + NOISE_LASTS, TICK_WHILE_NOISY);
    }
  }

  private void countRelevant(Watched one, long now) {
    if (now - one.relevantSince > FLOOD_WITHIN) {
      one.relevantSince = now;
      one.relevant = 0;
      one.floodLasts = FLOOD_LASTS;
    }
    if (++one.relevant > FLOOD) {
      unwatch(one, now + one.floodLasts, TICK_WHILE_FLOODED);
      one.floodLasts = Math.min(2 * one.floodLasts, LONGEST_FLOOD);
    }
  }

  private void unwatch(Watched one, long until, long tick) {
    release(one);
    one.unwatchedUntil = until;
    one.tick = tick;
    nextTick = Math.min(nextTick, System.nanoTime() + tick);
  }

  /** Rings for what is not watched for a while; how long until that is due again. */
  private long ringUnwatched(long now) {
    long tick = CHECK;
    for (Watched one : watched) {
      if (one.unwatchedUntil == 0) {
        continue;
      }
      tick = Math.min(tick, one.tick);
      one.bell.ring();
      if (now - one.unwatchedUntil >= 0) {
        one.unwatchedUntil = 0;
        register(one);
      }
    }
    return tick;
  }

  /** Sees to it that the key is of the directory that the path names now. */
  private void check(Watched one) {
    if (one.unwatchedUntil != 0) {
      return;
    }
    one.resolve();
    Object identity = identityOf(one.directory);
    if (one.key == null || !source.isWatched(one.key) || !Objects.equals(identity, one.identity)) {
      release(one);
      register(one);
    }
  }

  private void register(Watched one) {
    try {
      one.identity = identityOf(one.directory);
      one.key = source.watch(one.directory);
      one.irrelevant = 0;
      one.relevant = 0;
      one.relevantSince = System.nanoTime();
      // What happened before the key was there rang nothing.
      one.bell.ring();
    } catch (IOException _) {
      one.key = null;
    }
  }

  /** Two paths to one directory share one key, so it is cancelled by the last of them. */
  private void release(Watched one) {
    Object key = one.key;
    one.key = null;
    if (key != null && watched.stream().noneMatch(other -> key.equals(other.key))) {
      source.unwatch(key);
    }
  }

  private static Object identityOf(Path directory) {
    try {
      return Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
    } catch (IOException _) {
      return null;
    }
  }
}

package dev.logtap.log;

import dev.logtap.kernel.Inotify;
import dev.logtap.kernel.Inotify.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The kernel itself: who waits is the one that it wakes. Costs tens of milliseconds to begin with. */
final class InotifySource implements ChangeSource {
  private final Inotify inotify;
  private final Set<Integer> watched = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  /** @throws IOException past the system's limit of instances */
  InotifySource() throws IOException {
    inotify = new Inotify();
  }

  @Override
  public Object watch(Path directory) throws IOException {
    Integer watch = inotify.watch(directory);
    watched.add(watch);
    return watch;
  }

  @Override
  public boolean isWatched(Object key) {
    return watched.contains((Integer) key);
  }

  @Override
  public void unwatch(Object key) {
    watched.remove((Integer) key);
    inotify.unwatch((Integer) key);
  }

  @Override
  public List<Changes> await(long longest) throws ClosedException {
    List<Event> events;
    try {
      events = ended ? List.of() : inotify.await(longest);
    } catch (IOException e) {
      throw new ClosedException(e);
    }
    if (ended) {
      throw new ClosedException(null);
    }
    List<Changes> changes = new ArrayList<>(events.size());
    for (Event event : events) {
      if (event.watch() == Inotify.ALL) {
        changes.add(new Changes(null, null));
      } else if (event.name() == null) {
        watched.remove(event.watch());
      } else {
        changes.add(new Changes(event.watch(), List.of(event.name())));
      }
    }
    return changes;
  }

  @Override
  public void wake(Thread waiting) {
    inotify.wake();
  }

  @Override
  public void end() {
    ended = true;
    inotify.wake();
  }

  @Override
  public void close() {
    inotify.close();
  }
}

package dev.logtap.log;

import dev.logtap.kernel.Inotify;
import dev.logtap.kernel.Inotify.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    return events.isEmpty() ? List.of() : byDirectory(events);
  }

  private List<Changes> byDirectory(List<Event> events) {
    Map<Integer, List<String>> names = new LinkedHashMap<>();
    for (Event event : events) {
      if (event.watch() == Inotify.ALL) {
        return List.of(new Changes(null, null));
      }
      if (event.name() == null) {
        watched.remove(event.watch());
      } else {
        names.computeIfAbsent(event.watch(), _ -> new ArrayList<>()).add(event.name());
      }
    }
    List<Changes> changes = new ArrayList<>(names.size());
    names.forEach((watch, of) -> changes.add(new Changes(watch, of)));
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

package dev.logtap.log;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Java's own: it is there on each system, and quick to begin. On Linux a thread of the JDK's reads from inotify. */
final class WatchServiceSource implements ChangeSource {
  private final WatchService service;

  /** @throws IOException where the system gives none, for example past its limit of inotify instances */
  WatchServiceSource() throws IOException {
    service = FileSystems.getDefault().newWatchService();
  }

  @Override
  public Object watch(Path directory) throws IOException {
    try {
      return directory.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
    } catch (ClosedWatchServiceException e) {
      throw new IOException(e);
    }
  }

  @Override
  public boolean isWatched(Object key) {
    return ((WatchKey) key).isValid();
  }

  @Override
  public void unwatch(Object key) {
    try {
      ((WatchKey) key).cancel();
    } catch (ClosedWatchServiceException _) {
      // Closing has cancelled it.
    }
  }

  @Override
  public List<Changes> await(long longest) throws InterruptedException, ClosedException {
    try {
      WatchKey key = service.poll(longest, TimeUnit.NANOSECONDS);
      if (key == null) {
        return List.of();
      }
      List<String> names = namesOf(key.pollEvents());
      key.reset();
      return List.of(new Changes(key, names));
    } catch (ClosedWatchServiceException e) {
      throw new ClosedException(e);
    }
  }

  /** Null where there were too many. */
  private static List<String> namesOf(List<WatchEvent<?>> events) {
    List<String> names = new ArrayList<>(events.size());
    for (WatchEvent<?> event : events) {
      if (!(event.context() instanceof Path name)) {
        return null;
      }
      names.add(name.toString());
    }
    return names;
  }

  @Override
  public void wake(Thread waiting) {
    waiting.interrupt();
  }

  @Override
  public void end() throws IOException {
    service.close();
  }

  @Override
  public void close() {
    // Its end was all of it.
  }
}

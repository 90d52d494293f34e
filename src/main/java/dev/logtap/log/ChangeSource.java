package dev.logtap.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells of changes in directories, to {@link DirectoryWatch}. One thread at a time waits in {@link #await}; all else may be
 * called by any thread, meanwhile as well.
 */
interface ChangeSource extends Closeable {

  /**
   * What has happened in one directory.
   *
   * @param key as {@link #watch} gave it; null for any directory
   * @param names of files; null for any file
   */
  record Changes(Object key, List<String> names) {}

  /** Begins to watch a directory; two paths to the same one have equal keys. */
  Object watch(Path directory) throws IOException;

  /** Whether the directory is still watched. */
  boolean isWatched(Object key);

  void unwatch(Object key);

  /**
   * Waits for changes, for a call of {@link #wake} or an interrupt; for so many nanoseconds at most.
   *
   * @throws ClosedException when the watch has ended
   */
  List<Changes> await(long longest) throws InterruptedException, ClosedException;

  /** Ends the wait of the thread that is in {@link #await} or about to be. */
  void wake(Thread waiting);

  /** Lets {@link #await} throw from now on. It is closed when nobody waits there any more. */
  void end() throws IOException;

  /** The watch has ended. */
  final class ClosedException extends Exception {
    private static final long serialVersionUID = 1;

    ClosedException(Throwable cause) {
      super(cause);
    }
  }
}

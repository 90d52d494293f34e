package dev.logtap.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryWatchTest {
  @TempDir Path directory;

  private DirectoryWatch watch;
  private LogFiles files;
  private final Bell bell = new Bell();

  /** What {@link InotifyWatchTest} does otherwise. */
  DirectoryWatch open() throws IOException {
    return DirectoryWatch.open();
  }

  @BeforeEach
  void openWatch() throws IOException {
    watch = open();
    files = new LogFiles(Files.createDirectory(directory.resolve("logs")));
  }

  @AfterEach
  void closeWatch() throws IOException {
    watch.close();
  }

  private enum Change {
    WRITTEN {
      @Override
      void apply(LogFiles files) throws IOException {
        files.append("more\n");
      }
    },
    TRUNCATED {
      @Override
      void apply(LogFiles files) throws IOException {
        files.truncate();
      }
    },
    DELETED {
      @Override
      void apply(LogFiles files) throws IOException {
        files.delete(LogFiles.LIVE);
      }
    },
    RENAMED {
      @Override
      void apply(LogFiles files) throws IOException {
        files.rename(LogFiles.LIVE, ".2");
      }
    },
    REPLACED {
      @Override
      void apply(LogFiles files) throws IOException {
        Path other = Files.createFile(files.directory.resolveSibling("other"));
        Files.move(other, files.live, StandardCopyOption.ATOMIC_MOVE);
      }
    },
    ROTATED_FILE_WRITTEN {
      @Override
      void apply(LogFiles files) throws IOException {
        files.append(".1", "late\n");
      }
    },
    ROTATED_FILE_MADE {
      @Override
      void apply(LogFiles files) throws IOException {
        files.append("-20261123", "");
      }
    };

    abstract void apply(LogFiles files) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void a_change_of_the_log_or_of_a_rotated_file_rings(Change change) throws IOException {
    files.append("live\n").append(".1", "rotated\n");
    watch.ringOnChange(files.log, bell);
    assertRings();

    change.apply(files);

    assertRings();
  }

  @Test
  void a_log_that_appears_rings() throws IOException {
    watch.ringOnChange(files.log, bell);
    assertRings();

    files.append("");

    assertRings();
  }

  @ParameterizedTest
  @ValueSource(strings = {"other.log", "app.log2", "my-app.log"})
  void two_logs_in_one_directory_ring_one_bell_each(String name) throws IOException {
    AllowedLog other = new AllowedLog(new LogName("other"), files.directory.resolve(name), false);
    Bell otherBell = new Bell();
    watch.ringOnChange(other, otherBell);
    watch.ringOnChange(files.log, bell);
    assertRings();
    assertTrue(watch.await(otherBell, Await.DEADLINE));

    files.append("one\n");

    // They are seen to in the order in which they came.
    assertRings();
    assertFalse(watch.await(otherBell, Duration.ZERO));

    Files.writeString(other.path(), "two\n");

    assertTrue(watch.await(otherBell, Await.DEADLINE));
  }

  @Test
  void a_forgotten_bell_is_silent_and_its_neighbour_is_not() throws IOException {
    Bell forgotten = new Bell();
    watch.ringOnChange(files.log, forgotten);
    watch.ringOnChange(files.log, bell);
    assertTrue(watch.await(forgotten, Await.DEADLINE));
    assertRings();

    watch.forget(forgotten);

    for (int i = 0; i < 3; i++) {
      files.append("more\n");
      assertRings();
    }
    assertFalse(watch.await(forgotten, Duration.ZERO));
  }

  @Test
  void a_directory_that_is_missing_at_first_is_watched_when_it_is_there() throws IOException {
    files = new LogFiles(directory.resolve("later"));
    watch.ringOnChange(files.log, bell);
    assertFalse(watch.await(bell, Duration.ZERO));

    Files.createDirectory(files.directory);

    assertRings();
    assertRingsForEachWrite(files);
  }

  @Test
  void another_directory_at_the_same_path_is_watched_instead() throws IOException {
    files.append("old\n");
    watch.ringOnChange(files.log, bell);
    assertRings();

    Files.move(files.directory, directory.resolve("moved away"));
    Files.createDirectory(files.directory);

    // No event tells of that.
    assertRings();
    assertRingsForEachWrite(files);
  }

  @Test
  void a_directory_that_was_deleted_and_made_again_is_watched() throws IOException {
    watch.ringOnChange(files.log, bell);
    assertRings();

    Files.delete(files.directory);
    Files.createDirectory(files.directory);

    assertRings();
    assertRingsForEachWrite(files);
  }

  @Test
  void the_target_of_a_symbolic_link_is_watched_in_its_own_directory() throws IOException {
    LogFiles target = new LogFiles(Files.createDirectory(directory.resolve("target"))).append("");
    Files.createSymbolicLink(files.live, target.live);
    watch.ringOnChange(new AllowedLog(LogFiles.NAME, files.live, true), bell);
    assertRings();

    assertRingsForEachWrite(target);
  }

  @Test
  void a_link_that_is_set_anew_rings_and_its_new_target_is_watched() throws IOException {
    LogFiles first = new LogFiles(Files.createDirectory(directory.resolve("first"))).append("");
    LogFiles second = new LogFiles(Files.createDirectory(directory.resolve("second"))).append("");
    Files.createSymbolicLink(files.live, first.live);
    watch.ringOnChange(new AllowedLog(LogFiles.NAME, files.live, true), bell);
    assertRings();

    Path link = Files.createSymbolicLink(directory.resolve("link"), second.live);
    Files.move(link, files.live, StandardCopyOption.ATOMIC_MOVE);

    assertRings();
    assertRingsForEachWrite(second);
  }

  @Test
  void a_link_to_nothing_is_watched_when_its_target_is_there() throws IOException {
    LogFiles target = new LogFiles(directory.resolve("target"));
    Files.createSymbolicLink(files.live, target.live);
    watch.ringOnChange(new AllowedLog(LogFiles.NAME, files.live, true), bell);
    assertRings();

    Files.createDirectory(target.directory);
    target.append("");

    assertRings();
    assertRingsForEachWrite(target);
  }

  @Test
  void writes_are_noticed_during_a_flood_of_them_and_after_it() throws IOException {
    files.append("");
    watch.ringOnChange(files.log, bell);
    assertRings();

    for (int i = 0; i < 100; i++) {
      for (int j = 0; j < 20; j++) {
        files.append("one of many\n");
      }
      assertRings();
    }

    Await.until(() -> !watch.await(bell, Duration.ofMillis(100)), () -> "it rings though nothing is written");
    assertRingsForEachWrite(files);
  }

  @Test
  void a_noisy_neighbour_costs_no_ring_and_is_not_listened_to() throws Exception {
    watch.ringOnChange(files.log, bell);
    assertRings();
    AtomicBoolean enough = new AtomicBoolean();
    Thread neighbour = Thread.ofPlatform().start(() -> writeUntil(enough));

    // Nothing of the log has changed: these are the ticks of a directory that is no longer watched.
    for (int i = 0; i < 20; i++) {
      assertRings();
    }
    enough.set(true);
    neighbour.join();

    // It is watched again when it has been quiet for a while.
    Await.until(() -> !watch.await(bell, Duration.ofMillis(500)), () -> "rings on");
    assertRingsForEachWrite(files);
  }

  @Test
  void one_of_those_who_wait_listens_for_all_of_them() throws Exception {
    int waiters = 6;
    int laps = 50;
    List<AllowedLog> logs = new ArrayList<>();
    for (int i = 0; i < waiters; i++) {
      logs.add(new AllowedLog(new LogName("log" + i), files.directory.resolve("log" + i), false));
    }
    CountDownLatch watching = new CountDownLatch(waiters);
    List<Thread> threads = new ArrayList<>();
    AtomicInteger arrived = new AtomicInteger();
    for (int i = 0; i < waiters; i++) {
      AllowedLog mine = logs.get(i);
      Path next = logs.get((i + 1) % waiters).path();
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    Bell own = new Bell();
                    watch.ringOnChange(mine, own);
                    watch.await(own, Duration.ZERO);
                    watching.countDown();
                    for (int lap = 1; lap <= laps; lap++) {
                      while (mine.path().toFile().length() < lap) {
                        if (!watch.await(own, Await.DEADLINE)) {
                          return;
                        }
                      }
                      append(next);
                    }
                    arrived.incrementAndGet();
                  }));
    }
    watching.await();

    append(logs.getFirst().path());

    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(waiters, arrived.get());
  }

  @Test
  void a_ring_ends_the_wait_for_events_and_leaves_no_interrupt() throws Exception {
    watch.ringOnChange(files.log, bell);
    assertRings();
    for (int i = 0; i < 200; i++) {
      Thread ringer = Thread.ofVirtual().start(bell::ring);

      assertRings();

      assertFalse(Thread.currentThread().isInterrupted());
      ringer.join();
    }
  }

  @Test
  void who_waits_when_it_is_closed_is_still_woken_by_a_ring() throws Exception {
    watch.ringOnChange(files.log, bell);
    assertRings();
    Thread waiter = Thread.ofPlatform().start(() -> watch.await(bell, Await.DEADLINE));

    watch.close();
    bell.ring();

    assertTrue(waiter.join(Await.DEADLINE));
    assertFalse(watch.await(bell, Duration.ofMillis(1)));
  }

  @Test
  void closing_gives_back_what_the_system_has_few_of() throws IOException {
    // A user has 128 inotify instances, unless the administrator has given more.
    int instances = Integer.parseInt(Files.readString(Path.of("/proc/sys/fs/inotify/max_user_instances")).strip());
    for (int i = 0; i < Math.min(instances, 1000) + 10; i++) {
      DirectoryWatch another = open();
      another.ringOnChange(files.log, bell);
      another.close();
    }
  }

  // ----

  private void assertRings() {
    assertTrue(watch.await(bell, Await.DEADLINE));
  }

  /** More often than a ring can be left over from what was before. */
  private void assertRingsForEachWrite(LogFiles written) throws IOException {
    for (int i = 0; i < 4; i++) {
      written.append("more\n");
      assertRings();
    }
  }

  private void writeUntil(AtomicBoolean enough) {
    try {
      Path other = files.directory.resolve("neighbour.log");
      while (!enough.get()) {
        Files.writeString(other, "noise\n");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void append(Path file) {
    try {
      Files.writeString(file, "x", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

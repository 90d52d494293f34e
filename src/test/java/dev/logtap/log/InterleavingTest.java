package dev.logtap.log;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a follower sees of a rotation, and whenever, each line comes once and in its order. */
class InterleavingTest {
  @TempDir Path directory;

  @Test
  void no_line_is_lost_or_repeated_wherever_a_look_falls() throws Exception {
    run(Integer.getInteger("logtap.seed", 0), 40);
  }

  @Test
  @Tag("soak")
  void no_line_is_lost_or_repeated_wherever_a_look_falls_for_long() throws Exception {
    for (int seed = 1000; seed < 5000; seed += 100) {
      run(seed, 100);
    }
  }

  /** All at once, because most of the time is spent in waiting for old files to be quiet. */
  private void run(int firstSeed, int seeds) throws Exception {
    List<Callable<Void>> runs = new ArrayList<>();
    for (int seed = firstSeed; seed < firstSeed + seeds; seed++) {
      InterleavedRotation rotation = new InterleavedRotation(Files.createDirectory(directory.resolve("" + seed)), seed);
      runs.add(
          () -> {
            rotation.run(300);
            return null;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(seeds)) {
      for (Future<Void> run : threads.invokeAll(runs)) {
        run.get();
      }
    }
  }
}

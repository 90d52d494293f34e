package dev.logtap.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import dev.logtap.log.AllowedLog;
import dev.logtap.log.LogName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A disk that does not answer is a latch here: to the reading thread it is all the same. */
class FileReadsTest {
  private static final AllowedLog LOG = logNamed("app");
  private static final AllowedLog OTHER = logNamed("other");
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofMinutes(1);

  private final CountDownLatch disk = new CountDownLatch(1);

  /** How many reads have come to the disk. */
  private final AtomicInteger begun = new AtomicInteger();

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  private static AllowedLog logNamed(String name) {
    return new AllowedLog(new LogName(name), Path.of("/var/log", name), false);
  }

  @AfterEach
  void mendDisk() {
    disk.countDown();
    callers.close();
  }

  /** Does not come back before the disk does. */
  private String read() throws InterruptedException {
    begun.incrementAndGet();
    disk.await();
    return "read";
  }

  /** That of a machine that stands still until so many reads have begun: no thread is too late for them. */
  private LongSupplier clockFrom(int many) {
    long start = System.nanoTime();
    return () -> begun.get() < many ? start : System.nanoTime();
  }

  @Test
  void read_gives_its_result_or_what_it_threw() throws IOException {
    try (FileReads reads = new FileReads(LONG)) {
      assertEquals(7, reads.call(LOG, () -> 7));
      IOException e =
          assertThrows(
              IOException.class,
              () ->
                  reads.call(
                      LOG,
                      () -> {
                        throw new IOException("the file has changed");
                      }));
      assertEquals("the file has changed", e.getMessage());
    }
  }

  @Test
  void log_is_read_while_all_reads_of_another_are_stalled() throws Exception {
    try (FileReads reads = new FileReads(LONG)) {
      List<Future<String>> stalled = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        stalled.add(callers.submit(() -> reads.call(LOG, this::read)));
      }
      assertEquals(1, reads.call(OTHER, () -> 1));
      disk.countDown();
      for (Future<String> one : stalled) {
        assertEquals("read", one.get());
      }
    }
  }

  @Test
  void time_behind_others_that_are_read_is_not_the_disks() throws Exception {
    Duration longest = Duration.ofSeconds(2);
    long start = System.nanoTime();
    try (FileReads reads = new FileReads(longest)) {
      List<Future<Integer>> many = new ArrayList<>();
      for (int i = 0; i < 96; i++) {
        // Rounds of four: together they take longer than one may, and each of them far less.
        many.add(
            callers.submit(
                () ->
                    reads.call(
                        LOG,
                        () -> {
                          Thread.sleep(longest.dividedBy(20));
                          return 1;
                        })));
      }
      for (Future<Integer> one : many) {
        assertEquals(1, one.get());
      }
      assertTrue(System.nanoTime() - start > longest.toNanos());
    }
  }

  @Test
  void what_a_stalled_read_works_on_is_released_by_its_thread_after_it() throws Exception {
    BlockingQueue<String> results = new ArrayBlockingQueue<>(1);
    BlockingQueue<Thread> releasing = new ArrayBlockingQueue<>(1);
    try (FileReads reads = new FileReads(SHORT, clockFrom(1))) {
      assertThrows(
          AbandonedReadException.class,
          () ->
              reads.call(
                  LOG,
                  this::read,
                  result -> {
                    releasing.add(Thread.currentThread());
                    results.add(result);
                  }));
      assertTrue(releasing.isEmpty(), "released under the read");
      disk.countDown();
      assertEquals("read", results.poll(Await.DEADLINE.toMillis(), TimeUnit.MILLISECONDS));
      assertNotSame(Thread.currentThread(), releasing.remove());
    }
  }

  @Test
  void what_a_read_that_never_began_would_work_on_is_released_too() throws Exception {
    AtomicInteger released = new AtomicInteger();
    int many = 20;
    int threads = 4;
    try (FileReads reads = new FileReads(SHORT, clockFrom(threads))) {
      List<Future<String>> stalled = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        stalled.add(callers.submit(() -> reads.call(LOG, this::read, _ -> released.incrementAndGet())));
      }
      for (Future<String> one : stalled) {
        assertThrows(Exception.class, one::get);
      }
      assertEquals(0, released.get());
      disk.countDown();
      Await.until(() -> released.get() == many, () -> released + " are released");
      assertEquals(threads, begun.get(), "nobody waits for the others any more");
    }
  }

  @Test
  void interrupted_caller_leaves_what_it_read_to_the_thread() throws Exception {
    AtomicInteger released = new AtomicInteger();
    try (FileReads reads = new FileReads(LONG)) {
      Future<Boolean> interrupted =
          callers.submit(
              () -> {
                Thread caller = Thread.currentThread();
                assertThrows(
                    AbandonedReadException.class,
                    () ->
                        reads.call(
                            LOG,
                            () -> {
                              caller.interrupt();
                              return read();
                            },
                            _ -> released.incrementAndGet()));
                return Thread.interrupted();
              });
      assertTrue(interrupted.get(), "the interrupt is kept");
      assertEquals(0, released.get());
      disk.countDown();
      Await.until(() -> released.get() == 1, () -> "it is not released");
    }
  }
}

package dev.logtap.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ServerLogTest {
  private static final Pattern MISSING =
      Pattern.compile("logtap: (\\d+) lines were not written because stderr took none");

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  /** Fails, or waits, as long as it is told to. */
  private static final class Moody extends OutputStream {
    final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    final CountDownLatch goOn = new CountDownLatch(1);
    final CountDownLatch stalled = new CountDownLatch(1);
    volatile boolean broken;
    volatile int attempts;

    @Override
    public void write(int b) {
      throw new AssertionError("one byte at a time");
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      // In this order: who has seen the attempt may mend what it met.
      boolean fails = broken;
      attempts++;
      if (fails) {
        throw new IOException("Broken pipe");
      }
      stalled.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      taken.write(bytes, from, count);
    }

    List<String> lines() {
      return taken.toString(StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** One that writes all that was said, however late its thread gets the processor. */
  private static ServerLog patient(OutputStream err, boolean levels) {
    return new ServerLog(err, levels, Await.DEADLINE);
  }

  @Test
  void one_of_errors_says_nothing_else() {
    try (ServerLog log = ServerLog.ofErrors(written)) {
      log.info("127.0.0.1:53122 GET / 200");
      log.warning("app", "'/srv/app.log' has been replaced; following the new file");
      log.error("app", "no");
      // What came before it would stand before it.
      Await.until(() -> written.size() > 0, () -> "nothing written");
    }
    assertEquals("logtap: app: no\n", text());
  }

  @Test
  void every_line_has_its_level_when_journald_reads_it() {
    try (ServerLog log = patient(written, true)) {
      log.info("listening on http://127.0.0.1:8000");
      log.warning("app", "'/srv/app.log' does not exist");
      log.error("certificate", "it can't be read; the old one stays");
    }

    assertEquals(
        """
        <6>logtap: listening on http://127.0.0.1:8000
        <4>logtap: app: '/srv/app.log' does not exist
        <3>logtap: certificate: it can't be read; the old one stays
        """,
        text());
  }

  @Test
  void line_has_no_level_elsewhere() {
    try (ServerLog log = patient(written, false)) {
      log.info("one");
      log.warning("two", "three");
      log.error("four", "five");
    }

    assertEquals("logtap: one\nlogtap: two: three\nlogtap: four: five\n", text());
  }

  @Test
  void stranger_can_neither_begin_a_line_nor_reach_the_terminal() {
    try (ServerLog log = patient(written, true)) {
      log.info("access: \"GET /\r\n<3>logtap: forged\u001b[2J\u009b1m\u202e\u0000 \ud800\u00e9 HTTP/1.1\"");
      log.warning("a\nb", "c\nd");
    }

    assertEquals(
        """
        <6>logtap: access: "GET /^M^J<3>logtap: forged^[[2J\\u{9b}1m\\u{202e}^@ ?\u00e9 HTTP/1.1"
        <4>logtap: a^Jb: c^Jd
        """,
        text());
  }

  @Test
  void line_of_any_length_is_cut() {
    try (ServerLog log = patient(written, false)) {
      log.info("x".repeat(5 << 20));
      log.info("next");
    }

    assertEquals("logtap: " + "x".repeat(4096) + "...\nlogtap: next\n", text());
  }

  @Test
  void lines_of_one_thread_keep_their_order_and_those_of_many_stay_whole() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    try (ServerLog log = patient(written, false)) {
      for (String name : List.of("a", "b", "c", "d")) {
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (int i = 0; i < 2000; i++) {
                        log.info(name + " " + i);
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }

    List<String> lines = text().lines().toList();
    assertEquals(8000, lines.size());
    for (String name : List.of("a", "b", "c", "d")) {
      List<String> ours = lines.stream().filter(line -> line.startsWith("logtap: " + name + " ")).toList();
      assertEquals(2000, ours.size());
      for (int i = 0; i < 2000; i++) {
        assertEquals("logtap: " + name + " " + i, ours.get(i));
      }
    }
  }

  @Test
  void nobody_waits_for_a_full_pipe_and_the_number_of_missing_lines_is_said_in_their_place() throws IOException {
    int said = 50_000;
    Pipe pipe = Pipe.open();
    ServerLog log = new ServerLog(Channels.newOutputStream(pipe.sink()), false);

    assertTimeout(
        Await.DEADLINE,
        () -> {
          for (int i = 0; i < said; i++) {
            log.info(numbered(i));
          }
        });
    BufferedReader reader = new BufferedReader(Channels.newReader(pipe.source(), StandardCharsets.UTF_8));
    int got = 0;
    String line = reader.readLine();
    for (; line.equals("logtap: " + numbered(got)); line = reader.readLine()) {
      got++;
    }
    Matcher missing = MISSING.matcher(line);
    assertTrue(missing.matches(), line);
    assertEquals(said, got + Integer.parseInt(missing.group(1)));
    // One more had no room, even if none of them was taken meanwhile.
    assertTrue((got + 1) * 100 > 1 << 20, "a pause of the reader's cost lines after " + got);
    log.info("and on");
    assertEquals("logtap: and on", reader.readLine());

    log.close();
    pipe.sink().close();
    assertNull(reader.readLine());
    pipe.source().close();
  }

  @Test
  void memory_is_bounded_while_nothing_is_taken() throws InterruptedException {
    Moody err = new Moody();
    ServerLog log = patient(err, false);
    log.info("first");
    err.stalled.await();
    for (int i = 0; i < 50_000; i++) {
      log.info(numbered(i));
    }

    err.goOn.countDown();
    log.close();

    assertTrue(err.taken.size() <= (1 << 20) + 200, () -> err.taken.size() + " bytes were kept");
  }

  @Test
  void end_does_not_wait_long_for_a_full_pipe() throws IOException {
    Pipe pipe = Pipe.open();
    ServerLog log = new ServerLog(Channels.newOutputStream(pipe.sink()), false);
    for (int i = 0; i < 5_000; i++) {
      log.info(numbered(i));
    }

    assertTimeout(Duration.ofSeconds(5), log::close);

    pipe.source().close();
    pipe.sink().close();
    awaitNoThread();
  }

  @Test
  void broken_stderr_disturbs_nobody_and_is_not_written_to_all_the_time() {
    Moody err = new Moody();
    err.broken = true;
    long begun = System.nanoTime();
    ServerLog log = new ServerLog(err, false);

    log.info("lost");
    Await.until(() -> err.attempts > 0, () -> "no attempt");
    for (int i = 0; i < 10_000; i++) {
      log.info(numbered(i));
    }
    assertTimeout(Duration.ofSeconds(5), log::close);

    // A second lies between any two.
    long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
    assertTrue(err.attempts <= 2 + seconds, () -> err.attempts + " attempts in " + seconds + " s");
    awaitNoThread();
  }

  @Test
  void stderr_that_works_again_is_told_how_many_lines_it_missed() {
    Moody err = new Moody();
    err.broken = true;
    err.goOn.countDown();
    try (ServerLog log = patient(err, true)) {
      log.info("one");
      Await.until(() -> err.attempts > 0, () -> "no attempt");
      log.info("two");
      log.info("three");
      err.broken = false;
      Await.until(() -> !err.lines().isEmpty(), () -> "nothing written after " + err.attempts + " attempts");
      log.info("four");
    }

    assertEquals(
        List.of("<4>logtap: 3 lines were not written because stderr took none", "<6>logtap: four"), err.lines());
  }

  @Test
  void its_thread_ends_when_it_is_closed_and_what_is_said_later_is_not_kept() {
    ServerLog log = patient(written, false);
    log.info("one");

    log.close();
    log.info("two");

    assertEquals("logtap: one\n", text());
    awaitNoThread();
  }

  private static void awaitNoThread() {
    Await.until(
        () -> Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().equals("stderr")),
        () -> Thread.getAllStackTraces().keySet().toString());
  }

  /** 100 bytes as it is written. */
  private static String numbered(int number) {
    return String.format("%091d", number);
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }
}

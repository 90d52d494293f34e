package dev.logtap.demo;

import dev.logtap.log.AllowedLog;
import dev.logtap.log.LogName;
import dev.logtap.railway.Entry;
import dev.logtap.railway.EnvironmentSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sample logs that grow, and a sample environment, from {@link #begin} until {@link #close}. Runs one platform thread,
 * {@code demo}. Each method may be called by any thread.
 */
public final class Demo implements Closeable {
  /** The name that the environment has. */
  public static final String ENVIRONMENT = "demo";

  /** There is something to look at from the first moment on. */
  private static final Duration HISTORY = Duration.ofMinutes(3);

  /** A full disk may have room again. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final Folder folder;
  private final LogWriter writer;
  private final Timeline<Line> lines;
  private final Timeline<Entry> entries;
  private final String environmentId;
  private final SampleEnvironment environment;
  private final Consumer<String> trouble;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  private Demo(Folder folder, LogWriter writer, long seed, Instant from, Consumer<String> trouble) {
    this.folder = folder;
    this.writer = writer;
    Dice dice = new Dice(seed);
    Project project = new Project(dice);
    this.lines = new Timeline<>(new Shop(new Dice(seed)), Line::time, from);
    this.entries = new Timeline<>(project, Entry::time, from);
    this.environmentId = Service.uuid(dice);
    this.environment = new SampleEnvironment(project.services());
    this.trouble = trouble;
    this.thread = Thread.ofPlatform().name("demo").unstarted(this::run);
  }

  /**
   * Makes the folder and all in it, with a history of some minutes, and goes on writing.
   *
   * @param parent where the folder is made
   * @param trouble is given a sentence when the logs can't be written, once until they can again; called by the demo's thread
   * @throws IOException where that fails
   */
  public static Demo begin(Path parent, long seed, Consumer<String> trouble) throws IOException {
    Instant now = Instant.now();
    Folder folder = Folder.make(parent);
    Demo demo = null;
    try {
      // Half of the formats name no zone: nobody who reads them could tell another one from UTC.
      LogWriter writer = new LogWriter(folder.path(), ZoneOffset.UTC, now);
      demo = new Demo(folder, writer, seed, now.minus(HISTORY), trouble);
      demo.advance(now);
      demo.thread.start();
      return demo;
    } catch (IOException e) {
      (demo == null ? folder : demo).close();
      throw e;
    }
  }

  /** The logs' entries for an allowlist. */
  public List<AllowedLog> logs() {
    List<AllowedLog> logs = new ArrayList<>();
    for (SampleLog log : SampleLog.values()) {
      logs.add(new AllowedLog(new LogName(log.text), LogWriter.pathOf(folder.path(), log), false));
    }
    return logs;
  }

  /** Where they are. */
  public Path folder() {
    return folder.path();
  }

  /** The environment's id. */
  public String environmentId() {
    return environmentId;
  }

  /** Where the environment is to be had. */
  public EnvironmentSource source() {
    return environment;
  }

  private void run() {
    boolean failing = false;
    try {
      Duration pause = Duration.ZERO;
      while (!closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          pause = advance(Instant.now());
          failing = false;
        } catch (IOException e) {
          if (!failing) {
            trouble.accept("the sample logs below '" + folder.path() + "' can't be written: " + e.getMessage());
          }
          failing = true;
          pause = AFTER_FAILURE;
        }
      }
    } catch (InterruptedException _) {
      // Nobody of ours does that.
      Thread.currentThread().interrupt();
    }
  }

  /** Has everything happen up to now; how long nothing does then. */
  private Duration advance(Instant now) throws IOException {
    environment.add(entries.until(now));
    writer.write(lines.until(now));
    writer.rotate(now);
    Instant next = lines.next().isBefore(entries.next()) ? lines.next() : entries.next();
    return Duration.between(now, next);
  }

  /** Ends it, and removes all that it has made. */
  @Override
  public void close() throws IOException {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    try (folder) {
      writer.close();
    }
  }
}

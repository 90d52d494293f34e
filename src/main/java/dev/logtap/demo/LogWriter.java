package dev.logtap.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Writes the sample logs and rotates each once a minute, one after the other. For one thread. */
final class LogWriter implements Closeable {
  private static final Duration BETWEEN_ROTATIONS = Duration.ofMinutes(1);

  private final ZoneId zone;
  private final Map<SampleLog, LogFile> files = new EnumMap<>(SampleLog.class);
  private final Map<SampleLog, Instant> rotations = new EnumMap<>(SampleLog.class);

  /** @param zone the machine's, as programs write times */
  LogWriter(Path folder, ZoneId zone, Instant now) throws IOException {
    this.zone = zone;
    Instant rotation = now;
    try {
      for (SampleLog log : SampleLog.values()) {
        files.put(log, new LogFile(pathOf(folder, log)));
        rotation = rotation.plus(BETWEEN_ROTATIONS.dividedBy(SampleLog.values().length));
        rotations.put(log, rotation);
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  static Path pathOf(Path folder, SampleLog log) {
    return folder.resolve(log.text + ".log");
  }

  /** @param lines in the order of time */
  void write(List<Line> lines) throws IOException {
    Map<SampleLog, StringBuilder> texts = new EnumMap<>(SampleLog.class);
    for (Line line : lines) {
      texts.computeIfAbsent(line.log(), _ -> new StringBuilder()).append(line.text(zone)).append('\n');
    }
    for (Map.Entry<SampleLog, StringBuilder> text : texts.entrySet()) {
      files.get(text.getKey()).append(text.getValue().toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Rotates what is due. */
  void rotate(Instant now) throws IOException {
    for (Map.Entry<SampleLog, Instant> rotation : rotations.entrySet()) {
      if (!rotation.getValue().isAfter(now)) {
        rotation.setValue(now.plus(BETWEEN_ROTATIONS));
        files.get(rotation.getKey()).rotate();
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (LogFile file : files.values()) {
      file.close();
    }
  }
}

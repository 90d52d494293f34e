package dev.logtap.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.logtap.Await;
import dev.logtap.log.Reading.Gap;
import dev.logtap.log.Reading.Lines;
import dev.logtap.log.Reading.Notice;
import dev.logtap.log.Reading.Trouble;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One follower's life, and what it has given out so far. */
final class Session implements AutoCloseable {
  /** Stands in {@link #text} where a gap came. */
  static final String GAP = "-- gap --\n";

  private static final long MOST_BEHIND = 64 << 20;

  private final Follower follower;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private final List<String> gaps = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();

  Session(Follower follower) {
    this.follower = follower;
  }

  static Session fromTheStart(LogFiles files) {
    return new Session(Follower.fromLastLines(files.log, LastLines.ALL));
  }

  static Session resume(LogFiles files, String cursor) {
    return resume(files, cursor, MOST_BEHIND, 0);
  }

  static Session resume(LogFiles files, String cursor, long mostBehind, long lines) {
    return new Session(Follower.resume(files.log, Cursor.parse(LogFiles.NAME, cursor), mostBehind, lines));
  }

  /** Takes one reading; false when there is nothing now. */
  boolean step() {
    switch (follower.next()) {
      case null -> {
        return false;
      }
      case Lines lines -> text.write(lines.bytes(), lines.from(), lines.length());
      case Gap(String why) -> {
        gaps.add(why);
        text.writeBytes(GAP.getBytes(StandardCharsets.UTF_8));
      }
      case Notice(String sentence) -> notices.add(sentence);
      case Trouble trouble -> notices.add(trouble.sentence());
    }
    return true;
  }

  Session drain() {
    while (step()) {
      // What is there is taken at once.
    }
    return this;
  }

  /** Waits until all of this, and nothing else, has been given out. */
  Session awaitText(String expected) {
    Await.until(() -> drain().text.size() >= expected.length(), () -> "expected:\n" + expected + "\n" + this);
    assertEquals(expected, text(), this::toString);
    return this;
  }

  /** Waits until what has been given out ends so. */
  Session awaitEnd(String end) {
    Await.until(() -> text().endsWith(end) || step() && drain().text().endsWith(end), this::toString);
    return this;
  }

  /** The unfinished lines that were held back. */
  Session takeRest() {
    for (Lines rest = follower.rest(); rest != null; rest = follower.rest()) {
      text.write(rest.bytes(), rest.from(), rest.length());
    }
    return this;
  }

  String text() {
    return text.toString(StandardCharsets.UTF_8);
  }

  List<String> gaps() {
    return gaps;
  }

  List<String> notices() {
    return notices;
  }

  Cursor cursor() {
    return follower.cursor();
  }

  /** Ends it and says from where another process can go on. */
  String stop() {
    String cursor = follower.cursor().toString();
    follower.close();
    return cursor;
  }

  @Override
  public void close() {
    follower.close();
  }

  @Override
  public String toString() {
    String all = text();
    return "text:\n" + (all.length() < 4000 ? all : "..." + all.substring(all.length() - 4000))
        + "\ngaps: " + gaps + "\nnotices: " + notices;
  }
}

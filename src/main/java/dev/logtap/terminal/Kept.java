package dev.logtap.terminal;

import dev.logtap.render.Source;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The last lines that came, shown or not, as many as fit into a bound; each has a number that stays. They are kept as bytes in
 * pages: as objects they would take twice the room, and the garbage collector as long to walk over them as a key may wait.
 */
final class Kept {
  private static final int PAGE = 64 << 10;
  private static final int NONE = -1;
  private static final Level[] LEVELS = Level.values();

  private final long mostBytes;

  /** In the order of their lines, none of them empty. */
  private final List<Page> pages = new ArrayList<>();

  /** Those that lines are from, as pages number them. */
  private final List<Source> sources = new ArrayList<>();

  private long bytes;

  /** Behind the newest. */
  private long to;

  private long dropped;

  /** @param mostBytes what the pages may take together; the newest is there in any case */
  Kept(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  void add(Line line) {
    byte[] text = line.text().getBytes(StandardCharsets.UTF_8);
    if (pages.isEmpty() || !pages.getLast().hasRoomFor(text.length)) {
      turnPage(text.length);
    }
    int level = line.level() == null ? NONE : line.level().ordinal();
    pages.getLast().add(text, numberOf(line.source()), level, line.time().getEpochSecond());
    to++;
  }

  private void turnPage(int text) {
    int size = Math.max(PAGE, Page.sizeFor(text));
    bytes += size;
    // What is old is dear to collect: where the bound is reached, the oldest page is written anew.
    ByteBuffer room = null;
    while (bytes > mostBytes && !pages.isEmpty()) {
      Page oldest = pages.removeFirst();
      room = oldest.bytes();
      bytes -= room.capacity();
      dropped += oldest.behind() - oldest.first();
    }
    boolean fits = room != null && room.capacity() == size;
    pages.add(new Page(to, fits ? room : ByteBuffer.allocate(size)));
  }

  private int numberOf(Source source) {
    if (source == null) {
      return NONE;
    }
    int number = sources.indexOf(source);
    if (number < 0) {
      number = sources.size();
      sources.add(source);
    }
    return number;
  }

  void clear() {
    pages.clear();
    bytes = 0;
  }

  /** The number of the oldest. */
  long from() {
    return pages.isEmpty() ? to : pages.getFirst().first();
  }

  long to() {
    return to;
  }

  /** How many there was no room for any more. */
  long dropped() {
    return dropped;
  }

  Line get(long number) {
    Page page = pages.get(pageOf(number));
    int source = page.source(number);
    int level = page.level(number);
    return new Line(
        source == NONE ? null : sources.get(source),
        level == NONE ? null : LEVELS[level],
        Instant.ofEpochSecond(page.seconds(number)),
        new String(page.text(number), StandardCharsets.UTF_8));
  }

  private int pageOf(long number) {
    int low = 0;
    int high = pages.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (pages.get(middle).first() <= number) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}

package dev.logtap.cli;

import dev.logtap.client.Target;
import dev.logtap.protocol.RelayEntry;
import dev.logtap.protocol.ServerMessage;
import dev.logtap.render.Source;
import dev.logtap.terminal.Line;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/**
 * What has come and is not shown yet, because the live view is paused or slow. Messages stay whole until their lines are
 * asked for, one by one: as objects, a million empty lines would take a hundred times their room. Used by one thread.
 */
final class Waiting implements Outlet {
  /** What comes beyond that waits in the inbox, in the sockets, and at last on the servers. */
  private static final int MOST_BYTES = 16 << 20;

  private static final int OVERHEAD = 300;

  private final Map<Target, Source> sources = new HashMap<>();
  private final Progress progress;
  private final Queue<Message> messages = new ArrayDeque<>();
  private long bytes;
  private long lines;
  private long gaps;

  /** Those that have sent nothing since they were connected: their next lines are what a stream begins with. */
  private final Set<Target> beginning = new HashSet<>();

  /** When environments were connected: what is older is what the stream began with. */
  private final Map<Target, Instant> since = new HashMap<>();

  /** How much of the first message was asked for. */
  private int asked;

  /** Whether the line that was taken last came live. */
  private boolean wasLive;

  /**
   * Lines to be shown.
   *
   * @param source null for a sentence of ours
   * @param entry whose message it is; null for lines of a log
   * @param text a newline behind each line, but for the last one perhaps
   * @param length of what counts of it
   * @param cursor behind it; null for none
   * @param live whether they were written while we listened, and are not what the stream began with
   */
  private record Message(
      Target target, Source source, RelayEntry entry, Instant came, byte[] text, int length, String cursor, boolean live) {
    long size() {
      return OVERHEAD + length;
    }
  }

  Waiting(List<Target> targets, Progress progress) {
    targets.forEach(target -> sources.put(target, Watch.source(target)));
    this.progress = progress;
  }

  /** In the order of the targets. */
  List<Source> sources(List<Target> targets) {
    return targets.stream().map(sources::get).toList();
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  boolean isFull() {
    return bytes > MOST_BYTES;
  }

  /** How many lines wait. */
  long lines() {
    return lines;
  }

  /** How many gaps there were. */
  long gaps() {
    return gaps;
  }

  /** Whether the line that was taken last came live: it is neither ours nor of those that its stream began with. */
  boolean wasLive() {
    return wasLive;
  }

  /** The server has taken us; what it sends first is what there was. */
  void begins(Target target) {
    if (target.relay()) {
      since.put(target, Instant.now());
    } else {
      beginning.add(target);
    }
  }

  @Override
  public void lines(Target target, ServerMessage.Lines lines) {
    add(target, sources.get(target), null, lines.bytes(), lines.length(), lines.cursor(), !beginning.remove(target));
  }

  @Override
  public void entry(Target target, ServerMessage.Entry entry) {
    String message = entry.entry().message() == null ? "" : entry.entry().message();
    byte[] text = (message.isEmpty() ? "\n" : message).getBytes(StandardCharsets.UTF_8);
    add(target, sources.get(target), entry.entry(), text, text.length, entry.cursor(), isLive(target, entry.entry()));
  }

  private boolean isLive(Target target, RelayEntry entry) {
    Instant begin = since.getOrDefault(target, Instant.MIN);
    return !time(entry, Instant.MAX).isBefore(begin);
  }

  @Override
  public void gap(Target target, String why, long dropped) {
    gaps++;
    say(target, Fates.gap(target, why, dropped));
  }

  @Override
  public void say(Target target, String sentence) {
    byte[] text = (target + ": " + sentence).getBytes(StandardCharsets.UTF_8);
    add(target, null, null, text, text.length, null, false);
  }

  private void add(Target target, Source source, RelayEntry entry, byte[] text, int length, String cursor, boolean live) {
    int count = 0;
    for (int i = 0; i < length; i++) {
      if (text[i] == '\n' || i == length - 1) {
        count++;
      }
    }
    Message message = new Message(target, source, entry, Instant.now(), text, length, cursor, live);
    messages.add(message);
    bytes += message.size();
    lines += count;
  }

  /** The next line; null when there is none. */
  Line next() {
    Message message = messages.peek();
    // Without lines, it is there for its cursor.
    while (message != null && message.length() == 0) {
      remove(message);
      message = messages.peek();
    }
    if (message == null) {
      return null;
    }
    int from = asked;
    int to = from;
    while (to < message.length() && message.text()[to] != '\n') {
      to++;
    }
    lines--;
    wasLive = message.live();
    asked = to + 1;
    if (asked >= message.length()) {
      asked = 0;
      remove(message);
    }
    return line(message, from, to);
  }

  private void remove(Message message) {
    messages.remove();
    bytes -= message.size();
    progress.rendered(message.target(), message.cursor());
  }

  private static Line line(Message message, int from, int to) {
    RelayEntry entry = message.entry();
    if (message.source() == null) {
      return Line.ofOurs(message.came(), new String(message.text(), from, to - from, StandardCharsets.UTF_8));
    }
    if (entry == null) {
      return Line.ofLog(message.source(), message.came(), message.text(), from, to);
    }
    String text = new String(message.text(), from, to - from, StandardCharsets.UTF_8);
    return Line.ofEntry(message.source(), time(entry, message.came()), entry.severity(), entry.serviceName(), text);
  }

  /** @param otherwise where it has none */
  private static Instant time(RelayEntry entry, Instant otherwise) {
    try {
      return entry.timestamp() == null ? otherwise : Instant.parse(entry.timestamp());
    } catch (DateTimeParseException _) {
      return otherwise;
    }
  }
}

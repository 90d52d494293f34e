package dev.logtap.relay;

import dev.logtap.railway.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** A client that takes what there is when the test says so. */
final class RelayClient implements AutoCloseable {
  static final String ENVIRONMENT = "environment-id";

  static final Relays.Reports SILENT =
      new Relays.Reports() {
        @Override
        public void trouble(String environmentId, String sentence) {}

        @Override
        public void lost(String environmentId, OptionalLong dropped, String why) {}

        @Override
        public void sweepFailed(String environmentId, String why) {}

        @Override
        public void sweepsAgain(String environmentId) {}

        @Override
        public void failed(String environmentId, Throwable bug) {
          throw new AssertionError(bug);
        }
      };

  private final RelaySubscription subscription;
  private String cursor;

  /** Messages as texts: an entry's message and cursor, or the kind and what it says. */
  static final class Texts implements Encoding {
    @Override
    public ByteBuffer entry(Entry entry, boolean cut, String cursor) {
      return buffer(entry.message() + (cut ? " CUT " : " ") + cursor);
    }

    @Override
    public ByteBuffer gap(OptionalLong dropped, String why) {
      return buffer("GAP " + (dropped.isPresent() ? dropped.getAsLong() + " " : "") + why);
    }

    @Override
    public ByteBuffer status(String status) {
      return buffer("STATUS " + status);
    }

    @Override
    public ByteBuffer error(String sentence) {
      return buffer("ERROR " + sentence);
    }

    private static ByteBuffer buffer(String text) {
      return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  RelayClient(RelaySubscription subscription) {
    this.subscription = subscription;
  }

  static RelayClient last(Relays relays, ToldLogs logs, int entries) throws FullException {
    return new RelayClient(relays.subscribe(logs, ENVIRONMENT, new Ask(Wanted.ALL, new Ask.Begin.Last(entries))));
  }

  static RelayClient wanting(Relays relays, ToldLogs logs, Wanted wanted, int entries) throws FullException {
    return new RelayClient(relays.subscribe(logs, ENVIRONMENT, new Ask(wanted, new Ask.Begin.Last(entries))));
  }

  static RelayClient after(Relays relays, ToldLogs logs, Instant time) throws FullException {
    return new RelayClient(relays.subscribe(logs, ENVIRONMENT, new Ask(Wanted.ALL, new Ask.Begin.After(time))));
  }

  static RelayClient behind(Relays relays, ToldLogs logs, String cursor) throws FullException {
    Ask.Begin begin = new Ask.Begin.Behind(RelayCursor.parse(ENVIRONMENT, cursor));
    return new RelayClient(relays.subscribe(logs, ENVIRONMENT, new Ask(Wanted.ALL, begin)));
  }

  /** What there is without waiting for Railway's answers, a few at most. */
  List<String> takeAtOnce() throws EndedException {
    ByteBuffer[] some = new ByteBuffer[8];
    int count = subscription.take(some);
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      messages.add(StandardCharsets.UTF_8.decode(some[i]).toString());
    }
    return messages;
  }

  /** All there is now, each message without its cursor, which is kept. */
  List<String> take() throws EndedException, InterruptedException {
    return take(Integer.MAX_VALUE);
  }

  /** At most so many messages, a few at a time. */
  List<String> take(int most) throws EndedException, InterruptedException {
    List<String> messages = new ArrayList<>();
    while (messages.size() < most) {
      ByteBuffer[] some = new ByteBuffer[Math.min(8, Math.max(2, most - messages.size()))];
      int count = subscription.take(some);
      if (count == 0) {
        subscription.awaitAnswers();
        count = subscription.take(some);
      }
      if (count == 0) {
        break;
      }
      for (int i = 0; i < count; i++) {
        String text = StandardCharsets.UTF_8.decode(some[i]).toString();
        boolean ours = text.startsWith("GAP ") || text.startsWith("STATUS ") || text.startsWith("ERROR ");
        int space = text.lastIndexOf(' ');
        cursor = ours ? cursor : text.substring(space + 1);
        messages.add(ours ? text : text.substring(0, space));
      }
    }
    return messages;
  }

  /** Behind the last entry that was taken. */
  String cursor() {
    return cursor;
  }

  void filter(Set<String> services, Set<String> severities, String search) {
    subscription.filter(Wanted.of(services, severities, search));
  }

  @Override
  public void close() {
    subscription.close();
  }
}

package dev.logtap.relay;

import dev.logtap.railway.Entry;
import dev.logtap.railway.Page;
import dev.logtap.railway.RailwayException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What clients are told before they join the ring: from the ring where it reaches back far enough, and from what Railway has
 * stored where it does not. Each call has a thread of its own, which waits for Railway's answers and may be interrupted.
 */
final class Beginnings {
  /** A client that comes back gets so many entries at most. */
  private static final int MOST_ENTRIES = 5000;

  /** And so much text, as it lies in memory until the client has taken it. */
  private static final long MOST_BYTES = 8 << 20;

  private static final int PAGE = 5000;

  /** So many stored entries are looked through at most, and pages of large ones are short. */
  private static final int MOST_SEEN = 4 * PAGE;

  private static final int MOST_PAGES = 16;

  /** Each answer may be large, and all lie in memory at once. */
  private static final int AT_ONCE = 2;

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final Semaphore queries = new Semaphore(AT_ONCE, true);

  /**
   * The messages, in order.
   *
   * @param memory of what was told before the cursor, where the client brings one that is not of the ring
   */
  List<Item> of(Relay relay, Relay.Present present, Ask.Begin begin, Wanted wanted, Encoding encoding, Memory memory)
      throws InterruptedException {
    Beginning beginning = new Beginning(relay, present, wanted, encoding);
    return switch (begin) {
      case Ask.Begin.Last(int entries) -> beginning.last(entries);
      case Ask.Begin.After(Instant time) -> beginning.after(time);
      case Ask.Begin.Behind(RelayCursor cursor) -> beginning.behind(cursor, memory);
    };
  }

  /** One client's. */
  private final class Beginning {
    private final Relay relay;
    private final Relay.Present present;
    private final Wanted wanted;
    private final Encoding encoding;

    /** The gap that comes first; null where nothing is missing that the client has a right to. */
    private Item gap;

    Beginning(Relay relay, Relay.Present present, Wanted wanted, Encoding encoding) {
      this.relay = relay;
      this.present = present;
      this.wanted = wanted;
      this.encoding = encoding;
    }

    // ---- the last entries

    List<Item> last(int entries) throws InterruptedException {
      Deque<Item> last = new ArrayDeque<>();
      int missing = entries;
      List<Item> items = present.items();
      for (int i = items.size() - 1; i >= 0 && missing > 0; i--) {
        switch (items.get(i)) {
          case Item.Logged logged when wanted.covers(logged.entry()) -> {
            last.addFirst(logged);
            missing--;
          }
          case Item.Lost lost -> last.addFirst(lost);
          default -> {}
        }
      }
      List<Item> all = new ArrayList<>();
      if (missing > 0 && present.since() != null) {
        List<Fitting> stored = storedBefore(missing).stream().map(Fitting::of).toList();
        all.addAll(encoded(stored, RelayCursor.behind(Long.MIN_VALUE), null));
      }
      all.addAll(last);
      return bounded(all);
    }

    /** The newest stored entries that are wanted and not in the ring, so many at most, oldest first. */
    private List<Entry> storedBefore(int count) throws InterruptedException {
      Deque<Entry> found = new ArrayDeque<>();
      Instant until = present.since();
      Map<Likeness, Integer> known = inRing(null);
      try {
        boolean more = true;
        int seen = 0;
        for (int page = 0; page < MOST_PAGES && more && found.size() < count && seen < MOST_SEEN; page++) {
          int most = wanted.isOfServicesOnly() ? Math.min(PAGE, count - found.size() + known.size()) : PAGE;
          Page stored = query(null, until, most);
          for (Entry entry : unknown(stored.entries(), known).reversed()) {
            if (wanted.covers(entry) && found.size() < count) {
              found.addFirst(entry);
            }
          }
          more = stored.more() && !stored.entries().isEmpty();
          seen += stored.entries().size();
          if (more) {
            until = stored.entries().getFirst().time();
            keepKnown(known, stored.entries(), until);
          }
        }
        if (more && found.size() < count) {
          String why = "older entries were not looked through: the last %,d entries hold no more that match";
          gap = gap(OptionalLong.empty(), String.format(Locale.ROOT, why, seen));
        }
      } catch (RailwayException e) {
        gap = gap(OptionalLong.empty(), "older entries can't be had now: " + e.getMessage());
      }
      return List.copyOf(found);
    }

    // ---- from a place on

    List<Item> after(Instant time) throws InterruptedException {
      long nanos = Recent.nanos(time);
      return behind(RelayCursor.behind(nanos), time, likeness -> likeness.time() > nanos, null);
    }

    List<Item> behind(RelayCursor cursor, Memory memory) throws InterruptedException {
      List<Item> items = present.items();
      if (cursor.epoch() == relay.epoch() && cursor.upTo() == Long.MIN_VALUE) {
        for (int i = items.size() - 1; i >= 0; i--) {
          if (items.get(i) instanceof Item.Logged logged && logged.count().entries() == cursor.number()) {
            return bounded(wanted(items.subList(i + 1, items.size())));
          }
        }
      }
      return behind(cursor, Recent.instant(memory.bound()), memory::isFresh, memory);
    }

    /**
     * What is fresh, in the order of time, after what was lost. The ring's own order would not do: behind an entry there may be
     * some that the client has got from another relay.
     *
     * @param memory null where nothing can have been stored late
     */
    private List<Item> behind(RelayCursor cursor, Instant from, Predicate<Likeness> isFresh, Memory memory)
        throws InterruptedException {
      boolean asks = present.since() != null && from.isBefore(present.since());
      List<Fitting> fresh = new ArrayList<>();
      List<Fitting> others = new ArrayList<>();
      for (Entry entry : asks ? storedSince(from) : List.<Entry>of()) {
        Fitting fitting = Fitting.of(entry);
        (isFresh.test(fitting.likeness()) ? fresh : others).add(fitting);
      }
      List<Item> all = new ArrayList<>();
      for (Item item : present.items()) {
        if (item instanceof Item.Logged logged) {
          boolean isNew = isFresh.test(logged.likeness());
          (isNew ? fresh : others).add(logged.fitting());
          if (fresh.isEmpty()) {
            // What was lost before this one has been told as well.
            all.clear();
          }
        } else if (item instanceof Item.Lost) {
          all.add(item);
        }
      }
      if (memory != null && memory.late() > 0) {
        addLate(memory, others, fresh);
      }
      if (memory != null && memory.isUnsure() && gap == null) {
        gap =
            gap(
                OptionalLong.empty(),
                "more entries came shortly before the cursor than are looked at again: some may have been stored late"
                    + " among them");
      }
      fresh.sort(Comparator.comparing(Fitting::likeness, Comparator.comparingLong(Likeness::time)));
      all.addAll(encoded(fresh, cursor, present.end()));
      return bounded(all);
    }

    private void addLate(Memory memory, List<Fitting> others, List<Fitting> fresh) {
      Likeness one = memory.late() == 1 ? memory.lateOne() : null;
      for (Fitting other : others) {
        if (other.likeness().equals(one)) {
          fresh.add(other);
          return;
        }
      }
      gap = gap(OptionalLong.of(memory.late()), "entries were stored late, among those that came before the cursor");
    }

    /** Stored entries later than this that are not in the ring, oldest first. */
    private List<Entry> storedSince(Instant time) throws InterruptedException {
      Deque<List<Entry>> pages = new ArrayDeque<>();
      Instant until = present.since();
      Map<Likeness, Integer> known = inRing(time);
      int seen = 0;
      try {
        boolean more = true;
        while (more && seen < 2 * PAGE && pages.size() < MOST_PAGES) {
          Page stored = query(time, until, PAGE);
          pages.addFirst(unknown(stored.entries(), known));
          more = stored.more() && !stored.entries().isEmpty();
          seen += stored.entries().size();
          if (more) {
            until = stored.entries().getFirst().time();
            keepKnown(known, stored.entries(), until);
          }
        }
        if (more) {
          gap = gap(OptionalLong.empty(), "so many entries have come since that only the newest are told");
        }
      } catch (RailwayException e) {
        gap = gap(OptionalLong.empty(), "what came in between can't be had now: " + e.getMessage());
      }
      List<Entry> all = new ArrayList<>();
      pages.forEach(all::addAll);
      return all;
    }

    // ---- what all do

    /** The newest of them, as many as a client may get, with what is missing told first. */
    private List<Item> bounded(List<Item> all) {
      long bytes = 0;
      long entries = 0;
      int from = all.size();
      while (from > 0 && entries < MOST_ENTRIES && bytes < MOST_BYTES) {
        from--;
        bytes += all.get(from).frame().limit();
        entries += all.get(from) instanceof Item.Logged ? 1 : 0;
      }
      long left = all.subList(0, from).stream().filter(Item.Logged.class::isInstance).count();
      if (left > 0 && gap == null) {
        gap = gap(OptionalLong.of(left), "so many entries have come since that only the newest are told");
      }
      return gap == null ? all.subList(from, all.size()) : with(gap, all.subList(from, all.size()));
    }

    private List<Item> wanted(List<Item> items) {
      return items.stream()
          .filter(item -> item instanceof Item.Lost || item instanceof Item.Logged logged && wanted.covers(logged.entry()))
          .toList();
    }

    /**
     * Those that are wanted.
     *
     * @param entries in the order of time
     * @param base behind which they come
     * @param end behind the last of them; null where that is no other place than behind the others
     */
    private List<Item> encoded(List<Fitting> entries, RelayCursor base, RelayCursor end) {
      int last = entries.size() - 1;
      while (last >= 0 && !wanted.covers(entries.get(last).entry())) {
        last--;
      }
      List<Item> items = new ArrayList<>();
      long time = base.upTo();
      int count = base.atUpTo();
      for (int i = 0; i <= last; i++) {
        Fitting fitting = entries.get(i);
        count = fitting.likeness().time() == time ? count + 1 : 1;
        time = fitting.likeness().time();
        if (wanted.covers(fitting.entry())) {
          RelayCursor behind = i == last && end != null ? end : base.upTo(time, count);
          ByteBuffer frame = encoding.entry(fitting.entry(), fitting.cut(), behind.text(relay.environmentId()));
          items.add(new Item.Logged(null, fitting, frame));
        }
      }
      return items;
    }

    private Item gap(OptionalLong dropped, String why) {
      return new Item.Lost(null, encoding.gap(dropped, why));
    }

    private static List<Item> with(Item first, List<Item> rest) {
      List<Item> all = new ArrayList<>(List.of(first));
      all.addAll(rest);
      return all;
    }

    /** How often entries like each are in the ring that Railway's answer may hold as well: not later than the ring reaches back. */
    private Map<Likeness, Integer> inRing(Instant after) {
      long until = Recent.nanos(present.since());
      long from = after == null ? Long.MIN_VALUE : Recent.nanos(after);
      Map<Likeness, Integer> known = new HashMap<>();
      for (Item item : present.items()) {
        if (item instanceof Item.Logged logged && logged.likeness().time() <= until && logged.likeness().time() > from) {
          known.merge(logged.likeness(), 1, Integer::sum);
        }
      }
      return known;
    }

    /** The next page begins with what has this very time, and shows again what was there of it. */
    private static void keepKnown(Map<Likeness, Integer> known, List<Entry> page, Instant time) {
      for (Entry entry : page) {
        if (entry.time().equals(time)) {
          known.merge(Likeness.of(entry), 1, Integer::sum);
        }
      }
    }

    private static List<Entry> unknown(List<Entry> entries, Map<Likeness, Integer> known) {
      return entries.stream().filter(entry -> !Likeness.take(known, Likeness.of(entry))).toList();
    }

    private Page query(Instant after, Instant until, int most) throws RailwayException, InterruptedException {
      if (!queries.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new RailwayException("too many clients ask for older entries; try again later", false);
      }
      try {
        Instant bound = Instant.MIN.equals(after) ? null : after;
        return relay.logs().stored(relay.environmentId(), servicesById(), bound, until, most);
      } finally {
        queries.release();
      }
    }

    /** The services as Railway's filter takes them: by id, also of those that are gone and have no name any more. */
    private List<String> servicesById() throws RailwayException, InterruptedException {
      if (wanted.services().isEmpty()) {
        return List.of();
      }
      Map<String, String> names = relay.logs().services(relay.environmentId());
      List<String> ids = new ArrayList<>();
      for (String service : wanted.services()) {
        if (!names.containsValue(service)) {
          ids.add(service);
        }
      }
      names.forEach(
          (id, name) -> {
            if (wanted.services().contains(name) && !ids.contains(id)) {
              ids.add(id);
            }
          });
      return ids;
    }
  }
}

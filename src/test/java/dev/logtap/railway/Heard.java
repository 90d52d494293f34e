package dev.logtap.railway;

import dev.logtap.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What a stream tells a test, in order. */
final class Heard implements Consumer<Happening> {
  private final List<Happening> all = new CopyOnWriteArrayList<>();

  @Override
  public void accept(Happening happening) {
    all.add(happening);
  }

  List<Happening> all() {
    return all;
  }

  /** Of all entries, the stored ones and those that arrived. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (Happening happening : all) {
      if (happening instanceof Happening.Past past) {
        entries.addAll(past.entries());
      } else if (happening instanceof Happening.Arrived arrived) {
        entries.addAll(arrived.entries());
      }
    }
    return entries;
  }

  List<String> messages() {
    return entries().stream().map(Entry::message).toList();
  }

  <T extends Happening> List<T> of(Class<T> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  void await(Predicate<Heard> condition) {
    Await.until(() -> condition.test(this), this::toString);
  }

  void awaitEntries(int count) {
    await(heard -> heard.entries().size() >= count);
  }

  void awaitConnected(int times) {
    await(heard -> heard.of(Happening.Connected.class).size() >= times);
  }

  <T extends Happening> T awaitFirst(Class<T> kind) {
    await(heard -> !heard.of(kind).isEmpty());
    return of(kind).getFirst();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    all.forEach(happening -> text.append(happening).append('\n'));
    return text.toString();
  }
}

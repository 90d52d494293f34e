package dev.logtap.client;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** All streams of a run, from their start to the end of the command. Used by the command's thread. */
public final class Receivers implements Closeable {
  private final Keeper keeper;
  private final List<Thread> threads = new ArrayList<>();

  private Receivers(Keeper keeper) {
    this.keeper = keeper;
  }

  /**
   * Starts one a target; what happens is in the inbox from then on.
   *
   * @param cursors by the targets' keys, of those that go on somewhere
   */
  public static Receivers start(
      Collection<Target> targets, Wanted wanted, Map<String, String> cursors, Terms terms, Inbox inbox) {
    Keeper keeper = new Keeper(terms.tokens(), terms.patience());
    Receivers receivers = new Receivers(keeper);
    for (Target target : targets) {
      Receiver receiver = new Receiver(target, wanted, cursors.get(target.key()), terms, keeper, inbox);
      receivers.threads.add(Thread.ofPlatform().name("watch-" + target).daemon().start(receiver));
    }
    return receivers;
  }

  /** Ends them: hangs up on all servers, and wakes who waits for something else. */
  @Override
  public void close() {
    keeper.close();
    threads.forEach(Thread::interrupt);
  }
}

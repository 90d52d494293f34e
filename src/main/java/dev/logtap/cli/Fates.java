package dev.logtap.cli;

import dev.logtap.client.Event;
import dev.logtap.client.Target;
import dev.logtap.protocol.ServerMessage;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has become of the targets of a {@code watch}: sentences where that changes, and an exit code. Used by one thread. */
final class Fates {
  private final Outlet outlet;

  /** Those of whom was said that they are gone. */
  private final Set<Target> lost = new HashSet<>();

  /** Those who were connected once. */
  private final Set<Target> known = new HashSet<>();

  /** Environments whose server has lost its own source. */
  private final Set<Target> cutOff = new HashSet<>();

  /** When those that are gone are tried again, by the JVM's clock. */
  private final Map<Target, Long> triedAt = new HashMap<>();

  /** What servers told last that is wrong. */
  private final Map<Target, String> troubles = new HashMap<>();

  /** Why those that have ended did. */
  private final Map<Target, String> ended = new HashMap<>();

  private final int targets;
  private int running;
  private int code = ExitCode.DONE;

  Fates(List<Target> targets, Outlet outlet) {
    this.targets = targets.size();
    this.running = this.targets;
    this.outlet = outlet;
  }

  /** Whether any target goes on. */
  boolean isRunning() {
    return running > 0;
  }

  int code() {
    return code;
  }

  /** The same where one ends it who may take it that all went well: a target that never was reached is told. */
  int codeAtQuit() {
    return known.size() < targets ? Math.max(code, ExitCode.FAILED) : code;
  }

  void take(Event event) throws IOException {
    Target target = event.target();
    if (event instanceof Event.Received(Target _, ServerMessage message)) {
      take(target, message);
    } else if (event instanceof Event.Connected) {
      boolean again = !known.add(target);
      triedAt.remove(target);
      if (lost.remove(target)) {
        outlet.say(target, again ? "connected again" : "connected");
      }
    } else if (event instanceof Event.Lost loss) {
      triedAt.put(target, System.nanoTime() + loss.next().toNanos());
      if (lost.add(target)) {
        outlet.say(
            target,
            known.contains(target)
                ? "connection lost (" + loss.why() + "); reconnecting"
                : "can't be reached (" + loss.why() + "); trying again until it can");
      }
    } else if (event instanceof Event.Ended(Target _, Event.Reason reason, String sentence)) {
      running--;
      code = Math.max(code, codeOf(reason));
      ended.put(target, sentence);
      sayEnd(target, sentence);
    }
  }

  /** Of what the server said before, only what is to be done about it. */
  private void sayEnd(Target target, String sentence) throws IOException {
    String said = troubles.get(target);
    if (said == null || !sentence.startsWith(said)) {
      outlet.say(target, sentence);
    } else if (sentence.startsWith("; ", said.length())) {
      outlet.say(target, sentence.substring(said.length() + 2));
    }
  }

  private static int codeOf(Event.Reason reason) {
    return switch (reason) {
      case FAILED -> ExitCode.FAILED;
      case UNKNOWN -> ExitCode.USAGE;
      case REFUSED -> ExitCode.REFUSED;
    };
  }

  private void take(Target target, ServerMessage message) throws IOException {
    if (message instanceof ServerMessage.Lines lines) {
      if (lines.gap() != null) {
        outlet.gap(target, lines.gap(), 0);
      }
      outlet.lines(target, lines);
    } else if (message instanceof ServerMessage.Entry entry) {
      troubles.remove(target);
      outlet.entry(target, entry);
    } else if (message instanceof ServerMessage.Gap(long dropped, String why)) {
      outlet.gap(target, why, dropped);
    } else if (message instanceof ServerMessage.Status(String word)) {
      boolean connected = word.equals(ServerMessage.Status.CONNECTED);
      if (connected ? cutOff.remove(target) : cutOff.add(target)) {
        outlet.say(target, connected ? "the server is connected to Railway again" : "the server says: " + word);
      }
    } else if (message instanceof ServerMessage.Trouble(String sentence)) {
      troubles.put(target, sentence);
      outlet.say(target, sentence);
    }
  }

  /** A gap as a sentence. */
  static String gap(Target target, String why, long dropped) {
    String what = target.relay() ? "entries" : "lines";
    return dropped > 0 ? dropped + " " + what + " are missing here: " + why : what + " may be missing here: " + why;
  }

  /** Why a target has ended; null where it goes on. */
  String end(Target target) {
    return ended.get(target);
  }

  /** How a target is, in words; null where all is well. */
  String condition(Target target) {
    if (ended.containsKey(target)) {
      return "ended: " + ended.get(target);
    }
    Long next = triedAt.get(target);
    if (next != null) {
      long seconds = (next - System.nanoTime() + 999_999_999) / 1_000_000_000;
      return seconds > 0 ? "reconnecting in " + seconds + " s" : "reconnecting";
    }
    if (cutOff.contains(target)) {
      return "cut off from Railway";
    }
    return known.contains(target) ? null : "connecting";
  }
}

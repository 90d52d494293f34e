package dev.logtap.railway;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** What tests have told the stand-in to do. Set by the tests' threads, read by those of connections and streams. */
final class StandInFaults {
  /** An answer in place of the one that would be given. */
  record Answer(int status, Map<String, String> headers, String body) {}

  final Queue<Answer> httpAnswers = new ConcurrentLinkedQueue<>();
  final Queue<Answer> upgradeAnswers = new ConcurrentLinkedQueue<>();
  final Queue<String> queryRefusals = new ConcurrentLinkedQueue<>();
  final Queue<String> subscribeRefusals = new ConcurrentLinkedQueue<>();
  final Map<String, String> headers = new ConcurrentHashMap<>();

  volatile boolean answersPings = true;
  volatile boolean acks = true;

  /** Whether a resolver's refusal of a subscription comes as {@code next} and {@code complete}; else as {@code error}. */
  volatile boolean refusesByNext;

  volatile boolean oneMore;
  volatile boolean boundaryRepeats = true;
  /** Dates in arguments are cut to this. */
  volatile ChronoUnit boundsIn = ChronoUnit.NANOS;

  volatile int pageSize = 100;
  volatile Duration delay = Duration.ZERO;

  /** Ends all delays. */
  final CountDownLatch closed = new CountDownLatch(1);

  /** Answers wait for it. */
  volatile CountDownLatch gate = new CountDownLatch(0);

  /** Zero: a poll follows each store. */
  volatile Duration pollInterval = Duration.ZERO;
}

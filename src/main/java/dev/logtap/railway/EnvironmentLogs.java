package dev.logtap.railway;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

/** The logs of environments: what comes, and what is stored. Any thread may ask. */
public interface EnvironmentLogs extends AutoCloseable {
  /** A stream that runs until it is closed or has failed. */
  interface Stream extends AutoCloseable {
    /** Ends it; may return before its thread has ended, and then nothing more is told. */
    @Override
    void close();
  }

  /**
   * Streams an environment.
   *
   * @param listener called on the stream's own thread, one call at a time
   */
  Stream stream(String environmentId, Consumer<Happening> listener);

  /** The environment's services: names by id. Kept for a while. */
  Map<String, String> services(String environmentId) throws RailwayException, InterruptedException;

  /**
   * Stored entries up to an instant, the newest of them.
   *
   * @param serviceIds only of these services; empty for all
   * @param after entries later than this; null without a bound
   * @param until entries not later than this
   * @param most 5,000 at most
   */
  Page stored(String environmentId, Collection<String> serviceIds, Instant after, Instant until, int most)
      throws RailwayException, InterruptedException;

  /** Ends all streams; nothing can be asked any more. */
  @Override
  void close();
}

package dev.logtap.kernel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PollTest {
  /** A descriptor that has something to read when it was rung. */
  private final Wake source;

  PollTest() throws IOException {
    source = new Wake();
  }

  @AfterEach
  void close() {
    source.close();
  }

  @Test
  void input_ends_the_wait() throws IOException {
    try (Poll poll = Poll.forInput(source.descriptor())) {
      CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(poll::await);
      source.ring();

      assertTrue(waiting.join());
      assertTrue(poll.await());
    }
  }

  @Test
  void another_thread_ends_the_wait_and_all_later_ones() throws IOException {
    try (Poll poll = Poll.forInput(source.descriptor())) {
      CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(poll::await);
      poll.end();

      assertFalse(waiting.join());
      source.ring();
      assertFalse(poll.await());
    }
  }

  @Test
  void descriptor_without_a_reader_to_lose_is_waited_for_until_the_end() throws IOException {
    try (Poll poll = Poll.forReaderGone(source.descriptor())) {
      source.ring();
      CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(poll::await);
      poll.end();

      assertFalse(waiting.join());
    }
  }

  @Test
  void end_after_closing_touches_nothing() throws IOException {
    Poll poll = Poll.forInput(source.descriptor());
    poll.close();
    Wake next = new Wake();
    poll.end();

    try (Poll other = Poll.forInput(next.descriptor())) {
      other.end();
      assertFalse(other.await());
    } finally {
      next.close();
    }
  }
}

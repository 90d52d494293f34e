package dev.logtap.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RingTest {
  private static final int SIZE = 100;
  private static final long ENOUGH = 1 << 20;

  private final FramePool pool = new FramePool();
  private final Ring ring = new Ring(batch(0, null));
  private final List<Frame> frames = new ArrayList<>();

  private static Batch batch(long sequence, Frame frame) {
    return new Batch(sequence, frame, null, false, null, false);
  }

  private void add(int count, long most) {
    for (int i = 0; i < count; i++) {
      Frame frame = pool.frameOf(ByteBuffer.allocate(SIZE));
      frames.add(frame);
      ring.add(batch(ring.newest().sequence() + 1, frame), most);
    }
  }

  @Test
  void new_ring_has_only_the_place_where_the_hub_began() {
    assertEquals(0, ring.newest().sequence());
    assertEquals(1, ring.oldest());
    assertNull(ring.at(0));
    assertNull(ring.at(1));
  }

  @Test
  void batches_are_there_by_their_sequence() {
    add(3, ENOUGH);
    for (int i = 1; i <= 3; i++) {
      assertSame(frames.get(i - 1), ring.at(i).frame());
    }
    assertNull(ring.at(4));
    assertEquals(3, ring.newest().sequence());
  }

  @Test
  void ring_is_bounded_in_bytes() {
    add(10, 3 * SIZE);
    assertEquals(8, ring.oldest());
    assertNull(ring.at(7));
    assertFalse(frames.get(6).hold(), "what was dropped is let go");
    assertTrue(frames.get(7).hold());
  }

  @Test
  void bound_that_shrinks_counts_from_the_next_batch_on() {
    add(10, ENOUGH);
    assertEquals(1, ring.oldest());
    add(1, 3 * SIZE);
    assertEquals(9, ring.oldest());
  }

  @Test
  void ring_is_bounded_in_number() {
    add(1000, ENOUGH);
    assertEquals(1000 - 256 + 1, ring.oldest());
    assertNull(ring.at(1000 - 256));
    assertSame(frames.get(1000 - 256), ring.at(1000 - 256 + 1).frame());
  }

  @Test
  void batch_larger_than_all_is_still_the_newest_one() {
    add(5, SIZE / 2);
    assertEquals(5, ring.oldest());
    assertSame(frames.get(4), ring.at(5).frame());
  }

  @Test
  void text_that_is_kept_for_filters_counts_too() {
    for (int i = 1; i <= 10; i++) {
      ring.add(new Batch(i, pool.frameOf(ByteBuffer.allocate(SIZE)), null, false, new byte[SIZE], false), 6 * SIZE);
    }
    assertEquals(8, ring.oldest());
  }

  @Test
  void batches_without_a_frame_take_a_place_but_no_bytes() {
    add(1, ENOUGH);
    ring.add(batch(2, null), ENOUGH);
    assertNull(ring.at(2).frame());
    add(2, 3 * SIZE);
    assertEquals(1, ring.oldest());
    add(2, 2 * SIZE);
    assertEquals(5, ring.oldest());
  }

  @Test
  void bytes_of_what_was_dropped_are_free_again() {
    add(500, 3 * SIZE);
    assertEquals(498, ring.oldest());
    add(2, 5 * SIZE);
    assertEquals(498, ring.oldest());
  }

  @Test
  void batch_of_a_sequence_whose_place_has_another_now_is_not_there() {
    add(256, ENOUGH);
    assertNull(ring.at(257));
    assertSame(frames.getFirst(), ring.at(1).frame());
    add(1, ENOUGH);
    assertNull(ring.at(1));
    assertSame(frames.get(256), ring.at(257).frame());
  }

  @Test
  void cleared_ring_holds_nothing_but_says_where_it_ended() {
    add(5, ENOUGH);
    Frame taken = frames.get(2);
    assertTrue(taken.hold());
    ring.clear();
    assertEquals(5, ring.newest().sequence());
    assertEquals(6, ring.oldest());
    assertNull(ring.at(3));

    taken.release();
    frames.forEach(frame -> assertFalse(frame.hold()));
  }

  /** What a client does while the hub goes on: it finds the batch that it looks for or none, and a frame that is whole. */
  @Test
  void what_is_taken_while_the_ring_turns_over_is_what_was_looked_for() throws Exception {
    int many = 50_000;
    boolean taken = false;
    Thread hub =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  for (int i = 1; i <= many; i++) {
                    ByteBuffer message = ByteBuffer.allocate(SIZE);
                    for (int place = 0; place < SIZE; place += Integer.BYTES) {
                      message.putInt(place, i);
                    }
                    ring.add(batch(i, pool.frameOf(message)), 3 * SIZE);
                  }
                });
    while (ring.newest().sequence() < many || !taken) {
      long sequence = ring.newest().sequence();
      Batch batch = ring.at(sequence);
      if (batch == null || !batch.frame().hold()) {
        continue;
      }
      assertEquals(sequence, batch.sequence());
      for (int place = 0; place < SIZE; place += Integer.BYTES) {
        assertEquals(sequence, batch.frame().bytes().getInt(place));
      }
      batch.frame().release();
      taken = true;
    }
    assertTrue(hub.join(Await.DEADLINE));
  }
}

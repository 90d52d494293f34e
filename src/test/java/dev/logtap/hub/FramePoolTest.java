package dev.logtap.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FramePoolTest {
  private static final long SECOND = 1_000_000_000;

  private final FramePool pool = new FramePool();

  private Frame frameOf(String text) {
    return pool.frameOf(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String textOf(Frame frame) {
    return StandardCharsets.UTF_8.decode(frame.bytes()).toString();
  }

  @Test
  void frame_is_a_copy_of_what_remains_of_the_bytes() {
    byte[] bytes = "xxmessage".getBytes(StandardCharsets.UTF_8);
    Frame frame = pool.frameOf(ByteBuffer.wrap(bytes, 2, 7));
    bytes[2] = '-';
    assertEquals("message", textOf(frame));
    assertEquals(7, frame.length());
  }

  @Test
  void frame_that_somebody_holds_is_not_used_again() {
    Frame frame = frameOf("held");
    assertTrue(frame.hold());
    frame.release();

    frameOf("another");
    assertEquals("held", textOf(frame));
    frame.release();
  }

  @Test
  void memory_is_used_again_when_all_have_let_go() {
    Frame frame = frameOf("first");
    frame.release();
    assertFalse(frame.hold());

    frameOf("other");
    assertEquals("other", textOf(frame), "the same memory");
  }

  @Test
  void frames_that_are_held_at_a_time_never_share_memory() {
    frameOf("first").release();
    Frame one = frameOf("one");
    Frame two = frameOf("two");
    assertEquals("one", textOf(one));
    assertEquals("two", textOf(two));
  }

  @Test
  void frame_ends_where_its_message_does_though_its_memory_had_a_longer_one() {
    frameOf("a long message").release();
    assertEquals("short", textOf(frameOf("short")));
  }

  @Test
  void who_reads_a_frame_moves_no_other_readers_place() {
    Frame frame = frameOf("message");
    frame.bytes().position(3).limit(4);
    assertEquals("message", textOf(frame));
  }

  @Test
  void memory_that_waits_to_be_used_again_is_bounded() {
    List<Frame> old = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      old.add(pool.frameOf(ByteBuffer.allocate(Budget.SMALL)));
    }
    old.forEach(Frame::release);
    assertEquals(512, usedAgain(old), "64 MiB");
  }

  @Test
  void half_of_the_memory_that_nobody_needs_for_a_second_is_let_go() {
    long begun = System.nanoTime();
    List<Frame> old = framesThatAreFree(8);
    pool.trim(begun + SECOND);
    pool.trim(begun + 2 * SECOND);
    pool.trim(begun + 2 * SECOND + SECOND / 2);
    assertEquals(4, usedAgain(old));
  }

  @Test
  void all_memory_that_nobody_needs_is_let_go_in_the_end() {
    long begun = System.nanoTime();
    List<Frame> old = framesThatAreFree(8);
    for (int second = 1; second <= 5; second++) {
      pool.trim(begun + second * SECOND);
    }
    assertEquals(0, usedAgain(old));
    old = framesThatAreFree(8);
    pool.clear();
    assertEquals(0, usedAgain(old));
  }

  @Test
  void memory_that_is_needed_now_and_then_stays() {
    long begun = System.nanoTime();
    List<Frame> old = framesThatAreFree(8);
    pool.trim(begun + SECOND);
    framesThatAreFree(6);
    pool.trim(begun + 2 * SECOND);
    assertEquals(7, usedAgain(old));
  }

  private List<Frame> framesThatAreFree(int count) {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(frameOf("old"));
    }
    frames.forEach(Frame::release);
    return frames;
  }

  /** How many of these frames, which nobody holds, have another one's bytes when as many were made anew. */
  private long usedAgain(List<Frame> old) {
    ByteBuffer other = ByteBuffer.allocate(old.getFirst().length()).put(0, (byte) 1);
    old.forEach(_ -> pool.frameOf(other));
    return old.stream().filter(frame -> frame.bytes().get(0) == 1).count();
  }

  @Test
  void memory_of_large_frames_is_not_kept() {
    int length = Budget.SMALL + 1;
    Frame large = pool.frameOf(ByteBuffer.allocate(length), null);
    large.release();
    pool.frameOf(ByteBuffer.allocate(length).put(0, (byte) 1), null);
    assertEquals(0, large.bytes().get(0));
  }

  @Test
  void frame_that_many_threads_hold_and_let_go_is_gone_with_the_last_of_them_once() throws Exception {
    Budget budget = new Budget(2);
    Frame frame = pool.frameOf(ByteBuffer.allocate(1), budget.claim(1));
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    for (int times = 0; times < 100_000 && frame.hold(); times++) {
                      frame.release();
                    }
                  }));
    }
    for (Thread thread : threads) {
      assertTrue(thread.join(Await.DEADLINE));
    }
    assertFalse(budget.claim(2).isGranted(), "the first who held it has not let go");
    frame.release();
    assertFalse(frame.hold());
    assertFalse(budget.isShort());
  }

  @Test
  void frame_of_any_size_has_room() {
    for (int length = 1; length <= Budget.SMALL; length = length < 1100 ? length + 1 : length * 2 + 1) {
      Frame frame = frameOf("y".repeat(length));
      assertEquals(length, textOf(frame).length());
      frame.release();
    }
    assertEquals(Budget.SMALL, frameOf("z".repeat(Budget.SMALL)).length());
  }

  @Test
  void large_frame_is_only_for_who_has_claimed_it_and_gives_that_back_with_the_last_hold() {
    ByteBuffer large = ByteBuffer.allocate(Budget.SMALL + 1);
    assertNull(pool.frameOf(large));

    Budget budget = new Budget(1 << 20);
    Frame frame = pool.frameOf(large, budget.claim(1 << 20));
    assertEquals(Budget.SMALL + 1, frame.length());
    assertTrue(frame.hold());
    Budget.Claim next = budget.claim(1);
    frame.release();
    assertFalse(next.isGranted());
    frame.release();
    assertTrue(next.isGranted());
  }
}

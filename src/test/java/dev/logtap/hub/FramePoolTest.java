package dev.logtap.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FramePoolTest {
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

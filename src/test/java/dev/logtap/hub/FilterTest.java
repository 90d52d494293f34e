package dev.logtap.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.log.Cursor;
import dev.logtap.log.LogName;
import dev.logtap.log.Needle;
import dev.logtap.log.Position;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class FilterTest {
  /** How many batches it remembers. */
  private static final int REMEMBERED = 8;

  private static final Cursor CURSOR =
      new Cursor(new LogName("app"), Instant.EPOCH, List.of(new Position(7, 0, 0, 0, 0)));

  private final FramePool pool = new FramePool();
  private final Filter filter = new Filter(new Needle("it"), new TextEncoding(), pool);

  private static Batch batch(long sequence, String text) {
    return new Batch(sequence, null, CURSOR, false, text.getBytes(StandardCharsets.UTF_8), false);
  }

  private static String textOf(Frame frame) {
    String message = StandardCharsets.UTF_8.decode(frame.bytes()).toString();
    return message.substring(message.lastIndexOf(TextEncoding.END) + 1);
  }

  @Test
  void message_has_the_lines_with_the_text_and_the_batchs_cursor() {
    Frame frame = filter.frameOf(batch(1, "it\nno\nwith it\n"));
    assertEquals("it\nwith it\n", textOf(frame));
    assertTrue(StandardCharsets.UTF_8.decode(frame.bytes()).toString().startsWith(CURSOR.toString() + TextEncoding.END));
  }

  @Test
  void batch_of_which_nothing_passes_has_no_message() {
    assertNull(filter.frameOf(batch(1, "no\n")));
    assertNull(filter.frameOf(batch(1, "no\n")));
  }

  @Test
  void batch_is_sifted_once_for_all_who_look_for_the_same() {
    Frame first = filter.frameOf(batch(1, "it\n"));
    assertSame(first, filter.frameOf(batch(1, "it\n")));
  }

  @Test
  void each_who_gets_the_message_holds_it() {
    Frame first = filter.frameOf(batch(1, "it\n"));
    filter.frameOf(batch(1, "it\n"));
    filter.close();
    first.release();
    assertTrue(first.hold(), "the second has it still");
    first.release();
    first.release();
    assertFalse(first.hold());
  }

  @Test
  void batches_that_share_a_place_are_told_apart() {
    Frame early = filter.frameOf(batch(1, "it is early\n"));
    Frame late = filter.frameOf(batch(1 + REMEMBERED, "it is late\n"));
    assertEquals("it is late\n", textOf(late));
    assertEquals("it is early\n", textOf(early), "who was given it holds it still");

    Frame again = filter.frameOf(batch(1, "it is early\n"));
    assertNotSame(early, again);
    assertEquals("it is early\n", textOf(again));
  }

  @Test
  void batch_without_a_message_takes_the_place_of_one_that_had_one() {
    Frame early = filter.frameOf(batch(1, "it\n"));
    assertNull(filter.frameOf(batch(1 + REMEMBERED, "no\n")));
    early.release();
    assertFalse(early.hold(), "what is no longer remembered is let go");
  }

  @Test
  void each_batch_is_remembered_until_as_many_have_come_as_there_are_places() {
    List<Frame> frames = new ArrayList<>();
    for (int i = 1; i <= REMEMBERED; i++) {
      frames.add(filter.frameOf(batch(i, "it " + i + "\n")));
    }
    for (int i = 1; i <= REMEMBERED; i++) {
      assertSame(frames.get(i - 1), filter.frameOf(batch(i, "it " + i + "\n")));
    }
  }

  @Test
  void closed_filter_holds_nothing_however_often_it_is_closed() {
    List<Frame> frames = new ArrayList<>();
    for (int i = 1; i <= 2 * REMEMBERED; i++) {
      frames.add(filter.frameOf(batch(i, "it\n")));
    }
    filter.close();
    filter.close();
    frames.forEach(frame -> assertTrue(frame.hold(), "its holder has it still"));
    frames.forEach(Frame::release);
    frames.forEach(Frame::release);
    frames.forEach(frame -> assertFalse(frame.hold()));
  }

  /** Which of them gets to a batch first is chance, so there are many batches. */
  @Test
  void many_who_come_to_a_batch_at_a_time_get_one_message() throws Exception {
    int many = 8;
    try (ExecutorService threads = Executors.newFixedThreadPool(many)) {
      for (int i = 1; i <= 200; i++) {
        Batch batch = batch(i, "it\n".repeat(200));
        List<Future<Frame>> got = new ArrayList<>();
        for (int t = 0; t < many; t++) {
          got.add(threads.submit(() -> filter.frameOf(batch)));
        }
        Frame first = got.getFirst().get();
        assertEquals("it\n".repeat(200), textOf(first));
        for (Future<Frame> one : got) {
          assertSame(first, one.get());
        }
      }
    }
  }
}

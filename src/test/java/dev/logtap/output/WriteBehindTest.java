package dev.logtap.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WriteBehindTest {

  /** Takes nothing until it is told to. */
  private static final class Stalled extends OutputStream {
    final CountDownLatch goOn = new CountDownLatch(1);
    final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    @Override
    public void write(int b) {
      throw new AssertionError("one byte at a time");
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      taken.write(bytes, from, count);
    }
  }

  @Test
  void buffers_are_written_in_their_order_and_given_back_to_be_filled_again() throws IOException {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    StringBuilder expected = new StringBuilder();
    ByteBuffer buffer = ByteBuffer.allocate(8);
    int made = 0;
    try (WriteBehind behind = new WriteBehind(written)) {
      for (int i = 0; i < 10_000; i++) {
        String text = Integer.toString(i);
        expected.append(text);
        buffer = behind.exchange(buffer.put(text.getBytes(StandardCharsets.US_ASCII)));
        if (buffer == null) {
          buffer = ByteBuffer.allocate(8);
          made++;
        }
      }
      behind.drain();
      assertEquals(expected.toString(), written.toString(StandardCharsets.US_ASCII));
    }
    assertTrue(made <= 5, "buffers made: " + made);
  }

  @Test
  void a_reader_that_takes_nothing_is_waited_for_with_a_few_buffers_in_hand() throws Exception {
    Stalled reader = new Stalled();
    AtomicInteger taken = new AtomicInteger();
    WriteBehind behind = new WriteBehind(reader);
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < 100; i++) {
                      behind.exchange(ByteBuffer.allocate(1).put((byte) i));
                      taken.incrementAndGet();
                    }
                    behind.drain();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });

    Await.until(() -> writer.getState() == Thread.State.WAITING, () -> taken + " were taken");
    assertTrue(taken.get() <= 4, () -> taken + " were taken");
    reader.goOn.countDown();
    writer.join();
    behind.close();

    assertEquals(100, reader.taken.size());
  }

  @Test
  void a_failure_is_told_to_who_fills_the_buffers() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    try (WriteBehind behind = new WriteBehind(full)) {
      IOException e =
          assertThrows(
              IOException.class,
              () -> {
                behind.exchange(ByteBuffer.allocate(1).put((byte) 'x'));
                behind.drain();
              });
      assertEquals("No space left on device", e.getMessage());
      assertThrows(IOException.class, () -> behind.exchange(ByteBuffer.allocate(1)));
    }
  }

  @Test
  void its_thread_ends_when_it_is_closed() throws IOException {
    WriteBehind behind = new WriteBehind(OutputStream.nullOutputStream());
    behind.exchange(ByteBuffer.allocate(1));

    behind.close();

    assertFalse(Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals("stdout")));
  }
}

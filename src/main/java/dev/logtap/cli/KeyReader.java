package dev.logtap.cli;

import dev.logtap.kernel.Poll;
import dev.logtap.log.Bell;
import dev.logtap.terminal.Key;
import dev.logtap.terminal.Keys;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Reads keys on a daemon thread, {@code keys}, and rings a bell for each that came. When there are no more, because the
 * terminal is closed, that changes nothing.
 */
final class KeyReader implements Closeable {
  private static final int STDIN = 0;

  /** So many may be pressed before the first is answered; more are a paste by mistake. */
  private static final int MOST = 1000;

  private final BlockingQueue<Key> pressed = new ArrayBlockingQueue<>(MOST);
  private final InputStream in;
  private final Poll poll;
  private final Bell bell;

  /** Guarded by this. */
  private boolean held = true;

  private KeyReader(InputStream in, Poll poll, Bell bell) {
    this.in = in;
    this.poll = poll;
    this.bell = bell;
  }

  /**
   * Begins, held to begin with.
   *
   * @param in of stdin
   */
  static KeyReader start(InputStream in, Bell bell) throws IOException {
    KeyReader reader = new KeyReader(in, Poll.forInput(STDIN), bell);
    Thread.ofPlatform().name("keys").daemon().start(reader::read);
    return reader;
  }

  /** The next key; null when there is none. */
  Key poll() {
    return pressed.poll();
  }

  /** Reads nothing while another job has the terminal: who does is stopped. */
  synchronized void hold() {
    held = true;
  }

  synchronized void goOn() {
    held = false;
    notifyAll();
  }

  /** Waits until it may go on; whether it had to. */
  private synchronized boolean wasHeld() throws InterruptedException {
    boolean was = held;
    while (held) {
      wait();
    }
    return was;
  }

  private void read() {
    Keys keys = new Keys();
    // As much as a terminal keeps for us: so that no sequence is cut, whose escape at the end would be a key.
    byte[] bytes = new byte[4096];
    try (poll) {
      while (poll.await()) {
        if (wasHeld()) {
          // The shell may have read meanwhile what there was.
          continue;
        }
        int count = in.read(bytes);
        if (count < 0) {
          return;
        }
        for (Key key : keys.read(bytes, count)) {
          pressed.offer(key);
        }
        bell.ring();
      }
    } catch (IOException _) {
      // The terminal is gone; a signal says so.
    } catch (InterruptedException _) {
      // Nobody interrupts it.
    }
  }

  /** Ends the thread, but does not wait for it. */
  @Override
  public void close() {
    poll.end();
    goOn();
  }
}

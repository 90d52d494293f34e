package dev.logtap.cli;

import dev.logtap.log.Bell;
import dev.logtap.terminal.Key;
import dev.logtap.terminal.Keys;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Reads keys on a daemon thread, {@code keys}, and rings a bell for each that came. When there are no more, because the
 * terminal is closed, that changes nothing.
 */
final class KeyReader {
  /** So many may be pressed before the first is answered; more are a paste by mistake. */
  private static final int MOST = 1000;

  private final BlockingQueue<Key> pressed = new ArrayBlockingQueue<>(MOST);
  private final InputStream in;
  private final Bell bell;

  private KeyReader(InputStream in, Bell bell) {
    this.in = in;
    this.bell = bell;
  }

  static KeyReader start(InputStream in, Bell bell) {
    KeyReader reader = new KeyReader(in, bell);
    Thread.ofPlatform().name("keys").daemon().start(reader::read);
    return reader;
  }

  /** The next key; null when there is none. */
  Key poll() {
    return pressed.poll();
  }

  private void read() {
    Keys keys = new Keys();
    // As much as a terminal keeps for us: so that no sequence is cut, whose escape at the end would be a key.
    byte[] bytes = new byte[4096];
    try {
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        for (Key key : keys.read(bytes, count)) {
          pressed.offer(key);
        }
        bell.ring();
      }
    } catch (IOException _) {
      // The terminal is gone; a signal says so.
    }
  }
}

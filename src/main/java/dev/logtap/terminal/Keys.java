package dev.logtap.terminal;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads keys from what a terminal sends. An escape at the end of what was read at once is the key itself; with more behind
 * it, it begins a sequence of an arrow or the like. Used by one thread.
 */
public final class Keys {
  private static final int ESCAPE = 0x1b;
  private static final int DEL = 0x7f;
  private static final int CTRL_H = 8;
  private static final int CTRL_U = 0x15;

  private enum State {
    PLAIN,
    /** Behind ESC O: one more follows. */
    ONE_MORE,
    /** Behind ESC [: all up to a final byte, ECMA-48 5.4. */
    SEQUENCE
  }

  private State state = State.PLAIN;

  /** Of a character of several bytes: what has come, and how many are to come. */
  private int character;

  private int left;

  /** The keys in {@code bytes[0, count)}, which was read at once. */
  public List<Key> read(byte[] bytes, int count) {
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int b = bytes[i] & 0xff;
      switch (state) {
        case ONE_MORE -> {
          state = State.PLAIN;
          keys.add(Key.Control.OTHER);
        }
        case SEQUENCE -> {
          if (b >= 0x40 && b <= 0x7e) {
            state = State.PLAIN;
            keys.add(Key.Control.OTHER);
          }
        }
        case PLAIN -> {
          if (b == ESCAPE) {
            int next = i + 1 < count ? bytes[i + 1] : -1;
            if (next == '[' || next == 'O') {
              state = next == '[' ? State.SEQUENCE : State.ONE_MORE;
              i++;
            } else {
              keys.add(Key.Control.ESCAPE);
            }
            left = 0;
          } else {
            plain(b, keys);
          }
        }
      }
    }
    return keys;
  }

  private void plain(int b, List<Key> keys) {
    if (left > 0 && (b & 0xc0) == 0x80) {
      character = character << 6 | b & 0x3f;
      left--;
      // C1 and what is no character: nothing that is typed.
      if (left == 0 && character >= 0xa0 && java.lang.Character.isDefined(character)) {
        keys.add(new Key.Character(character));
      }
      return;
    }
    left = 0;
    if (b >= 0xc2 && b < 0xf5) {
      left = b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
      character = b & 0x3f >> left;
    } else if (b >= ' ' && b < DEL) {
      keys.add(new Key.Character(b));
    } else if (b == '\r' || b == '\n') {
      keys.add(Key.Control.ENTER);
    } else if (b == DEL || b == CTRL_H) {
      keys.add(Key.Control.BACKSPACE);
    } else if (b == CTRL_U) {
      keys.add(Key.Control.KILL);
    }
  }
}

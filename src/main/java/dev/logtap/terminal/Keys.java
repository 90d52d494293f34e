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
  private static final int CTRL_L = 0x0c;
  private static final int CTRL_U = 0x15;

  /** More parameters than any key has are none that is known. */
  private static final int MOST_PARAMETERS = 32;

  /** Of the mouse's buttons, as xterm numbers them; with 4, 8 or 16 more, Shift, Alt or Ctrl is held down. */
  private static final int WHEEL_UP = 64;

  private static final int WHEEL_DOWN = 65;
  private static final int MODIFIERS = 4 | 8 | 16;

  private enum State {
    PLAIN,
    /** Behind ESC O: one more follows. */
    ONE_MORE,
    /** Behind ESC [: all up to a final byte, ECMA-48 5.4. */
    SEQUENCE,
    /** Behind ESC [ M: button, column and line, of terminals that know the mouse but not mode 1006. */
    OLD_MOUSE
  }

  private State state = State.PLAIN;

  /** What stands between ESC [ and the final byte. */
  private final StringBuilder parameters = new StringBuilder();

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
          keys.add(named(b));
        }
        case SEQUENCE -> sequence(b, keys);
        case OLD_MOUSE -> oldMouse(b, keys);
        case PLAIN -> {
          if (b == ESCAPE) {
            int next = i + 1 < count ? bytes[i + 1] : -1;
            if (next == '[' || next == 'O') {
              state = next == '[' ? State.SEQUENCE : State.ONE_MORE;
              parameters.setLength(0);
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

  // ---- sequences

  private void sequence(int b, List<Key> keys) {
    if (b < 0x40 || b > 0x7e) {
      if (parameters.length() < MOST_PARAMETERS) {
        parameters.append((char) b);
      }
      return;
    }
    state = State.PLAIN;
    String given = parameters.toString();
    if (b == 'M' && given.isEmpty()) {
      state = State.OLD_MOUSE;
    } else if (given.startsWith("<")) {
      mouse(b, given, keys);
    } else if (b == '~') {
      keys.add(numbered(given));
    } else {
      keys.add(given.isEmpty() ? named(b) : Key.Control.OTHER);
    }
  }

  private static Key named(int b) {
    return switch (b) {
      case 'A' -> Key.Control.UP;
      case 'B' -> Key.Control.DOWN;
      case 'H' -> Key.Control.HOME;
      case 'F' -> Key.Control.END;
      default -> Key.Control.OTHER;
    };
  }

  private static Key numbered(String number) {
    return switch (number) {
      case "1", "7" -> Key.Control.HOME;
      case "4", "8" -> Key.Control.END;
      case "5" -> Key.Control.PAGE_UP;
      case "6" -> Key.Control.PAGE_DOWN;
      default -> Key.Control.OTHER;
    };
  }

  /** Behind ESC [: &lt; button ; column ; line, and M, or m where it was let go. Only its wheel is a key. */
  private static void mouse(int b, String given, List<Key> keys) {
    String button = given.substring(1, Math.max(1, given.indexOf(';')));
    if (b == 'M' && button.matches("[0-9]{1,3}")) {
      addWheel(Integer.parseInt(button), keys);
    }
  }

  private void oldMouse(int b, List<Key> keys) {
    if (parameters.isEmpty()) {
      addWheel(b - ' ', keys);
    }
    parameters.append((char) b);
    if (parameters.length() == 3) {
      state = State.PLAIN;
    }
  }

  private static void addWheel(int button, List<Key> keys) {
    switch (button & ~MODIFIERS) {
      case WHEEL_UP -> keys.add(Key.Control.WHEEL_UP);
      case WHEEL_DOWN -> keys.add(Key.Control.WHEEL_DOWN);
      default -> {
        // A click means nothing here.
      }
    }
  }

  // ---- characters

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
    } else if (b == CTRL_L) {
      keys.add(Key.Control.REDRAW);
    }
  }
}

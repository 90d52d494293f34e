package dev.logtap.render;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Byte strings in which a decoder of UTF-8 can go wrong; none holds a newline. */
final class NastyBytes {
  /** Both sides of every bound in the table of well-formed UTF-8 (Unicode 3.9), and what is escaped. */
  private static final int[] BOUNDS = {
    'A', '"', '\\', 0x1b, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xe2, 0xec,
    0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff
  };

  private static final int SEED = 20251123;

  private NastyBytes() {}

  /** Every way in which a character can break off, and many strings with several of them. */
  static List<byte[]> all() {
    List<byte[]> strings = new ArrayList<>();
    combine(new byte[0], 3, strings);
    Random random = new Random(SEED);
    for (int i = 0; i < 200_000; i++) {
      strings.add(anyOf(random));
    }
    return strings;
  }

  private static void combine(byte[] begun, int more, List<byte[]> strings) {
    strings.add(begun);
    for (int i = 0; i < BOUNDS.length && more > 0; i++) {
      byte[] longer = Arrays.copyOf(begun, begun.length + 1);
      longer[begun.length] = (byte) BOUNDS[i];
      combine(longer, more - 1, strings);
    }
  }

  /** Characters, beginnings of characters, bounds and noise. */
  private static byte[] anyOf(Random random) {
    ByteArrayOutputStream string = new ByteArrayOutputStream();
    for (int pieces = random.nextInt(12); pieces > 0; pieces--) {
      int codePoint = random.nextInt(Character.MAX_CODE_POINT + 1);
      byte[] character = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
      switch (random.nextInt(4)) {
        case 0 -> string.writeBytes(character);
        case 1 -> string.write(character, 0, random.nextInt(character.length));
        case 2 -> string.write(BOUNDS[random.nextInt(BOUNDS.length)]);
        default -> string.write(random.nextInt(0x100));
      }
    }
    byte[] bytes = string.toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == '\n' ? (byte) '\r' : bytes[i];
    }
    return bytes;
  }
}

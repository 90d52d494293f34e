package dev.logtap.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {

  /** The edges of every range in RFC 3629, and one value inside each. */
  private static final int[] EDGES = {
    0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef,
    0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff
  };

  @Test
  void every_sequence_of_four_edge_bytes_reads_as_the_jdk_reads_it() {
    byte[] bytes = new byte[4];
    for (int a : EDGES) {
      for (int b : EDGES) {
        for (int c : EDGES) {
          for (int d : EDGES) {
            bytes[0] = (byte) a;
            bytes[1] = (byte) b;
            bytes[2] = (byte) c;
            bytes[3] = (byte) d;
            assertReadsAsTheJdkDoes(bytes);
          }
        }
      }
    }
  }

  @Test
  void random_bytes_read_as_the_jdk_reads_them() {
    Random random = new Random(25);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      for (int at = 0; at < bytes.length; at++) {
        if (random.nextBoolean()) {
          bytes[at] = (byte) EDGES[random.nextInt(EDGES.length)];
        }
      }
      assertReadsAsTheJdkDoes(bytes);
    }
  }

  @Test
  void a_character_that_ends_behind_the_range_is_not_read_from_there() {
    byte[] smile = "\ud83d\ude00".getBytes(UTF_8);

    assertEquals(4, Utf8.characterAt(smile, 0, 4));
    assertEquals(-3, Utf8.characterAt(smile, 0, 3));
    assertEquals(-1, Utf8.characterAt(smile, 0, 1));
  }

  @Test
  void an_encoded_surrogate_is_no_character() {
    byte[] bytes = bytesOf("ed a0 80");

    assertEquals(-3, Utf8.characterAt(bytes, 0, 3));
    assertEquals(-2, Utf8.characterAt(bytes, 0, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain text", "\u00fcml\u00e4ut", "\u20ac\u20ac\u20ac", "a\ud83d\ude00b\ud83d\ude00",
        "x\u00e4\u20ac\ud83d\ude00"
      })
  void text_is_cut_between_characters_and_not_more_than_three_bytes_early(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    for (int from = 0; from < 2; from++) {
      for (int to = from + 1; to < bytes.length; to++) {
        int taken = Utf8.wholeCharacters(bytes, from, to);

        boolean nextBeginsOne = (bytes[from + taken] & 0xc0) != 0x80;
        boolean noneFits = taken == to - from && isInsideOneCharacter(bytes, from, to);
        assertTrue(nextBeginsOne || noneFits, text + " [" + from + ", " + to + ") takes " + taken);
        assertTrue(to - from - taken < 4);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "61 62 63, 3, a cut behind ASCII takes all",
    "61 c3 a4, 3, and behind a whole character",
    "61 c3, 1, the beginning of a character is left for the next part",
    "61 e2 82, 1, of three bytes",
    "61 f0 9f 98, 1, of four bytes",
    "61 f0 9f 98 80, 5, four bytes are whole",
    "80 80 80 80, 4, continuations that continue nothing are taken",
    "c3 80 80 80, 4, also behind a character",
    "ff ff ff ff, 3, a byte that is none of UTF-8 costs at most itself",
  })
  void a_part_ends_where_a_character_does(String hex, int taken, String because) {
    byte[] bytes = bytesOf(hex);

    assertEquals(taken, Utf8.wholeCharacters(bytes, 0, bytes.length), because);
  }

  @Test
  void something_is_always_taken() {
    Random random = new Random(26);
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(8)];
      random.nextBytes(bytes);

      int taken = Utf8.wholeCharacters(bytes, 0, bytes.length);

      assertTrue(taken > 0 && taken > bytes.length - 4 && taken <= bytes.length, () -> Arrays.toString(bytes));
    }
  }

  /** Where the range begins in the middle of a character there may be no boundary to cut at. */
  private static boolean isInsideOneCharacter(byte[] bytes, int from, int to) {
    for (int i = from + 1; i <= to; i++) {
      if ((bytes[i] & 0xc0) != 0x80) {
        return false;
      }
    }
    return true;
  }

  private static void assertReadsAsTheJdkDoes(byte[] bytes) {
    StringBuilder read = new StringBuilder();
    for (int at = 0; at < bytes.length; ) {
      if (bytes[at] >= 0) {
        read.append((char) bytes[at++]);
        continue;
      }
      int length = Utf8.characterAt(bytes, at, bytes.length);
      read.append(length > 0 ? new String(bytes, at, length, UTF_8) : "\ufffd");
      at += Math.abs(length);
    }
    assertEquals(new String(bytes, UTF_8), read.toString(), () -> Arrays.toString(bytes));
  }

  private static byte[] bytesOf(String hex) {
    return HexFormat.ofDelimiter(" ").parseHex(hex);
  }
}

package dev.logtap.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  private static final LogName LOG = new LogName("app");
  private static final String UNREADABLE = "the cursor can't be read; begin without one";
  private static final int HEADER = 14;
  private static final int POSITION = 40;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void what_is_written_is_read_again(int positions) {
    Cursor cursor = cursor(positions);

    assertEquals(cursor, Cursor.parse(LOG, cursor.toString()));
  }

  @Test
  void extreme_values_are_read_again() {
    Position most = new Position(Long.MAX_VALUE, -1, Long.MIN_VALUE, Long.MAX_VALUE, -1);
    Position least = Position.BEFORE_THE_FIRST_FILE;
    Cursor late = new Cursor(LOG, Instant.ofEpochMilli(Long.MAX_VALUE), List.of(most, least, most, most));
    Cursor early = new Cursor(LOG, Instant.ofEpochMilli(Long.MIN_VALUE), List.of(least));

    assertEquals(late, Cursor.parse(LOG, late.toString()));
    assertEquals(early, Cursor.parse(LOG, early.toString()));
  }

  @Test
  void a_cursor_fits_into_a_url_as_it_is() {
    for (int positions = 1; positions <= Cursor.MOST_POSITIONS; positions++) {
      String text = cursor(positions).toString();

      assertTrue(text.matches("[A-Za-z0-9_-]{1,240}"), text);
    }
  }

  @Test
  void the_order_of_positions_is_kept() {
    List<Position> positions = new ArrayList<>(cursor(4).positions());
    Collections.reverse(positions);
    Cursor reversed = new Cursor(LOG, Instant.EPOCH, positions);

    assertEquals(positions, Cursor.parse(LOG, reversed.toString()).positions());
  }

  @Test
  void none_and_too_many_positions_are_refused() {
    List<Position> five = Collections.nCopies(Cursor.MOST_POSITIONS + 1, Position.BEFORE_THE_FIRST_FILE);

    assertThrows(IllegalArgumentException.class, () -> new Cursor(LOG, Instant.EPOCH, List.of()));
    assertThrows(IllegalArgumentException.class, () -> new Cursor(LOG, Instant.EPOCH, five));
  }

  @Test
  void a_cursor_of_another_log_is_refused_by_name() {
    String text = cursor(1).toString();

    assertRefused(new LogName("web"), text, "the cursor is of another log than 'web'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "A", "AA", "=", "====", " ", "\n", "null", "0", "../../etc/passwd", "%41", "AQ==", "+/+/", "\0\0\0\0",
        "\u00e4\u00f6", "\ud83d\ude00", "\ud83d", "\uffff"
      })
  void what_is_no_cursor_is_refused(String text) {
    assertRefused(LOG, text, UNREADABLE);
  }

  @Test
  void a_text_of_any_length_is_refused() {
    String cursor = cursor(4).toString();

    assertRefused(LOG, "A".repeat(100 << 20), UNREADABLE);
    assertRefused(LOG, cursor + "=".repeat(1000), UNREADABLE);
    assertRefused(LOG, cursor + cursor, UNREADABLE);
  }

  @Test
  void a_truncated_cursor_is_refused() {
    String text = cursor(4).toString();
    for (int length = 0; length < text.length(); length++) {
      assertRefused(LOG, text.substring(0, length), UNREADABLE);
      assertRefused(LOG, text.substring(text.length() - length), UNREADABLE);
    }
  }

  @Test
  void a_flipped_bit_is_refused() {
    for (int positions = 1; positions <= Cursor.MOST_POSITIONS; positions++) {
      byte[] bytes = bytesOf(cursor(positions));
      for (int bit = 0; bit < 8 * bytes.length; bit++) {
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        assertRefused(LOG, textOf(bytes), UNREADABLE);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 127, -1, -128})
  void an_unknown_version_is_refused_though_the_check_sum_is_right(int version) {
    byte[] bytes = bytesOf(cursor(1));
    bytes[0] = (byte) version;

    assertRefused(LOG, signed(bytes), UNREADABLE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 127, -1, -128})
  void a_count_of_positions_that_is_not_theirs_is_refused_though_the_check_sum_is_right(int count) {
    byte[] bytes = bytesOf(cursor(2));
    bytes[HEADER - 1] = (byte) count;

    assertRefused(LOG, signed(bytes), UNREADABLE);
  }

  @Test
  void five_positions_are_refused_though_the_check_sum_is_right() {
    ByteBuffer forged = ByteBuffer.allocate(HEADER + 5 * POSITION + 4);
    forged.put(bytesOf(cursor(4)), 0, HEADER).put(HEADER - 1, (byte) 5);

    assertRefused(LOG, signed(forged.array()), UNREADABLE);
  }

  @Test
  void a_negative_offset_is_refused_in_every_position_though_the_check_sum_is_right() {
    for (int position = 0; position < 3; position++) {
      for (long offset : new long[] {-1, Long.MIN_VALUE}) {
        ByteBuffer forged = ByteBuffer.wrap(bytesOf(cursor(3)));
        forged.putLong(HEADER + position * POSITION, offset);

        assertRefused(LOG, signed(forged.array()), UNREADABLE);
      }
    }
  }

  @Test
  void random_texts_and_random_signed_bytes_are_read_or_refused_with_a_sentence() {
    Random random = new Random(42);
    String alphabet = "ABCXYZabcxyz0189-_=+/. \n\u00e4";
    for (int i = 0; i < 30_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(260); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertReadOrRefused(text.toString());

      byte[] bytes = bytesOf(cursor(1 + random.nextInt(4)));
      for (int changes = random.nextInt(5); changes >= 0; changes--) {
        // The first five bytes are version and log: behind them is what a forger would play with.
        bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt();
      }
      assertReadOrRefused(signed(bytes));
    }
  }

  private static void assertReadOrRefused(String text) {
    try {
      Cursor cursor = Cursor.parse(LOG, text);
      assertEquals(cursor, Cursor.parse(LOG, cursor.toString()));
      cursor.positions().forEach(position -> assertTrue(position.offset() >= 0));
    } catch (IllegalArgumentException e) {
      assertEquals(UNREADABLE, e.getMessage());
    } catch (RuntimeException e) {
      fail("for '" + text + "'", e);
    }
  }

  private static void assertRefused(LogName log, String text, String sentence) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> Cursor.parse(log, text), () -> "for '" + text + "'");
    assertEquals(sentence, refusal.getMessage());
  }

  private static Cursor cursor(int count) {
    List<Position> positions = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      positions.add(new Position(1000L * i, 17L * i, -19L * i, 23L * i, 1_700_000_000_000_000_000L + i));
    }
    return new Cursor(LOG, Instant.ofEpochMilli(1_763_860_000_123L), positions);
  }

  private static byte[] bytesOf(Cursor cursor) {
    return Base64.getUrlDecoder().decode(cursor.toString());
  }

  private static String textOf(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The text of the bytes when their last four are made the right check sum. */
  private static String signed(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 4);
    return textOf(ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) crc.getValue()).array());
  }
}

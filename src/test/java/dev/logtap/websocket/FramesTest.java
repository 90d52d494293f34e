package dev.logtap.websocket;

import static dev.logtap.websocket.ClientFrames.hex;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {

  @Test
  void text_is_the_rfcs_example() {
    assertEquals("810548656c6c6f", hexOf(Frames.text("Hello".getBytes(UTF_8))));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8100",
    "125, 817d",
    "126, 817e007e",
    "65535, 817effff",
    "65536, 817f0000000000010000",
    "2147483647, 817f000000007fffffff",
  })
  void header_is_as_short_as_its_length_allows(int length, String header) {
    ByteBuffer out = ByteBuffer.allocateDirect(10);
    Frames.putTextHeader(out, length);

    assertEquals(header, hexOf(out.flip()));
    assertEquals(header.length() / 2, Frames.headerLength(length));
  }

  @Test
  void header_is_put_where_the_buffer_stands() {
    ByteBuffer out = ByteBuffer.allocate(6).put((byte) 1);
    Frames.putTextHeader(out, 200);

    assertEquals("01817e00c8", hexOf(out.flip()));
  }

  @Test
  void ping_is_empty_and_pong_holds_what_the_ping_did() {
    assertEquals("8900", hexOf(Frames.ping()));
    assertEquals("8a03010203", hexOf(Frames.pong(hex("010203"))));
    assertThrows(IllegalArgumentException.class, () -> Frames.pong(new byte[126]));
  }

  @ParameterizedTest
  @EnumSource
  void close_holds_every_code_of_ours(CloseCode code) {
    ByteBuffer close = Frames.close(code, "why");

    assertEquals("8805" + "%04x".formatted(code.value()) + "776879", hexOf(close));
    assertTrue(CloseCode.mayBeSent(code.value()));
  }

  @Test
  void close_without_a_code_is_echoed_without_one() {
    assertEquals("8800", hexOf(Frames.close(CloseCode.NONE)));
    assertEquals("88020bb8", hexOf(Frames.close(3000)));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 999, 1004, 1006, 1015, 2999, 5000, 66536})
  void code_that_must_not_be_sent_is_refused(int code) {
    assertThrows(IllegalArgumentException.class, () -> Frames.close(code));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\u00e4", "\u20ac", "\ud83d\ude00"})
  void long_reason_is_cut_between_two_characters(String character) throws CharacterCodingException {
    int width = character.getBytes(UTF_8).length;
    for (int shift = 0; shift < 4; shift++) {
      String reason = "s".repeat(shift) + character.repeat(125);

      ByteBuffer close = Frames.close(CloseCode.POLICY, reason);

      assertEquals(close.get(1), close.remaining() - 2);
      String kept = UTF_8.newDecoder().decode(close.position(4)).toString();
      assertTrue(reason.startsWith(kept), kept);
      assertTrue(kept.getBytes(UTF_8).length > 123 - width && kept.getBytes(UTF_8).length <= 123, kept);
    }
  }

  @Test
  void long_reason_of_words_is_cut_behind_a_word() {
    String words = "x".repeat(60) + " " + "y".repeat(60);

    assertEquals(words, reasonOf(Frames.close(CloseCode.POLICY, words + " zz and more")));
    assertEquals("x".repeat(60), reasonOf(Frames.close(CloseCode.POLICY, words + "yyyy and more")));
  }

  private static String reasonOf(ByteBuffer close) {
    return UTF_8.decode(close.position(4)).toString();
  }

  @Test
  void reason_that_just_fits_is_whole() {
    String reason = "x".repeat(121) + "\u00e4";

    assertEquals(2 + 2 + 123, Frames.close(CloseCode.NORMAL, reason).remaining());
  }

  @Test
  void half_a_surrogate_pair_does_not_break_the_close() throws CharacterCodingException {
    ByteBuffer close = Frames.close(CloseCode.NORMAL, "a\ud83d");

    assertEquals("a?", UTF_8.newDecoder().decode(close.position(4)).toString());
  }

  private static String hexOf(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}

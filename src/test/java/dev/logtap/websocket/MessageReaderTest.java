package dev.logtap.websocket;

import static dev.logtap.websocket.ClientFrames.BINARY;
import static dev.logtap.websocket.ClientFrames.CLOSE;
import static dev.logtap.websocket.ClientFrames.CONTINUATION;
import static dev.logtap.websocket.ClientFrames.PING;
import static dev.logtap.websocket.ClientFrames.TEXT;
import static dev.logtap.websocket.ClientFrames.frame;
import static dev.logtap.websocket.ClientFrames.hex;
import static dev.logtap.websocket.ClientFrames.join;
import static dev.logtap.websocket.ClientFrames.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.websocket.MessageReader.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Most masks are zero here, so that the bytes can be read as they are. */
class MessageReaderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          81 85 37fa213d 7f9f4d5158                                   | text:Hello     | the RFC's own example
          81 80 37fa213d                                              | text:          | an empty text
          82 83 00000000 000102                                       | binary:3       | a binary message
          82 80 00000000                                              | binary:0       | an empty one
          89 82 01020304 0000                                         | ping:0102      | a ping, unmasked
          89 80 00000000                                              | ping:          | an empty one
          8a 82 00000000 6869                                         | pong           | a pong, whatever it holds
          88 80 00000000                                              | close:1005:    | no code is not 1000
          88 82 00000000 03e8                                         | close:1000:    | a code without a reason
          88 85 00000000 03e9 627965                                  | close:1001:bye | and with one
          88 82 00000000 03ef                                         | close:1007:    | valid without a reason
          88 84 00000000 0fa1 c3a4                                    | close:4001:\u00e4   | a reason that is not ASCII
          01 81 00000000 48  80 81 00000000 69                        | text:Hi        | two fragments
          01 80 00000000     80 80 00000000                           | text:          | two empty ones
          01 81 00000000 c3  80 81 00000000 a4                        | text:\u00e4    | a character in two fragments
          01 82 00000000 f09f  00 80 00000000  80 82 00000000 9880    | text:\ud83d\ude00 | and in three, one empty
          02 81 00000000 ff  80 81 00000000 ff                        | binary:2       | fragments of a binary message
          """)
  void message_is_read(String bytes, String outcome, String because) {
    assertEquals(List.of(outcome, Outcomes.END), outcomes(bytes), because);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          81 05 48656c6c6f             | 1002 | a client's frame without a mask
          89 00                        | 1002 | also a ping
          c1 80 00000000               | 1002 | RSV1, which compression would set
          a1 80 00000000               | 1002 | RSV2
          91 80 00000000               | 1002 | RSV3
          83                           | 1002 | opcode 3
          87                           | 1002 | opcode 7
          8b                           | 1002 | opcode 11
          8f                           | 1002 | opcode 15
          09                           | 1002 | a fragmented ping
          0a                           | 1002 | a fragmented pong
          08                           | 1002 | a fragmented close
          89 fe                        | 1002 | a ping of 126 bytes or more
          8a fe                        | 1002 | a pong
          88 ff                        | 1002 | a close
          81 fe 007d                   | 1002 | 125 in two bytes
          81 fe 0000                   | 1002 | 0 in two bytes
          81 ff 000000000000ffff       | 1002 | 65535 in eight bytes
          81 ff 0000000000000000       | 1002 | 0 in eight bytes
          81 ff 8000000000000000       | 1002 | a length with the highest bit set
          81 ff ffffffffffffffff       | 1002 | and with all
          81 ff 0000000000010001       | 1009 | 64 KiB and one byte
          81 ff 7fffffffffffffff       | 1009 | all that 63 bits can say
          81 ff 0000000100000005       | 1009 | what an int would take for 5
          82 ff 0000000080000000       | 1009 | what an int would take for negative
          80 80 00000000               | 1002 | a continuation of nothing
          00 80 00000000               | 1002 | whether it is the last or not
          01 80 00000000 81 80 00000000 | 1002 | a text within a text
          01 80 00000000 02 80 00000000 | 1002 | a binary message within a text
          81 81 00000000 ff            | 1007 | a byte that UTF-8 has not
          81 82 00000000 c080          | 1007 | an overlong NUL
          81 83 00000000 eda080        | 1007 | a surrogate
          81 84 00000000 f4908080      | 1007 | above U+10FFFF
          81 81 00000000 c3            | 1007 | a text that ends within a character
          01 81 00000000 61 80 81 00000000 ff | 1007 | in a later fragment
          01 81 00000000 c3 80 81 00000000 41 | 1007 | a character that a fragment begins and the next does not end
          01 81 00000000 c3 80 80 00000000    | 1007 | or an empty one
          88 81 00000000 03            | 1002 | half a close code
          88 82 00000000 0000          | 1002 | close code 0
          88 82 00000000 03e7          | 1002 | 999
          88 82 00000000 03ec          | 1002 | 1004
          88 82 00000000 03ed          | 1002 | 1005
          88 82 00000000 03ee          | 1002 | 1006
          88 82 00000000 03f7          | 1002 | 1015
          88 82 00000000 0bb7          | 1002 | 2999
          88 82 00000000 1388          | 1002 | 5000
          88 82 00000000 ffff          | 1002 | 65535
          88 83 00000000 03e8 ff       | 1007 | a reason that is not UTF-8
          88 83 00000000 03e8 c3       | 1007 | or ends within a character
          """)
  void broken_rule_is_answered_by_its_code(String bytes, int code, String because) {
    assertEquals(List.of(Outcomes.error(code)), outcomes(bytes), because);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
  void close_code_that_may_be_sent_is_read(int code) {
    byte[] payload = {(byte) (code >> 8), (byte) code};

    assertEquals(List.of(Outcomes.close(code, ""), Outcomes.END), outcomes(frame(true, CLOSE, payload)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 124, 125, 126, 127, 2033, 2034, 2035, 65535, 65536})
  void text_of_every_length_encoding_is_read(int length) {
    String text = "x".repeat(length);

    assertEquals(List.of(Outcomes.message(text), Outcomes.END), outcomes(text(text)));
  }

  @Test
  void control_frames_come_between_fragments_and_do_not_count_as_such() {
    byte[] stream =
        join(
            frame(false, TEXT, "a".getBytes(UTF_8)),
            frame(true, PING, hex("01")),
            frame(false, CONTINUATION, "b".getBytes(UTF_8)),
            frame(true, ClientFrames.PONG, hex("02")),
            frame(true, CONTINUATION, "c".getBytes(UTF_8)));

    assertEquals(List.of("ping:01", "pong", "text:abc", Outcomes.END), Outcomes.of(stream, new Limits(125, 3, 3)));
  }

  @Test
  void fragments_are_counted_anew_for_each_message() {
    byte[] message = join(frame(false, TEXT, hex("61")), frame(true, CONTINUATION, hex("62")));

    assertEquals(
        List.of("text:ab", "text:ab", "text:ab", Outcomes.END),
        Outcomes.of(join(message, message, message), new Limits(125, 2, 2)));
  }

  @Test
  void endless_empty_fragments_end() {
    byte[] stream = frame(false, TEXT, new byte[0]);
    for (int i = 1; i < 16; i++) {
      stream = join(stream, frame(false, CONTINUATION, new byte[0]));
    }

    assertEquals(List.of(Outcomes.END), outcomes(stream));
    assertEquals(
        List.of(Outcomes.error(1009)), outcomes(join(stream, frame(true, CONTINUATION, new byte[0]))));
  }

  @ParameterizedTest
  @ValueSource(ints = {TEXT, BINARY})
  void message_may_be_as_long_as_its_limit_and_no_byte_longer(int opcode) {
    Limits limits = new Limits(125, 16, 150);
    byte[] first = frame(false, opcode, new byte[100]);

    assertEquals(2, Outcomes.of(join(first, frame(true, CONTINUATION, new byte[50])), limits).size());
    assertEquals(
        List.of(Outcomes.error(1009)), Outcomes.of(join(first, frame(true, CONTINUATION, new byte[51])), limits));
  }

  @Test
  void length_beyond_the_limit_is_refused_before_its_bytes_come() {
    byte[] begun = join(frame(false, TEXT, new byte[60 << 10]), hex("80 fe 1001 00000000"));

    assertEquals(List.of(Outcomes.error(1009)), outcomes(begun));
  }

  @Test
  void stream_may_end_anywhere() {
    byte[] stream =
        join(frame(false, TEXT, new byte[200]), frame(true, PING, hex("01")), frame(true, CONTINUATION, new byte[70]));
    int ping = 208 + 7;

    for (int end = 0; end < stream.length; end++) {
      byte[] cut = Arrays.copyOf(stream, end);
      assertEquals(end < ping ? List.of(Outcomes.END) : List.of("ping:01", Outcomes.END), outcomes(cut));
    }
  }

  @Test
  void claimed_length_takes_no_memory_until_its_bytes_come() throws IOException, ProtocolException {
    int[] largest = {0};
    InputStream claim =
        new ByteArrayInputStream(hex("82 ff 0000000000010000 00000000")) {
          @Override
          public int read(byte[] into, int from, int length) {
            largest[0] = Math.max(largest[0], into.length);
            return super.read(into, from, length);
          }
        };

    assertNull(new MessageReader(claim, Limits.DEFAULT).next());
    assertTrue(largest[0] > 14 && largest[0] <= 4 << 10, () -> largest[0] + " bytes");
  }

  @Test
  void failure_of_the_stream_is_passed_on() {
    InputStream silent =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new SocketTimeoutException("silence");
          }
        };

    assertThrows(SocketTimeoutException.class, () -> new MessageReader(silent, Limits.DEFAULT).next());
  }

  @Test
  void text_is_not_in_what_a_message_prints() throws IOException, ProtocolException {
    InputStream in = new ByteArrayInputStream(text("{\"token\":\"secret\"}"));

    assertFalse(new MessageReader(in, Limits.DEFAULT).next().toString().contains("secret"));
  }

  @Test
  void bytes_of_a_peer_are_not_in_the_sentence_about_them() {
    InputStream in = new ByteArrayInputStream(join(hex("81 87 00000000"), "secret".getBytes(UTF_8), hex("ff")));

    ProtocolException broken =
        assertThrows(ProtocolException.class, () -> new MessageReader(in, Limits.DEFAULT).next());

    assertEquals("a text message is not UTF-8", broken.getMessage());
    assertEquals(CloseCode.NOT_UTF8, broken.code());
    assertNull(broken.getCause());
  }

  @ParameterizedTest
  @CsvSource({"124, 1, 1", "125, 0, 1", "125, 1, 0"})
  void limits_that_let_nothing_through_are_refused(int frameBytes, int fragments, int messageBytes) {
    assertThrows(IllegalArgumentException.class, () -> new Limits(frameBytes, fragments, messageBytes));
  }

  private static List<String> outcomes(String bytes) {
    return outcomes(hex(bytes));
  }

  private static List<String> outcomes(byte[] bytes) {
    return Outcomes.of(bytes, Limits.DEFAULT);
  }
}

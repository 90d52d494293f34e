package dev.logtap.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.websocket.MessageReader.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's side against the server's. */
class ClientSideTest {
  private final ClientHandshake handshake =
      new ClientHandshake("/stream?a=b", "example.org:81", Map.of("Authorization", "Bearer a.b.c"));

  @Test
  void server_understands_the_handshake_and_its_answer_is_taken() throws ProtocolException {
    String head = new String(handshake.head(), StandardCharsets.US_ASCII);
    assertTrue(head.startsWith("GET /stream?a=b HTTP/1.1\r\n"), head);
    assertTrue(head.endsWith("\r\n\r\n"), head);
    assertTrue(head.contains("\r\nHost: example.org:81\r\n"), head);
    assertTrue(head.contains("\r\nAuthorization: Bearer a.b.c\r\n"), head);

    handshake.accept(fields(answer()));
  }

  @Test
  void each_handshake_has_a_key_of_its_own() {
    ClientHandshake another = new ClientHandshake("/stream?a=b", "example.org:81", Map.of("Authorization", "Bearer a.b.c"));

    assertFalse(Arrays.equals(handshake.head(), another.head()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sec-WebSocket-Accept", "Upgrade", "Connection"})
  void answer_without_one_of_its_fields_is_not_taken(String field) {
    List<Map.Entry<String, String>> fields = fields(answer());
    fields.removeIf(one -> one.getKey().equalsIgnoreCase(field));

    assertThrows(ProtocolException.class, () -> handshake.accept(fields));
  }

  @Test
  void answer_to_another_handshake_or_with_an_extension_is_not_taken() {
    List<Map.Entry<String, String>> another = fields(answer());
    ClientHandshake asked = new ClientHandshake("/", "example.org", Map.of());
    assertThrows(ProtocolException.class, () -> asked.accept(another));

    List<Map.Entry<String, String>> extended = fields(answer());
    extended.add(Map.entry("Sec-WebSocket-Extensions", "permessage-deflate"));
    assertThrows(ProtocolException.class, () -> handshake.accept(extended));
  }

  private byte[] answer() {
    String head = new String(handshake.head(), StandardCharsets.US_ASCII);
    return ((Handshake.Answer.Accepted) Handshake.answer("GET", "HTTP/1.1", "/stream", fields(head.getBytes(StandardCharsets.US_ASCII))))
        .head();
  }

  private static List<Map.Entry<String, String>> fields(byte[] head) {
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    new String(head, StandardCharsets.US_ASCII)
        .lines()
        .skip(1)
        .filter(line -> !line.isEmpty())
        .forEach(line -> fields.add(Map.entry(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip())));
    return fields;
  }

  @Test
  void masked_frames_are_what_a_server_reads() throws IOException, ProtocolException {
    MaskedFrames frames = new MaskedFrames();
    String text = "\u20ac".repeat(30_000);
    byte[] all =
        ClientFrames.join(
            frames.text("a"), frames.text(text), frames.ping(), frames.pong(new byte[] {1, 2}), frames.close(CloseCode.NORMAL));
    MessageReader server = new MessageReader(new ByteArrayInputStream(all), new Limits(1 << 20, 1, 1 << 20));

    assertEquals(new Incoming.Text("a"), server.next());
    assertEquals(new Incoming.Text(text), server.next());
    assertEquals("ping:", Outcomes.text(server.next()));
    assertEquals("pong", Outcomes.text(server.next()).substring(0, 4));
    assertEquals(new Incoming.Close(1000, ""), server.next());
  }

  @Test
  void masks_differ() {
    MaskedFrames frames = new MaskedFrames();

    assertFalse(Arrays.equals(frames.text("a"), frames.text("a")));
  }

  @Test
  void servers_frames_are_read_unmasked() throws IOException, ProtocolException {
    MessageReader client =
        client(Frames.text("\u00fc".getBytes(StandardCharsets.UTF_8)), Frames.pong(new byte[] {1, 2}), Frames.ping(), Frames.close(CloseCode.GOING_AWAY, "why"));

    assertEquals(new Incoming.Text("\u00fc"), client.next());
    assertEquals("pong", Outcomes.text(client.next()).substring(0, 4));
    assertArrayEquals(new byte[0], ((Incoming.Ping) client.next()).payload());
    assertEquals(new Incoming.Close(1001, "why"), client.next());
  }

  @Test
  void servers_masked_frame_breaks_the_protocol() {
    MessageReader client = client(ByteBuffer.wrap(ClientFrames.text("a")));

    assertEquals(CloseCode.PROTOCOL_ERROR, assertThrows(ProtocolException.class, client::next).code());
  }

  private static MessageReader client(ByteBuffer... frames) {
    byte[][] bytes = Arrays.stream(frames).map(MessageReader::bytes).toArray(byte[][]::new);
    return new MessageReader(new ByteArrayInputStream(ClientFrames.join(bytes)), Limits.DEFAULT, Side.SERVER);
  }
}

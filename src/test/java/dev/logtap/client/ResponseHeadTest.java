package dev.logtap.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.logtap.websocket.ProtocolException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadTest {
  @Test
  void head_is_read_to_its_end_and_no_further() throws IOException, ProtocolException {
    InputStream in = bytes("HTTP/1.1 503 Full House\r\nretry-after: 7\r\nCONTENT-LENGTH:4\r\nx:  a:b \r\n\r\nbody");

    ResponseHead head = ResponseHead.read(in);

    assertEquals(503, head.status());
    assertEquals(Duration.ofSeconds(7), head.retryAfter());
    assertEquals(4, head.contentLength());
    assertEquals(List.of(Map.entry("retry-after", "7"), Map.entry("CONTENT-LENGTH", "4"), Map.entry("x", "a:b")), head.fields());
    assertEquals("body", new String(in.readAllBytes(), StandardCharsets.US_ASCII));
  }

  @Test
  void what_is_not_said_or_no_number_is_none() throws IOException, ProtocolException {
    ResponseHead head =
        ResponseHead.read(bytes("HTTP/1.0 200\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\nContent-Length: -1\r\n\r\n"));

    assertEquals(Duration.ZERO, head.retryAfter());
    assertEquals(-1, head.contentLength());
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSH-2.0-x\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 20\r\n\r\n", "\r\n\r\n", "HTTP/1.1 200 OK\r\nno field\r\n\r\n"})
  void anything_else_is_no_http(String text) {
    assertThrows(ProtocolException.class, () -> ResponseHead.read(bytes(text)));
  }

  @Test
  void alert_of_tls_is_told_apart() {
    assertThrows(SpeaksTlsException.class, () -> ResponseHead.read(bytes("\u0015\u0003\u0003\0\u0002\u0002\n")));
  }

  @Test
  void head_without_end_is_not_read_for_ever() {
    assertThrows(ProtocolException.class, () -> ResponseHead.read(bytes("HTTP/1.1 200 OK\r\n" + "x: y\r\n".repeat(10_000))));
  }

  @Test
  void head_that_is_cut_is_the_end_of_the_connection() {
    assertThrows(EOFException.class, () -> ResponseHead.read(bytes("HTTP/1.1 200 OK\r\nx: ")));
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }
}

package dev.logtap.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The package against another implementation, over a socket. */
class JdkClientTest {
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private EchoServer server;

  @BeforeEach
  void listen() throws IOException {
    server = new EchoServer();
  }

  @AfterEach
  void stop() throws IOException {
    http.shutdownNow();
    server.close();
  }

  @Test
  void texts_of_every_length_encoding_come_back() {
    WebSocket client = connect();
    for (int length : new int[] {0, 1, 125, 126, 16_000, 65_535, 65_536}) {
      String text = "\u20ac".repeat(length / 3) + "x".repeat(length % 3);
      client.sendText(text, true).join();

      assertEquals("text:" + text, next());
    }
  }

  @Test
  void fragments_come_back_as_one_message() {
    WebSocket client = connect();
    client.sendText("a\ud83d\ude00", false).join();
    client.sendPing(ByteBuffer.wrap(new byte[] {7})).join();
    client.sendText("b", true).join();

    assertEquals("pong:1", next());
    assertEquals("text:a\ud83d\ude00b", next());
  }

  @Test
  void close_is_answered_by_its_code() {
    WebSocket client = connect();
    client.sendClose(4000, "enough").join();

    assertEquals("close:4000:", next());
    assertTrue(server.received.contains("close:4000:enough"), server.received::toString);
  }

  @Test
  void refused_kind_of_message_is_closed_with_a_reason() {
    connect().sendBinary(ByteBuffer.allocate(3), true).join();

    assertEquals("close:1003:send text", next());
  }

  @Test
  void too_much_is_closed_with_a_reason() {
    WebSocket client = connect();
    client.sendText("x".repeat(65_537), true);

    assertEquals("close:1009:", next().substring(0, 11));
  }

  @Test
  void pong_without_a_ping_is_taken() {
    connect().sendPong(ByteBuffer.allocate(0)).join();

    assertEquals("ping:0", next());
  }

  @Test
  void subprotocol_of_ours_is_selected_beside_a_token() {
    WebSocket client =
        http.newWebSocketBuilder().subprotocols("logtap", "bearer.a.b-c").buildAsync(server.uri(), new Ear()).join();

    assertEquals("logtap", client.getSubprotocol());
    client.abort();
  }

  @Test
  void client_whose_subprotocols_are_all_foreign_gets_none() {
    WebSocket client =
        http.newWebSocketBuilder().subprotocols("chat").buildAsync(server.uri(), new Ear()).join();

    assertEquals("", client.getSubprotocol());
    client.abort();
  }

  private WebSocket connect() {
    return http.newWebSocketBuilder().buildAsync(server.uri(), new Ear()).join();
  }

  private String next() {
    try {
      String next = heard.poll(Await.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
      return next == null ? "nothing" : next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private final class Ear implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket client, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        heard.add("text:" + text);
        text.setLength(0);
      }
      client.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onPing(WebSocket client, ByteBuffer payload) {
      heard.add("ping:" + payload.remaining());
      client.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket client, ByteBuffer payload) {
      heard.add("pong:" + payload.remaining());
      client.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket client, int code, String reason) {
      heard.add("close:" + code + ":" + reason);
      return null;
    }

    @Override
    public void onError(WebSocket client, Throwable error) {
      heard.add("error:" + error);
    }
  }
}

package dev.logtap.railway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The JDK's WebSocket as a client of the stand-in: says what a test tells it to, and keeps what comes. */
final class PlainSocket implements AutoCloseable, WebSocket.Listener {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final StringBuilder begun = new StringBuilder();
  private WebSocket socket;

  private PlainSocket() {}

  /** @param headers names and values */
  static PlainSocket open(HttpClient client, URI http, String protocol, String... headers) {
    PlainSocket plain = new PlainSocket();
    WebSocket.Builder builder = client.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    if (protocol != null) {
      builder.subprotocols(protocol);
    }
    try {
      plain.socket = builder.buildAsync(URI.create(http.toString().replaceFirst("http", "ws")), plain).join();
    } catch (CompletionException e) {
      plain.events.add("refused " + e.getCause());
    }
    return plain;
  }

  PlainSocket say(String text) {
    socket.sendText(text, true).join();
    return this;
  }

  PlainSocket init() {
    return say("{\"type\":\"connection_init\"}").expect("{\"type\":\"connection_ack\"}");
  }

  void ping() {
    socket.sendPing(ByteBuffer.allocate(0)).join();
  }

  /** The next thing that happens. */
  String next() {
    try {
      for (int seconds = 0; seconds < 30; seconds += 2) {
        String event = events.poll(2, TimeUnit.SECONDS);
        if (event != null) {
          return event;
        }
        probe();
      }
      throw new AssertionError("nothing came");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Once in a while the JDK does not notice that the connection was cut until it writes; a pong is not answered. */
  private void probe() {
    if (socket != null) {
      socket.sendPong(ByteBuffer.allocate(0)).exceptionally(failure -> {
        onError(socket, failure);
        return null;
      });
    }
  }

  PlainSocket expect(String event) {
    String came = next();
    if (!came.equals(event)) {
      throw new AssertionError("expected " + event + " but came " + came);
    }
    return this;
  }

  JsonNode nextJson() {
    String text = next();
    try {
      return JSON.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  /** The messages of the rows in the next batch. */
  List<String> nextMessages() {
    List<String> messages = new ArrayList<>();
    JsonNode batch = nextJson();
    if (!batch.path("type").asText().equals("next")) {
      throw new AssertionError("no batch: " + batch);
    }
    batch.at("/payload/data/environmentLogs").forEach(row -> messages.add(row.path("message").asText()));
    return messages;
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    begun.append(part);
    if (last) {
      events.add(begun.toString());
      begun.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onPong(WebSocket from, ByteBuffer payload) {
    events.add("pong");
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    // The JDK's word for an end without a close frame.
    events.add(code == 1006 ? "cut" : "closed " + code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    events.add("cut");
  }

  @Override
  public void close() {
    if (socket != null) {
      socket.abort();
    }
  }
}

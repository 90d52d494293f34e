package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** A well-behaved client of a stream, on the JDK's own WebSocket; messages are taken in their order. */
final class StreamClient implements AutoCloseable {
  /** Shared: each has threads of its own. */
  private static final HttpClient PLAIN = HttpClient.newHttpClient();

  private final Server server;
  private final LinkedBlockingQueue<Message> messages = new LinkedBlockingQueue<>();
  private final CompletableFuture<Close> closed = new CompletableFuture<>();
  private final WebSocket socket;
  private String cursor;

  /** How it ended; code 1006 and the error where no close frame came. */
  record Close(int code, String reason) {}

  private StreamClient(Server server, WebSocket.Builder builder, String target) {
    this.server = server;
    URI address = URI.create(server.origin().replaceFirst("http", "ws") + target);
    try {
      this.socket = builder.buildAsync(address, new Ear()).join();
    } catch (CompletionException e) {
      throw new AssertionError("no stream: " + e.getCause() + "\n" + server, e);
    }
  }

  /** Opens a stream; {@code headers} are names and values in turn. */
  static StreamClient open(Server server, String target, String... headers) {
    return open(server, PLAIN.newWebSocketBuilder(), target, headers);
  }

  static StreamClient offering(Server server, List<String> subprotocols, String target) {
    String[] others = subprotocols.subList(1, subprotocols.size()).toArray(String[]::new);
    return open(server, PLAIN.newWebSocketBuilder().subprotocols(subprotocols.getFirst(), others), target);
  }

  static StreamClient overTls(Server server, SSLContext trust, String target) {
    return open(server, HttpClient.newBuilder().sslContext(trust).build().newWebSocketBuilder(), target);
  }

  private static StreamClient open(Server server, WebSocket.Builder builder, String target, String... headers) {
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    return new StreamClient(server, builder, target);
  }

  /** Collects what comes, on threads of the JDK. */
  private final class Ear implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          messages.add(Message.of(text.toString()));
        } catch (Throwable e) {
          onError(socket, e);
        }
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(new Close(code, reason));
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.complete(new Close(1006, error + (error.getCause() == null ? "" : " by " + error.getCause())));
    }
  }

  String subprotocol() {
    return socket.getSubprotocol();
  }

  StreamClient send(String text) {
    socket.sendText(text, true).join();
    return this;
  }

  /** Returns when the server has read all that was sent so far. */
  StreamClient sendAndAwaitPong(String... texts) {
    for (String text : texts) {
      send(text);
    }
    send("{\"type\":\"ping\"}");
    Message answer = next();
    assertEquals(Map.of("type", "pong"), answer.fields(), this::toString);
    return this;
  }

  /** The next message of any kind. */
  Message next() {
    try {
      long end = System.nanoTime() + Await.DEADLINE.toNanos();
      while (System.nanoTime() - end < 0) {
        // Looked at before the queue: what is in the queue came before the end.
        boolean ended = closed.isDone();
        Message message = messages.poll(ended ? 0 : 20, TimeUnit.MILLISECONDS);
        if (message != null) {
          cursor = message.cursor() == null ? cursor : message.cursor();
          return message;
        }
        if (ended) {
          break;
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("no further message; " + this);
  }

  /** The next message that has lines; those before it tell nothing else. */
  Message nextWithLines() {
    Message message = next();
    while (message.lines().isEmpty()) {
      assertEquals(null, message.gap(), this::toString);
      message = next();
    }
    return message;
  }

  /** The next so many lines, however they are spread over messages; more than these are a failure. */
  List<String> nextLines(int count) {
    List<String> lines = new ArrayList<>();
    while (lines.size() < count) {
      Message message = next();
      assertEquals(null, message.gap(), this::toString);
      lines.addAll(message.lines());
    }
    assertEquals(count, lines.size(), lines::toString);
    return lines;
  }

  /** Waits for exactly these lines. */
  StreamClient expect(String... lines) {
    assertEquals(List.of(lines), nextLines(lines.length), this::toString);
    return this;
  }

  /** The first message, which has no lines. */
  StreamClient expectEmptyFirst() {
    Message first = next();
    assertEquals(List.of(), first.lines(), this::toString);
    assertEquals(null, first.gap(), this::toString);
    return this;
  }

  /** That of the last message taken. */
  String cursor() {
    return cursor;
  }

  /** Whether a message waits to be taken. */
  boolean hasNext() {
    return !messages.isEmpty();
  }

  boolean isOpen() {
    return !closed.isDone();
  }

  /** Waits for the server to close with that code; the reason, which a person can read. */
  String expectClose(int code) {
    Await.until(closed::isDone, this::toString);
    assertEquals(code, closed.join().code(), this::toString);
    return closed.join().reason();
  }

  @Override
  public void close() {
    socket.abort();
  }

  @Override
  public String toString() {
    return "closed: " + closed.getNow(null) + ", waiting: " + messages + "\n" + server;
  }
}

package dev.logtap.railway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.logtap.websocket.Frames;
import dev.logtap.websocket.Incoming;
import dev.logtap.websocket.MessageReader;
import dev.logtap.websocket.ProtocolException;
import graphql.ExecutionResult;
import graphql.GraphQLError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A WebSocket that speaks {@code graphql-transport-ws}, as the protocol's reference server does it. Read by the
 * connection's thread, written by that, by those of the streams and by tests.
 *
 * <p>One whose token opens nothing is acknowledged and then told nothing.
 */
final class StandInSocket {
  private static final String PROTOCOL = "graphql-transport-ws";
  private static final String NULL_DATA =
      "{\"type\":\"next\",\"id\":\"%s\",\"payload\":{\"data\":null,\"errors\":[{\"message\":"
          + "\"Cannot return null for non-nullable field Subscription.environmentLogs.\",\"path\":[\"environmentLogs\"]}]}}";
  private static final MessageReader.Limits LIMITS = new MessageReader.Limits(1 << 20, 1000, 1 << 20);

  /** Stands for a subscription that nothing is ever said about. */
  private static final Subscription SILENT =
      new Subscription() {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
      };

  private final RailwayStandIn railway;
  private final StandInFaults faults;
  private final InputStream in;
  private final OutputStream out;
  private final Runnable cut;
  private final RailwayToken token;
  private final Set<String> headers;
  private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
  private final AtomicInteger pongs = new AtomicInteger();
  private boolean begun;

  /** @param token null for one that opens nothing */
  StandInSocket(
      RailwayStandIn railway,
      StandInFaults faults,
      InputStream in,
      OutputStream out,
      Runnable cut,
      RailwayToken token,
      Set<String> headers) {
    this.railway = railway;
    this.faults = faults;
    this.in = in;
    this.out = out;
    this.cut = cut;
    this.token = token;
    this.headers = headers;
  }

  /** How many pongs have come, of WebSocket's kind and of the protocol's. */
  int pongs() {
    return pongs.get();
  }

  void cut() {
    cut.run();
  }

  void run(String key, List<String> protocols) throws IOException {
    boolean spoken = protocols.contains(PROTOCOL);
    String head =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
            + accept(key)
            + (spoken ? "\r\nSec-WebSocket-Protocol: " + PROTOCOL : "")
            + "\r\n\r\n";
    write(ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)));
    railway.sockets().add(this);
    try {
      if (!spoken) {
        close(4406);
      }
      MessageReader reader = new MessageReader(in, LIMITS);
      for (Incoming message = reader.next(); message != null; message = reader.next()) {
        if (!take(message)) {
          return;
        }
      }
    } catch (ProtocolException e) {
      close(e.code().value());
    } finally {
      railway.sockets().remove(this);
      subscriptions.values().forEach(Subscription::cancel);
    }
  }

  /** RFC 6455 4.2.2. */
  private static String accept(String key) {
    try {
      byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.ISO_8859_1);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether more may come. */
  private boolean take(Incoming message) throws IOException {
    switch (message) {
      case Incoming.Text text -> take(text.text());
      case Incoming.Binary _ -> close(4400);
      case Incoming.Ping ping -> {
        if (faults.answersPings) {
          write(Frames.pong(ping.payload()));
        }
      }
      case Incoming.Pong _ -> pongs.incrementAndGet();
      case Incoming.Close close -> {
        write(Frames.close(close.code()));
        return false;
      }
    }
    return true;
  }

  private void take(String text) throws IOException {
    JsonNode message;
    try {
      message = StandInConnection.JSON.readTree(text);
    } catch (JsonProcessingException _) {
      close(4400);
      return;
    }
    String id = message.path("id").asText();
    switch (message.path("type").asText()) {
      case "connection_init" -> begin();
      case "ping" -> {
        if (faults.answersPings) {
          say("pong", null, message.get("payload"));
        }
      }
      case "pong" -> pongs.incrementAndGet();
      case "subscribe" -> subscribe(id, message.path("payload"));
      case "complete" -> {
        Subscription ended = subscriptions.remove(id);
        if (ended != null) {
          ended.cancel();
        }
      }
      default -> close(4400);
    }
  }

  private void begin() throws IOException {
    if (begun) {
      close(4429);
    } else {
      begun = true;
      if (faults.acks) {
        say("connection_ack", null, null);
      }
    }
  }

  private void subscribe(String id, JsonNode payload) throws IOException {
    if (!begun) {
      close(4401);
    } else if (id.isEmpty() || !payload.path("query").isTextual()) {
      close(4400);
    } else if (subscriptions.putIfAbsent(id, SILENT) != null) {
      close(4409);
    } else {
      String query = payload.path("query").asText();
      Map<String, Object> variables = StandInConnection.variables(payload);
      railway.saw(true, headers, query, variables);
      if (token != null) {
        StandInSchema.Caller caller = new StandInSchema.Caller(token, faults.subscribeRefusals.poll());
        begin(id, railway.schema().execute(query, StandInConnection.operation(payload), variables, caller));
      }
    }
  }

  /** Its errors come in the ways that the reference server knows. */
  private void begin(String id, ExecutionResult result) throws IOException {
    if (result.getData() instanceof Publisher<?> publisher) {
      publisher.subscribe(new Relay(id));
    } else if (result.isDataPresent() && faults.refusesByNext) {
      say("next", id, result.toSpecification());
      end("complete", id, null);
    } else {
      end("error", id, result.getErrors().stream().map(GraphQLError::toSpecification).toList());
    }
  }

  /** What a stream pushes, as messages. Called on the stream's thread. */
  private final class Relay implements Subscriber<Object> {
    private final String id;

    Relay(String id) {
      this.id = id;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      subscriptions.put(id, subscription);
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Object result) {
      try {
        say("next", id, ((ExecutionResult) result).toSpecification());
      } catch (IOException _) {
        cut();
      }
    }

    @Override
    public void onError(Throwable failure) {
      last("error", List.of(Map.of("message", failure.getMessage())));
    }

    @Override
    public void onComplete() {
      last("complete", null);
    }

    private void last(String type, Object payload) {
      try {
        end(type, id, payload);
      } catch (IOException _) {
        cut();
      }
    }
  }

  private void end(String type, String id, Object payload) throws IOException {
    subscriptions.remove(id);
    say(type, id, payload);
  }

  private void say(String type, String id, Object payload) throws IOException {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("type", type);
    if (id != null) {
      message.put("id", id);
    }
    if (payload != null) {
      message.put("payload", payload);
    }
    write(Frames.text(StandInConnection.JSON.writeValueAsBytes(message)));
  }

  /** Sends any text, whether the protocol knows it or not. */
  void say(String text) {
    writeOrCut(Frames.text(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** What the reference server sends for a null in place of rows. The engine of ours would end the stream over it. */
  void pushNull() {
    subscriptions.forEach(
        (id, subscription) -> {
          if (subscription != SILENT) {
            say(NULL_DATA.formatted(id));
          }
        });
  }

  void ping() {
    writeOrCut(Frames.ping());
  }

  /** The client answers, and ends the connection by that. */
  void close(int code) {
    writeOrCut(Frames.close(code));
  }

  private void writeOrCut(ByteBuffer frame) {
    try {
      write(frame);
    } catch (IOException _) {
      cut();
    }
  }

  private synchronized void write(ByteBuffer frame) throws IOException {
    out.write(frame.array(), frame.arrayOffset(), frame.remaining());
    out.flush();
  }
}

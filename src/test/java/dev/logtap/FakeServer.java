package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.websocket.CloseCode;
import dev.logtap.websocket.Frames;
import dev.logtap.websocket.Handshake;
import dev.logtap.websocket.Incoming;
import dev.logtap.websocket.MessageReader;
import dev.logtap.websocket.ProtocolException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A server that says what a test has it say, connection by connection. */
final class FakeServer implements AutoCloseable {
  private final ServerSocket listening;

  FakeServer() {
    this(0);
  }

  FakeServer(int port) {
    try {
      listening = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
      listening.setSoTimeout(Math.toIntExact(Await.DEADLINE.toMillis()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return listening.getLocalPort();
  }

  String origin() {
    return "http://127.0.0.1:" + port();
  }

  /** Waits for the next client, and reads its request. */
  Client next() {
    try {
      return new Client(listening.accept());
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no client came", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the next client, and gives it the stream that it asks for. */
  Client nextStream() {
    return next().accept();
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One connection, from the server's side. */
  static final class Client implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final String target;
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private final MessageReader messages;

    private Client(Socket socket) throws IOException {
      this.socket = socket;
      socket.setSoTimeout(Math.toIntExact(Await.DEADLINE.toMillis()));
      in = new BufferedInputStream(socket.getInputStream());
      target = line().split(" ")[1];
      for (String line = line(); !line.isEmpty(); line = line()) {
        headers.add(Map.entry(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip()));
      }
      messages = new MessageReader(in, MessageReader.Limits.DEFAULT);
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        assertTrue(c >= 0, "the request ends early");
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    /** Path and query. */
    String target() {
      return target;
    }

    /** The values of a header, which may be missing. */
    List<String> headers(String name) {
      return headers.stream().filter(header -> header.getKey().equalsIgnoreCase(name)).map(Map.Entry::getValue).toList();
    }

    Client accept() {
      Handshake.Answer answer = Handshake.answer("GET", "HTTP/1.1", target, headers);
      return send(((Handshake.Answer.Accepted) answer).head());
    }

    Client say(String message) {
      ByteBuffer frame = Frames.text(message.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
      return send(bytes(frame));
    }

    Client close(int code, String reason) {
      byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
      ByteBuffer frame = ByteBuffer.allocate(4 + utf8.length);
      frame.put((byte) 0x88).put((byte) (2 + utf8.length)).putShort((short) code).put(utf8);
      send(frame.array());
      return this;
    }

    /** Pings, and waits for the answer. */
    Client ping() {
      send(bytes(Frames.ping()));
      while (!(nextIncoming() instanceof Incoming.Pong)) {
        // Pings of its own.
      }
      return this;
    }

    Client send(byte[] bytes) {
      try {
        socket.getOutputStream().write(bytes);
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Answers by something else than a stream. */
    void refuse(String statusAndHeaders, String body) {
      String head = "HTTP/1.1 " + statusAndHeaders + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
      send(head.getBytes(StandardCharsets.US_ASCII));
      cut();
    }

    /** The next text that the client sends. */
    String nextText() {
      while (true) {
        Incoming incoming = nextIncoming();
        if (incoming instanceof Incoming.Text(String text)) {
          return text;
        }
        assertTrue(incoming instanceof Incoming.Ping, () -> "instead of a text: " + incoming);
      }
    }

    /** The next thing that the client sends; null at its end. */
    Incoming nextIncoming() {
      try {
        return messages.next();
      } catch (IOException | ProtocolException e) {
        throw new AssertionError("the client did not speak well", e);
      }
    }

    /** The client says goodbye. */
    void expectGoodbye() {
      Incoming incoming = nextIncoming();
      while (incoming instanceof Incoming.Ping) {
        incoming = nextIncoming();
      }
      assertEquals(new Incoming.Close(CloseCode.NORMAL.value(), ""), incoming);
    }

    void cut() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      cut();
    }

    private static byte[] bytes(ByteBuffer frame) {
      byte[] bytes = new byte[frame.remaining()];
      frame.get(bytes);
      return bytes;
    }
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A peer that speaks bytes over a socket, and so can say anything: HTTP and WebSocket, right and wrong. */
final class RawPeer implements AutoCloseable {
  /** The example of RFC 6455, section 1.3, and what a server has to answer to it. */
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private final Socket socket;
  private final DataInputStream in;
  private final int port;

  private RawPeer(Socket socket) throws IOException {
    this.socket = socket;
    this.port = socket.getPort();
    socket.setTcpNoDelay(true);
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 10));
  }

  static RawPeer connect(int port) {
    return connect(new Socket(), port);
  }

  /** One whose kernel takes only a few thousand bytes that the peer has not read. */
  static RawPeer withSmallWindow(int port) {
    Socket socket = new Socket();
    try {
      socket.setReceiveBufferSize(4 << 10);
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
    return connect(socket, port);
  }

  /** Connects a socket, which may be one of TLS. */
  static RawPeer connect(Socket socket, int port) {
    try {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) Await.DEADLINE.toMillis());
      return new RawPeer(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawPeer send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawPeer send(byte[] bytes) {
    return run(() -> socket.getOutputStream().write(bytes));
  }

  /** Sends as far as the server lets it: a peer that is cut off has been answered. */
  boolean sendUnlessClosed(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  RawPeer send(Frame frame) {
    return send(frame.masked());
  }

  /** Sends a text message. */
  RawPeer say(String text) {
    return send(Frame.text(text));
  }

  /** Sends a request without a body. */
  RawPeer request(String method, String target, String... headers) {
    return send(head(method, target, headers));
  }

  /** The bytes of a request without a body. */
  byte[] head(String method, String target, String... headers) {
    StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    if (!String.join("\n", headers).matches("(?is)(.*\\n)?host:.*")) {
      head.append("Host: 127.0.0.1:").append(port).append("\r\n");
    }
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Asks for a WebSocket; the answer is 101 or a refusal. */
  Answer askForUpgrade(String target, String... headers) {
    return requestUpgrade(target, headers).answer();
  }

  RawPeer requestUpgrade(String target, String... headers) {
    String[] all = new String[headers.length + 4];
    all[0] = "Upgrade: websocket";
    all[1] = "Connection: Upgrade";
    all[2] = "Sec-WebSocket-Version: 13";
    all[3] = "Sec-WebSocket-Key: " + KEY;
    System.arraycopy(headers, 0, all, 4, headers.length);
    return request("GET", target, all);
  }

  RawPeer upgrade(String target, String... headers) {
    Answer answer = askForUpgrade(target, headers).expect(101);
    assertEquals(ACCEPT, answer.header("sec-websocket-accept"), answer::toString);
    return this;
  }

  Answer answer() {
    return answer(true);
  }

  /** The answer to HEAD, which says how long a body would be and has none. */
  Answer answerToHead() {
    return answer(false);
  }

  /** The first line of an answer, whose rest is left unread. */
  String firstLine() {
    return get(
        () -> {
          socket.setSoTimeout((int) Await.DEADLINE.toMillis());
          return line();
        });
  }

  private Answer answer(boolean hasBody) {
    return get(
        () -> {
          socket.setSoTimeout((int) Await.DEADLINE.toMillis());
          String[] status = line().split(" ", 3);
          assertEquals("HTTP/1.1", status[0]);
          Map<String, String> headers = new LinkedHashMap<>();
          for (String line = line(); !line.isEmpty(); line = line()) {
            String[] header = line.split(": *", 2);
            headers.merge(header[0].toLowerCase(Locale.ROOT), header[1], (a, b) -> a + ", " + b);
          }
          int code = Integer.parseInt(status[1]);
          boolean none = !hasBody || code == 101 || code == 204 || code == 304;
          return new Answer(code, headers, none ? new byte[0] : body(headers));
        });
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (!"chunked".equals(headers.get("transfer-encoding"))) {
      return in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      body.writeBytes(in.readNBytes(size));
      line();
    }
    line();
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line().split(";")[0], 16);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
      line.append((char) c);
    }
    return line.toString().replaceFirst("\r$", "");
  }

  Frame frame() {
    return get(
        () -> {
          socket.setSoTimeout((int) Await.DEADLINE.toMillis());
          int first = in.readUnsignedByte();
          int second = in.readUnsignedByte();
          assertEquals(0, second & 0x80, "a server masks nothing");
          long length = second;
          if (second == 126) {
            length = in.readUnsignedShort();
          } else if (second == 127) {
            length = in.readLong();
          }
          byte[] payload = new byte[Math.toIntExact(length)];
          in.readFully(payload);
          return new Frame((first & 0x80) != 0, first & 0xf, payload);
        });
  }

  /** The next message; pings and pongs before it are passed over. */
  Message message() {
    Frame frame = frame();
    while (frame.opcode() == Frame.PING || frame.opcode() == Frame.PONG) {
      frame = frame();
    }
    assertEquals(Frame.TEXT, frame.opcode(), frame::text);
    StringBuilder text = new StringBuilder(frame.text());
    while (!frame.fin()) {
      frame = frame();
      text.append(frame.text());
    }
    return Message.of(text.toString());
  }

  /** The code with which the server closes; what comes before it is passed over. */
  int closeCode() {
    long end = System.nanoTime() + Await.DEADLINE.toNanos();
    Frame frame = frame();
    while (frame.opcode() != Frame.CLOSE) {
      assertTrue(System.nanoTime() - end < 0, () -> "not closed within " + Await.DEADLINE);
      frame = frame();
    }
    return frame.closeCode();
  }

  /** What came, and whether the server has ended the connection then. */
  record Rest(byte[] bytes, boolean ended) {}

  /** Reads until the server ends the connection or the time is over. Pings are not answered. */
  Rest rest(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[64 << 10];
    try {
      for (long left = time.toMillis(); left > 0; left = Duration.ofNanos(end - System.nanoTime()).toMillis()) {
        socket.setSoTimeout((int) left);
        int count = in.read(buffer);
        if (count < 0) {
          return new Rest(bytes.toByteArray(), true);
        }
        bytes.write(buffer, 0, count);
      }
    } catch (SocketTimeoutException _) {
      // The time is over, as below.
    } catch (IOException _) {
      // A reset is an end too: the server need not read what this peer still sends.
      return new Rest(bytes.toByteArray(), true);
    }
    return new Rest(bytes.toByteArray(), false);
  }

  void expectEnd(Duration deadline) {
    assertTrue(rest(deadline).ended(), () -> "not ended by the server within " + deadline);
  }

  void expectNoEnd(Duration time) {
    assertFalse(rest(time).ended(), () -> "ended by the server within " + time);
  }

  /** Ends the connection without the usual exchange. */
  void reset() {
    run(
        () -> {
          socket.setSoLinger(true, 0);
          socket.close();
        });
  }

  @Override
  public void close() {
    run(socket::close);
  }

  private interface Action {
    void run() throws IOException;
  }

  private interface Source<T> {
    T get() throws IOException;
  }

  private RawPeer run(Action action) {
    return get(
        () -> {
          action.run();
          return this;
        });
  }

  private static <T> T get(Source<T> source) {
    try {
      return source.get();
    } catch (EOFException e) {
      throw new AssertionError("the server has ended the connection", e);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("nothing came within " + Await.DEADLINE, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

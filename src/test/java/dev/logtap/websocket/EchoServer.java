package dev.logtap.websocket;

import dev.logtap.websocket.MessageReader.Limits;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The least that a server can be: answers one handshake a connection, and every message with the same. */
final class EchoServer implements AutoCloseable {
  private final ServerSocket listening;

  /** What has come, over all connections. */
  final BlockingQueue<String> received = new LinkedBlockingQueue<>();

  EchoServer() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  URI uri() {
    return URI.create("ws://localhost:" + listening.getLocalPort() + "/echo");
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // Closed: the test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      String[] request = line(in).split(" ");
      switch (Handshake.answer(request[0], request[2], request[1], headers(in))) {
        case Handshake.Answer.Accepted accepted -> {
          out.write(accepted.head());
          echo(new MessageReader(in, Limits.DEFAULT), out);
        }
        case Handshake.Answer.Refused refused ->
            out.write(("HTTP/1.1 " + refused.status() + " Refused\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException _) {
      // The client went away: its own test sees what came before.
    }
  }

  private void echo(MessageReader reader, OutputStream out) throws IOException {
    try {
      for (Incoming next = reader.next(); next != null; next = reader.next()) {
        received.add(Outcomes.text(next));
        switch (next) {
          case Incoming.Text text -> write(out, Frames.text(text.text().getBytes(StandardCharsets.UTF_8)));
          case Incoming.Ping ping -> write(out, Frames.pong(ping.payload()));
          case Incoming.Close close -> {
            write(out, Frames.close(close.code()));
            return;
          }
          case Incoming.Binary _ -> {
            write(out, Frames.close(CloseCode.UNSUPPORTED, "send text"));
            return;
          }
          case Incoming.Pong _ -> write(out, Frames.ping());
        }
      }
    } catch (ProtocolException e) {
      write(out, Frames.close(e.code(), e.getMessage()));
    }
  }

  private static void write(OutputStream out, ByteBuffer frame) throws IOException {
    out.write(frame.array(), frame.position(), frame.remaining());
  }

  private static List<Map.Entry<String, String>> headers(InputStream in) throws IOException {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.add(Map.entry(line.substring(0, colon), line.substring(colon + 1)));
    }
    return headers;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the request ends early");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}

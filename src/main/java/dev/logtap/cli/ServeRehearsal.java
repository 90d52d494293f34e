package dev.logtap.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The rehearsal of {@code logtap serve}: a server as a command line starts it, and clients that ask for all there
 * is and then read a log that grows, by single lines and by much at once, so that the cache holds what the
 * optimising compiler has to know of the way of a line.
 */
final class ServeRehearsal {
  private static final String LISTENING = "listening on http://127.0.0.1:";
  private static final String LOG = "/api/v1/server/logs/app";
  private static final String UPGRADE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  private static final int CLIENTS = 20;
  private static final int REQUESTS = 1000;
  private static final int SINGLE_LINES = 1000;
  private static final int BLOCKS = 400;

  private final Path log;
  private final int port;
  private final String token;

  private ServeRehearsal(Path log, int port, String token) {
    this.log = log;
    this.port = port;
    this.token = token;
  }

  /** Serves {@code app.log} of the directory with the config beside it, until the clients have what they came for. */
  static void serve(Path log, Path config, Path secret) throws IOException, InterruptedException {
    ByteArrayOutputStream token = new ByteArrayOutputStream();
    Main.run(shell(token, OutputStream.nullOutputStream()), "token", "--jwt-secret-file", secret.toString());
    CompletableFuture<Integer> port = new CompletableFuture<>();
    String[] command = {
      "serve", "--config", config.toString(), "--listen", "127.0.0.1:0", "--jwt-secret-file", secret.toString()
    };
    Thread server =
        Thread.ofPlatform().start(() -> Main.run(shell(OutputStream.nullOutputStream(), new PortFinder(port)), command));
    ServeRehearsal rehearsal =
        new ServeRehearsal(log, port.join(), token.toString(StandardCharsets.US_ASCII).strip());
    rehearsal.ask();
    rehearsal.stream();
    signal("HUP");
    signal("TERM");
    server.join();
  }

  private static Shell shell(OutputStream out, OutputStream err) {
    return new Shell(out, new PrintStream(err, false, StandardCharsets.UTF_8), Map.of(), false, null);
  }

  private static void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-s", name, Long.toString(ProcessHandle.current().pid())).inheritIO().start().waitFor();
  }

  /** Every route over one connection, and the usual one often. */
  private void ask() throws IOException {
    try (Socket socket = connect()) {
      List<String> paths =
          new ArrayList<>(List.of("/healthz", "/openapi.json", "/", "/api/v1/server/logs", LOG + "?lines=500", "/nothing"));
      for (int i = 0; i < REQUESTS; i++) {
        paths.add(LOG + "?lines=50");
      }
      for (String path : paths) {
        send(socket, path, "");
        InputStream in = socket.getInputStream();
        in.readNBytes(lengthOf(readHead(in)));
      }
    }
  }

  private static int lengthOf(String head) {
    String field = "content-length:";
    String small = head.toLowerCase(Locale.ROOT);
    int at = small.indexOf(field) + field.length();
    return Integer.parseInt(small.substring(at, small.indexOf('\r', at)).strip());
  }

  /** Clients of all kinds, who read until the log has grown enough. */
  private void stream() throws IOException, InterruptedException {
    byte[] line = Files.readString(log).lines().findFirst().orElseThrow().concat("\n").getBytes(StandardCharsets.UTF_8);
    byte[] block = Files.readAllBytes(log);
    long grown = (long) SINGLE_LINES * line.length + (long) BLOCKS * block.length;
    List<Socket> sockets = new ArrayList<>();
    List<Thread> readers = new ArrayList<>();
    try (OutputStream growing = Files.newOutputStream(log, StandardOpenOption.APPEND)) {
      for (int i = 0; i < CLIENTS; i++) {
        Socket socket = connect();
        sockets.add(socket);
        send(socket, LOG + (i == 0 ? "/ws?search=curl" : "/ws"), UPGRADE);
        readHead(socket.getInputStream());
        readers.add(Thread.ofVirtual().start(() -> read(socket, grown)));
      }
      for (int i = 0; i < SINGLE_LINES; i++) {
        growing.write(line);
        Thread.sleep(1);
      }
      for (int i = 0; i < BLOCKS; i++) {
        growing.write(block);
      }
      for (Thread reader : readers) {
        reader.join();
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static void read(Socket socket, long most) {
    byte[] scratch = new byte[64 << 10];
    try {
      InputStream in = socket.getInputStream();
      for (long got = 0; got < most; ) {
        int n = in.read(scratch);
        if (n < 0) {
          return;
        }
        got += n;
      }
    } catch (IOException e) {
      throw new IllegalStateException("the server went away", e);
    }
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  private void send(Socket socket, String path, String headers) throws IOException {
    String head = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n" + headers + "\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
  }

  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("the server went away after: " + head);
      }
      head.append((char) b);
    }
    return head.toString();
  }

  /** Stderr of a server, of which its port is of interest. */
  private static final class PortFinder extends OutputStream {
    private final CompletableFuture<Integer> port;
    private final StringBuilder said = new StringBuilder();

    PortFinder(CompletableFuture<Integer> port) {
      this.port = port;
    }

    @Override
    public void write(int b) {
      if (port.isDone()) {
        return;
      }
      said.append((char) b);
      int at = said.indexOf(LISTENING);
      if (b == '\n' && at >= 0) {
        port.complete(Integer.parseInt(said.substring(at + LISTENING.length()).strip()));
      }
    }
  }
}

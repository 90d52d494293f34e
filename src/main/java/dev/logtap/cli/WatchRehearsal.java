package dev.logtap.cli;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The rehearsal of {@code logtap watch}: the command itself, and a peer that says what servers say, and then goes away. It
 * is no server of ours, whose classes a client's cache would load for nothing.
 */
final class WatchRehearsal {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int SINGLE_MESSAGES = 20;
  private static final int BATCHES = 2;
  private static final int LINES_IN_BATCH = 500;
  private static final String LINE =
      "\"10.0.0.1 - - [23/Nov/2026:01:02:03 +0000] \\\"GET /\\u00fc HTTP/1.1\\\" 200 5 \\\"-\\\" \\\"curl/8\\\"\"";
  private static final String ENTRY =
      "{\"type\":\"log\",\"data\":{\"timestamp\":\"2026-11-23T01:02:03.5Z\",\"severity\":\"info\",\"serviceName\":\"api\","
          + "\"message\":\"GET / 200\",\"attributes\":{\"level\":\"info\",\"took\":12}},\"cursor\":\"YWJj\"}";

  private WatchRehearsal() {}

  static void watch(Path directory) throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "a.b.c\n");
    Path state = directory.resolve("state");
    try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> accept(listening));
      String address = "http://127.0.0.1:" + listening.getLocalPort();
      String[] common = {"watch", "--server", address, "--token-file", token.toString(), "--no-reconnect"};
      run(false, common, "app");
      run(false, common, "-o", "json", "--state", state.toString(), "app");
      run(true, common, "app", "railway:production", "--level", "warn", "--search", "curl");
      run(false, common, "-o", "json", "app", "railway:production");
      rehearseLive(common);
    }
    run(false, new String[] {"watch", "--server", "http://127.0.0.1:1", "--no-reconnect"}, "app");
    run(false, new String[] {"watch", "--help"});
    run(false, new String[] {"watch", "--srever=x"}, "app");
  }

  private static void run(boolean terminal, String[] command, String... more) {
    run(Map.of(), terminal, null, command, more);
  }

  /** As on a terminal, which can't be opened here: the build may have none. */
  private static void rehearseLive(String[] command) {
    Map<String, String> terminal = Map.of("TERM", "xterm");
    run(terminal, true, InputStream.nullInputStream(), command, "app", "railway:production");
    // Where there is a terminal, only a key ends it.
    run(terminal, true, new ByteArrayInputStream(new byte[] {'q'}), command, "app", "railway:production", "--full");
  }

  private static void run(
      Map<String, String> environment, boolean terminal, InputStream keys, String[] command, String... more) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(more));
    PrintStream err = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Shell shell = new Shell(OutputStream.nullOutputStream(), err, environment, terminal, null, keys);
    Main.run(shell, all.toArray(String[]::new));
  }

  private static void accept(ServerSocket listening) {
    try {
      while (true) {
        Socket socket = listening.accept();
        Thread.ofPlatform().daemon().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // Closed: it is over.
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      boolean relay = in.readLine().contains("/environments/");
      String key = "";
      for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
        if (line.startsWith("Sec-WebSocket-Key: ")) {
          key = line.substring("Sec-WebSocket-Key: ".length());
        }
      }
      OutputStream out = socket.getOutputStream();
      byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      String head =
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
              + Base64.getEncoder().encodeToString(hash)
              + "\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      speak(out, relay);
    } catch (IOException e) {
      throw new IllegalStateException("the client went away", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void speak(OutputStream out, boolean relay) throws IOException {
    String single = relay ? ENTRY : "{\"lines\":[" + LINE + "],\"cursor\":\"YWJj\"}";
    if (relay) {
      send(out, 1, "{\"type\":\"status\",\"message\":\"connected\"}");
      send(out, 1, "{\"type\":\"heartbeat\",\"timestamp\":\"2026-11-23T01:02:03Z\"}");
      send(out, 1, "{\"type\":\"gap\",\"dropped\":12,\"message\":\"why\"}");
    }
    send(out, 9, "");
    for (int i = 0; i < SINGLE_MESSAGES; i++) {
      send(out, 1, single);
    }
    String many = (LINE + ",").repeat(LINES_IN_BATCH - 1) + LINE;
    for (int i = 0; i < BATCHES; i++) {
      send(out, 1, relay ? single : "{\"lines\":[" + many + "],\"cursor\":\"YWJj\"}");
    }
    // 1001, as a server that stops.
    out.write(new byte[] {(byte) 0x88, 2, 3, (byte) 0xe9});
    out.flush();
  }

  private static void send(OutputStream out, int opcode, String text) throws IOException {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        payload.length < 126
            ? new byte[] {(byte) (0x80 | opcode), (byte) payload.length}
            : payload.length < 65536
                ? new byte[] {(byte) (0x80 | opcode), 126, (byte) (payload.length >> 8), (byte) payload.length}
                : new byte[] {
                  (byte) (0x80 | opcode), 127, 0, 0, 0, 0, 0, (byte) (payload.length >> 16), (byte) (payload.length >> 8), (byte) payload.length
                };
    out.write(head);
    out.write(payload);
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Good heads and frames that were changed at random: whatever comes of them, the server answers or ends the
 * connection, has no bug to report and goes on. The seed is fixed; {@code -Dlogtap.seed} sets another.
 */
class ServeFuzzIT {
  private static final int ROUNDS = 40;

  /** At once, so that those that wait for the end of a time limit wait together. */
  private static final int PEERS = 20;

  /** Bytes that mean something to those who parse heads, paths, queries and JSON. */
  private static final String SPICE = "\r\n\0\t :;,/?#%&=+.\"\\{}[]\u007f\u0080\u00ff-0129aZ";

  private final long seed = Long.getLong("logtap.seed", 20250101);
  private final Random random = new Random(seed);

  @TempDir Path directory;

  private Path config;
  private Server server;
  private StreamClient witness;
  private int filesBefore;

  @BeforeEach
  void start() {
    Path log = directory.resolve("app.log");
    config = directory.resolve("logtap.toml");
    LogFiles.append(log, "line\n");
    LogFiles.append(config, "");
    server = Server.with("app", log).argument("--config=" + config).start();
    witness = server.stream("app", "").expect("line");
    server.expectRunning();
    filesBefore = server.view().openFiles().size();
  }

  @AfterEach
  void stop() {
    witness.close();
    server.close();
  }

  @Test
  void heads_changed_at_random() {
    List<byte[]> heads;
    try (RawPeer peer = server.connect()) {
      String token = Tokens.any();
      heads =
          List.of(
              peer.head("GET", Server.REST + "app?lines=5", "Authorization: Bearer " + token),
              peer.head("OPTIONS", "/healthz", "Origin: https://x.example", "Access-Control-Request-Method: GET"),
              peer.head("HEAD", Server.REST + "%61pp", "Content-Length: 0", "Connection: keep-alive"),
              peer.head(
                  "GET",
                  Server.target("app", "lines=5&search=x&cursor=AAAA", token),
                  "Upgrade: websocket",
                  "Connection: keep-alive, Upgrade",
                  "Sec-WebSocket-Version: 13",
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                  "Sec-WebSocket-Protocol: logtap, bearer." + token,
                  "Origin: http://127.0.0.1"));
    }

    // Half a head shall end soon; those who do nothing wrong have the usual time.
    configure("[serve]\nhead-timeout = '500ms'\nidle-timeout = '500ms'\n");
    for (int round = 0; round < ROUNDS; round++) {
      Map<RawPeer, byte[]> peers = new LinkedHashMap<>();
      for (int i = 0; i < PEERS; i++) {
        peers.put(server.connect(), changed(heads.get(random.nextInt(heads.size()))));
      }
      peers.forEach(RawPeer::sendUnlessClosed);
      peers.forEach(this::expectStreamOrEnd);
      peers.keySet().forEach(RawPeer::close);
    }
    configure("");
    expectUnharmed();
  }

  @Test
  void frames_changed_at_random() {
    List<byte[]> frames =
        List.of(
            Frame.text("{\"type\":\"ping\"}").masked(),
            Frame.text("{\"type\":\"filter\",\"search\":\"\\u00e4\"}").masked(),
            Frame.text("{\"type\":\"token\",\"token\":\"" + Tokens.any() + "\"}").masked(),
            new Frame(false, Frame.TEXT, "{\"type\":".getBytes(StandardCharsets.US_ASCII)).masked(),
            new Frame(true, Frame.CONTINUATION, "\"ping\"}".getBytes(StandardCharsets.US_ASCII)).masked(),
            new Frame(true, Frame.PING, new byte[20]).masked(),
            Frame.close(1000).masked());

    for (int peers = 0; peers < ROUNDS * PEERS; peers++) {
      ByteArrayOutputStream sent = new ByteArrayOutputStream();
      for (int i = random.nextInt(4); i >= 0; i--) {
        byte[] frame = frames.get(random.nextInt(frames.size()));
        sent.writeBytes(random.nextBoolean() ? frame : changed(frame));
      }
      try (RawPeer peer = server.rawStream("app", "")) {
        peer.sendUnlessClosed(sent.toByteArray());
      }
    }
    expectUnharmed();
  }

  /** Up to four changes: a bit, a byte, a piece left out, a piece twice. */
  private byte[] changed(byte[] bytes) {
    byte[] now = bytes;
    for (int i = random.nextInt(4); i >= 0 && now.length > 2; i--) {
      int from = random.nextInt(now.length);
      int to = Math.min(now.length, from + 1 + random.nextInt(20));
      switch (random.nextInt(4)) {
        case 0 -> {
          now = now.clone();
          now[from] ^= (byte) (1 << random.nextInt(8));
        }
        case 1 -> {
          now = now.clone();
          now[from] = (byte) SPICE.charAt(random.nextInt(SPICE.length()));
        }
        case 2 -> now = joined(Arrays.copyOf(now, from), Arrays.copyOfRange(now, to, now.length));
        default -> now = joined(Arrays.copyOf(now, to), Arrays.copyOfRange(now, from, now.length));
      }
    }
    return now;
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }

  /** A change may leave the request for a stream as good as it was; all else ends by itself. */
  private void expectStreamOrEnd(RawPeer peer, byte[] head) {
    StringBuilder got = new StringBuilder();
    Await.until(
        () -> {
          RawPeer.Rest rest = peer.rest(Duration.ofMillis(20));
          got.append(new String(rest.bytes(), StandardCharsets.ISO_8859_1));
          return rest.ended() || got.indexOf("HTTP/1.1 101 ") >= 0;
        },
        () -> "seed " + seed + ", no end after " + new String(head, StandardCharsets.ISO_8859_1) + "\n" + server);
  }

  private void configure(String text) {
    LogFiles.truncate(config);
    LogFiles.append(config, text);
    server.reload("read the config again");
  }

  private void expectUnharmed() {
    witness.sendAndAwaitPong();
    server.expectRunning();
    Await.until(() -> server.view().openFiles().size() <= filesBefore, server::toString);
    assertEquals(List.of("line"), server.get(Server.REST + "app").expect(200).lines());
    List<String> bugs = server.err().lines().filter(line -> line.contains("this is a bug")).toList();
    assertEquals(List.of(), bugs, () -> "seed " + seed);
  }
}

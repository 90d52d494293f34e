import dev.logtap.railway.RailwayStandIn;
import dev.logtap.railway.RailwayToken;
import dev.logtap.railway.StandInRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures the relay of `logtap serve` against a stand-in for Railway in this process: what of a core it takes to bring the
 * 1,250 entries a second that Railway gives at most to ten clients, and how much later they get them than a client of the
 * stand-in's own. Prints both beside their goals.
 *
 * <p>Run by {@code mvn -B -q -DskipTests package exec:exec@bench-relay}. The argument is the launcher.
 */
public final class RelayBenchmark {
  private static final int CLIENTS = 10;

  /** Entries in one batch, one batch each such time: 1,250 a second. */
  private static final int BATCH = 25;

  private static final Duration INTERVAL = Duration.ofMillis(20);

  /** Until it has been compiled for what it does. */
  private static final Duration WARMING = Duration.ofSeconds(30);

  private static final Duration MEASURED = Duration.ofSeconds(20);
  private static final int CLOCK_TICKS = 100;
  private static final String ENVIRONMENT = "5f0c2d3e-0000-4000-8000-000000000001";
  private static final String SERVICE = "0d1c6a2e-0000-4000-8000-00000000000a";

  /** What the relay asks for. */
  private static final String FIELDS =
      "timestamp message severity tags { serviceId deploymentId deploymentInstanceId } attributes { key value }";

  private static final RailwayToken TOKEN = new RailwayToken(RailwayToken.Kind.PROJECT, "project-token");
  private static final Pattern LISTENING = Pattern.compile("listening on http://127\\.0\\.0\\.1:(\\d+)");

  private static final String PADDING =
      "10.0.0.7 - - [23/Nov/2026:01:02:03 +0000] \"GET /orders HTTP/1.1\" 200 612 \"-\" \"curl/8.5\"";

  private RelayBenchmark() {}

  /**
   * A client that notes how long each row took to come. It looks for the rows' texts in the bytes, whatever frames they come
   * in: ten clients that understood what they read would take longer than the relay.
   */
  private static final class Client implements AutoCloseable {
    private static final byte[] MARK = "stored at ".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final List<Long> delays = new ArrayList<>();

    Client(int port, String target, String... headers) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      String head =
          "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n".formatted(target, port)
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
              + String.join("", Arrays.stream(headers).map(header -> header + "\r\n").toList())
              + "\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      await("\r\n\r\n");
    }

    /** Skips all up to a text. */
    void await(String text) throws IOException {
      StringBuilder seen = new StringBuilder();
      while (seen.indexOf(text) < 0) {
        int b = socket.getInputStream().read();
        if (b < 0) {
          throw new IOException("no '" + text.strip() + "' but: " + seen);
        }
        seen.append((char) b);
      }
    }

    Client listen() {
      Thread.ofPlatform().daemon().start(this::read);
      return this;
    }

    /** As a text frame with a mask of zeros (RFC 6455 5.3). */
    void send(String text) throws IOException {
      byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
      ByteBuffer frame = ByteBuffer.allocate(8 + payload.length).put((byte) 0x81);
      if (payload.length < 126) {
        frame.put((byte) (0x80 | payload.length));
      } else {
        frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
      }
      frame.putInt(0).put(payload);
      socket.getOutputStream().write(frame.array(), 0, frame.position());
    }

    private void read() {
      byte[] bytes = new byte[256 << 10];
      int length = 0;
      try {
        for (int count; (count = socket.getInputStream().read(bytes, length, bytes.length - length)) >= 0; ) {
          int end = length + count;
          int kept = note(bytes, end, System.nanoTime());
          System.arraycopy(bytes, kept, bytes, 0, end - kept);
          length = end - kept;
        }
      } catch (IOException _) {
        // Closed.
      }
    }

    /** Notes each row that is there to its last digit; where what is behind the last one begins. */
    private synchronized int note(byte[] bytes, int end, long now) {
      int kept = Math.max(0, end - 64);
      for (int at = 0; at < end - MARK.length; at++) {
        if (bytes[at] != 's' || !Arrays.equals(bytes, at, at + MARK.length, MARK, 0, MARK.length)) {
          continue;
        }
        long stored = 0;
        int digit = at + MARK.length;
        for (; digit < end && bytes[digit] >= '0' && bytes[digit] <= '9'; digit++) {
          stored = 10 * stored + bytes[digit] - '0';
        }
        if (digit == end) {
          return at;
        }
        delays.add(now - stored);
        kept = Math.max(kept, digit);
        at = digit;
      }
      return kept;
    }

    synchronized void forget() {
      delays.clear();
    }

    synchronized List<Long> all() {
      return List.copyOf(delays);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  public static void main(String[] args) throws Exception {
    if (args.length != 1) {
      System.err.println("usage: RelayBenchmark LAUNCHER");
      System.exit(2);
    }
    String secret = HexFormat.of().formatHex(new SecureRandom().generateSeed(32));
    try (RailwayStandIn railway = RailwayStandIn.start()) {
      railway.environment(ENVIRONMENT, "production").service(ENVIRONMENT, SERVICE, "api").allow(TOKEN, ENVIRONMENT);
      Process server = serve(args[0], secret, railway.url());
      try {
        BufferedReader said = server.errorReader();
        int port = port(said);
        Thread.ofVirtual().start(() -> skip(said));
        String token = token(args[0], secret);
        // One after the other: the stand-in serves its subscribers in turn, and the second would wait for the first.
        double own = directDelay(railway);
        relay(railway, server, port, token, own);
      } finally {
        server.destroy();
        server.waitFor();
      }
    }
  }

  /** The median delay of a client of the stand-in's own. */
  private static double directDelay(RailwayStandIn railway) throws Exception {
    try (Client direct = direct(railway.url())) {
      railway.awaitSubscriptions(ENVIRONMENT, 1);
      store(railway, WARMING);
      direct.forget();
      store(railway, MEASURED);
      return median(direct.all());
    } finally {
      railway.awaitSubscriptions(ENVIRONMENT, 0);
    }
  }

  private static void relay(RailwayStandIn railway, Process server, int port, String token, double own)
      throws Exception {
    List<Client> clients = new ArrayList<>();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(relayed(port, token));
      }
      railway.awaitSubscriptions(ENVIRONMENT, 1);
      store(railway, WARMING);
      clients.forEach(Client::forget);
      long ticks = ticks(server);
      long begun = System.nanoTime();
      long rows = store(railway, MEASURED);
      double seconds = (System.nanoTime() - begun) / 1e9;
      double core = 100.0 * (ticks(server) - ticks) / CLOCK_TICKS / seconds;
      List<Long> delays = new ArrayList<>();
      clients.forEach(client -> delays.addAll(client.all()));
      double through = median(delays);
      System.out.printf("%.0f entries/s to %d clients: %.1f %% of a core (goal: under 15)%n", rows / seconds, CLIENTS, core);
      System.out.printf(
          "delay, median: %.2f ms through the relay, %.2f ms without it: %.2f ms more (goal: under 1)%n",
          through / 1e6, own / 1e6, (through - own) / 1e6);
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  private static double median(List<Long> values) {
    long[] sorted = values.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  /** Stores rows at Railway's most; how many. */
  private static long store(RailwayStandIn railway, Duration time) throws InterruptedException {
    long begun = System.nanoTime();
    long batches = time.dividedBy(INTERVAL);
    for (long i = 1; i <= batches; i++) {
      Instant now = Instant.now();
      StandInRow[] rows = new StandInRow[BATCH];
      for (int j = 0; j < BATCH; j++) {
        String message = PADDING + " stored at " + System.nanoTime();
        rows[j] = StandInRow.of(now.plusNanos(1000L * j), SERVICE, message).withAttribute("status", "200");
      }
      railway.store(ENVIRONMENT, rows);
      TimeUnit.NANOSECONDS.sleep(begun + i * INTERVAL.toNanos() - System.nanoTime());
    }
    return batches * BATCH;
  }

  private static Process serve(String launcher, String secret, URI railway) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            launcher, "serve", "--listen=127.0.0.1:0", "--environment=" + ENVIRONMENT, "--railway-url=" + railway);
    builder.environment().put("LOGTAP_JWT_SECRET", secret);
    builder.environment().put("RAILWAY_TOKEN", TOKEN.secret());
    return builder.start();
  }

  private static int port(BufferedReader said) throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        return Integer.parseInt(listening.group(1));
      }
    }
    throw new IOException("the server did not begin to listen");
  }

  private static String token(String launcher, String secret) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(launcher, "token");
    builder.environment().put("LOGTAP_JWT_SECRET", secret);
    try (BufferedReader said = builder.start().inputReader()) {
      return said.readLine();
    }
  }

  private static void skip(BufferedReader said) {
    try {
      said.skip(Long.MAX_VALUE);
    } catch (IOException _) {
      // The server has ended.
    }
  }

  private static Client relayed(int port, String token) throws IOException {
    String target = "/api/environments/" + ENVIRONMENT + "/logs/stream?lines=0";
    return new Client(port, target, "Authorization: Bearer " + token).listen();
  }

  /** Subscribes as the relay does, by hand. */
  private static Client direct(URI railway) throws IOException {
    Client client =
        new Client(
            railway.getPort(),
            railway.getPath(),
            "Project-Access-Token: " + TOKEN.secret(),
            "Sec-WebSocket-Protocol: graphql-transport-ws");
    client.send("{\"type\":\"connection_init\"}");
    client.await("connection_ack");
    String query =
        "subscription { environmentLogs(environmentId: \\\"%s\\\", beforeDate: \\\"%s\\\", beforeLimit: 5000) { %s } }"
            .formatted(ENVIRONMENT, Instant.now(), FIELDS);
    client.send("{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"" + query + "\"}}");
    return client.listen();
  }

  /** User's and system's time of a process, in ticks of 10 ms. */
  private static long ticks(Process process) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }
}

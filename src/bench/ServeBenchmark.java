import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Measures `logtap serve` against a C program that only copies (`wsideal`) and against websocketd with a
 * `tail -F` for each client, in pairs that take turns in one run, so that neither the machine nor its drift
 * matters. Prints ratios; the goals stand beside them.
 *
 * <p>Run by {@code mvn -B -q -DskipTests package exec:exec@bench-serve}, some of it by {@code -Dbench.serve=rest}. The
 * arguments are the launcher and the sections, separated by commas. Needs gcc and python3; websocketd and
 * wrk are used where they are installed.
 */
public final class ServeBenchmark {
  private static final int PAIRS = Integer.getInteger("pairs", 5);
  private static final Set<String> SECTIONS = new TreeSet<>(Set.of("fanout", "latency", "memory", "rest"));
  private static final String WS = "/api/v1/server/logs/app/ws?lines=0";
  private static final String SECRET = HexFormat.of().formatHex(new SecureRandom().generateSeed(32));
  private static final Pattern LISTENING = Pattern.compile("listening on http://127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern LINES_A_SECOND = Pattern.compile("linesps=(\\d+)");
  private static final Pattern MEDIAN = Pattern.compile("p50=(\\d+)");
  private static final Pattern REQUESTS_A_SECOND = Pattern.compile("Requests/sec: *([0-9.]+)");

  /** The longest that anything takes here, on a slow machine; what takes longer is ended. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** So many lines, and a server that runs for days has been compiled for what it does. */
  private static final int WARM = 10_000;

  /** A line of loggen.py has some 165 bytes. */
  private static final long LINES_OF_64_MB = 400_000;

  /** A collection of a quiet server comes within this time, in seconds. */
  private static final int COLLECTION = 70;

  private final String logtap;
  private final Path sources;
  private final Path directory;
  private final Path log;

  private ServeBenchmark(String logtap, Path sources, Path directory) {
    this.logtap = logtap;
    this.sources = sources;
    this.directory = directory;
    this.log = directory.resolve("app.log");
  }

  public static void main(String[] args) throws Exception {
    List<String> sections = args.length > 1 ? List.of(args[1].split(",")) : List.copyOf(SECTIONS);
    if (args.length == 0 || !SECTIONS.containsAll(sections)) {
      System.err.println("usage: ServeBenchmark LAUNCHER [SECTION,...], of " + String.join(", ", SECTIONS));
      System.exit(2);
    }
    for (String tool : List.of("gcc", "python3")) {
      if (!isThere(tool)) {
        System.err.println("nothing was measured: there is no " + tool);
        System.exit(1);
      }
    }
    Path sources = Path.of(System.getProperty("sources", "src/bench")).toAbsolutePath();
    Path directory = newDirectory();
    try {
      ServeBenchmark benchmark = new ServeBenchmark(Path.of(args[0]).toAbsolutePath().toString(), sources, directory);
      benchmark.compile("wsdrain");
      benchmark.compile("wsideal");
      for (String section : sections) {
        switch (section) {
          case "fanout" -> benchmark.fanOut();
          case "latency" -> benchmark.latency();
          case "memory" -> benchmark.memory();
          default -> benchmark.rest();
        }
      }
    } finally {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  /** In memory where there is room, so that no disk disturbs. */
  private static Path newDirectory() throws IOException {
    Path memory = Path.of("/dev/shm");
    boolean room = Files.isWritable(memory) && Files.getFileStore(memory).getUsableSpace() > 4L << 30;
    return room ? Files.createTempDirectory(memory, "logtap-bench") : Files.createTempDirectory("logtap-bench");
  }

  private void compile(String program) throws Exception {
    run("gcc", "-O2", "-o", directory.resolve(program).toString(), sources.resolve(program + ".c").toString());
  }

  // ---- fanout: lines appended as fast as can be, to many clients

  private void fanOut() throws Exception {
    System.out.println("lines a second to all clients together, appended as fast as can be");
    try (Running ours = logtap()) {
      load(ours, 100, 100_000);
      double[] hundred = new double[PAIRS];
      double[] thousand = new double[PAIRS];
      for (int i = 0; i < PAIRS; i++) {
        hundred[i] = load(ours, 100, 100_000) / idealLoad(100, 100_000);
        thousand[i] = load(ours, 1000, 20_000) / idealLoad(1000, 20_000);
      }
      report("100 clients / wsideal", "at least 0.8", hundred);
      report("1,000 clients / wsideal", "at least 0.7", thousand);
      if (!isThere("websocketd")) {
        System.out.println("  100 clients / websocketd: not measured, there is no websocketd");
        return;
      }
      double[] known = new double[PAIRS];
      for (int i = 0; i < PAIRS; i++) {
        known[i] = load(ours, 100, 100_000) / websocketdLoad(100, 10_000);
      }
      report("100 clients / websocketd", "at least 10", known);
    }
  }

  private double load(Running server, int clients, long lines) throws Exception {
    return number(LINES_A_SECOND, drain(server, clients, lines, 0));
  }

  private double idealLoad(int clients, long lines) throws Exception {
    try (Running ideal = ideal()) {
      return load(ideal, clients, lines);
    }
  }

  private double websocketdLoad(int clients, long lines) throws Exception {
    // It has tail read from the begin, so it matters not when that has begun.
    try (Running websocketd =
        other("websocketd", "--address=127.0.0.1", "--port=PORT", "tail", "-n", "+1", "-F", "LOG")) {
      return load(websocketd, clients, lines);
    }
  }

  // ---- latency: from append to client

  private void latency() throws Exception {
    System.out.println("200 lines a second to 10 clients, median from append to arrival");
    double[] fresh = new double[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
      try (Running ours = logtap();
          Running ideal = ideal()) {
        fresh[i] = medianDelay(ours) / medianDelay(ideal);
      }
    }
    report("its first 800 lines / wsideal", "none", fresh);
    double[] warm = new double[PAIRS];
    try (Running ours = logtap()) {
      drain(ours, 10, WARM, 1000);
      for (int i = 0; i < PAIRS; i++) {
        double median = medianDelay(ours);
        try (Running ideal = ideal()) {
          warm[i] = median / medianDelay(ideal);
        }
      }
    }
    report("after 10,000 lines / wsideal", "at most 2.0", warm);
  }

  private double medianDelay(Running server) throws Exception {
    return number(MEDIAN, drain(server, 10, 800, 200, "-L"));
  }

  // ---- memory: clients that do not read, and ones that come and go

  private void memory() throws Exception {
    System.out.println("memory of the server's process, MB");
    try (Running ours = logtap()) {
      comeAndGo(ours, 1);
      View before = settled(ours);
      drain(ours, 1000, LINES_OF_64_MB, 0, "-z", "50");
      View after = settled(ours);
      System.out.printf("  %-36s %5d   (goal: under 400)%n", "1,000 clients, 50 never read, 64 MB", after.peak());
      compare("when they have gone", before.resident(), after.resident());
    }
    System.out.println("10,000 connections that come and go");
    try (Running ours = logtap()) {
      comeAndGo(ours, 4);
      View before = settled(ours);
      comeAndGo(ours, 20);
      View after = settled(ours);
      compare("threads", before.threads(), after.threads());
      compare("descriptors", before.descriptors(), after.descriptors());
      compare("memory, MB", before.resident(), after.resident());
    }
  }

  private static void compare(String what, long before, long after) {
    System.out.printf("  %-36s %5d   (before: %d; goal: about equal)%n", what, after, before);
  }

  /** Each time 500 clients open a stream, wait for its first message, and are gone. */
  private void comeAndGo(Running server, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      Process clients = start(wsdrain(server, 500, 0));
      clients.getInputStream().readAllBytes();
      expectSuccess(clients, "wsdrain");
    }
  }

  /** What there is when the server has let go of its clients, and its collector has given back what they needed. */
  private static View settled(Running server) throws Exception {
    View view = View.of(server);
    View before;
    int seconds = 0;
    do {
      before = view;
      TimeUnit.SECONDS.sleep(2);
      seconds += 2;
      view = View.of(server);
    } while (seconds < 60 && (view.descriptors() < before.descriptors() || view.threads() < before.threads()));
    TimeUnit.SECONDS.sleep(COLLECTION);
    return View.of(server);
  }

  /** What /proc tells of a process; memory in MB. */
  private record View(long resident, long peak, long threads, long descriptors) {

    static View of(Running server) throws IOException {
      Path proc = Path.of("/proc", Long.toString(server.process.pid()));
      String status = Files.readString(proc.resolve("status"));
      try (Stream<Path> descriptors = Files.list(proc.resolve("fd"))) {
        return new View(
            field(status, "VmRSS") >> 10, field(status, "VmHWM") >> 10, field(status, "Threads"), descriptors.count());
      }
    }

    private static long field(String status, String name) throws IOException {
      return (long) number(Pattern.compile(name + ":\\s*(\\d+)"), status);
    }
  }

  // ---- rest: last lines by HTTP

  private void rest() throws Exception {
    Path big = directory.resolve("big.log");
    Path small = directory.resolve("small.log");
    write(small, 1000, 1);
    write(big, 1000, 8000);
    System.out.println("last lines by GET, on keep-alive");
    try (Running ours = logtap("--log", "big=" + big, "--log", "small=" + small);
        HttpClient client = HttpClient.newHttpClient()) {
      String url = "http://127.0.0.1:" + ours.port + "/api/v1/server/logs/";
      double[] ofBig = new double[400];
      double[] ofSmall = new double[ofBig.length];
      for (int i = -100; i < ofBig.length; i++) {
        double one = time(client, url + "big?lines=500");
        double other = time(client, url + "small?lines=500");
        if (i >= 0) {
          ofBig[i] = one;
          ofSmall[i] = other;
        }
      }
      double ratio = median(ofBig) / median(ofSmall);
      System.out.printf("  %-36s %5.2f   (goal: about 1)%n", "500 lines of 1.3 GB / of a small log", ratio);
      if (!isThere("wrk")) {
        System.out.println("  requests a second: not measured, there is no wrk");
        return;
      }
      wrk(url + "big?lines=50", "of 50 lines, requests a second", "at least 5,000");
      wrk(url + "big?lines=500", "of 500 lines, requests a second", "none, for comparison");
    }
    Files.delete(big);
    Files.delete(small);
  }

  private void write(Path file, int lines, int times) throws Exception {
    generate(file, lines, 0);
    byte[] bytes = Files.readAllBytes(file);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < times; i++) {
        out.write(bytes);
      }
    }
  }

  private static double time(HttpClient client, String url) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + token()).timeout(LIMIT).build();
    long begin = System.nanoTime();
    HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException(url + " was answered with " + answer.statusCode());
    }
    return System.nanoTime() - begin;
  }

  private static void wrk(String url, String what, String goal) throws Exception {
    String[] command = {"wrk", "-t", "1", "-c", "16", "-d", "5s", "-H", "Authorization: Bearer " + token(), url};
    run(command);
    String result = run(command);
    if (result.contains("Non-2xx") || result.contains("Socket errors")) {
      throw new IOException("wrk saw errors:\n" + result);
    }
    System.out.printf("  %-36s %5.0f   (goal: %s)%n", what, number(REQUESTS_A_SECOND, result), goal);
  }

  // ---- the servers

  /** A server on a log. */
  private record Running(Process process, int port, String path, Path log) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private Running logtap(String... options) throws Exception {
    Files.writeString(log, "");
    List<String> command = new ArrayList<>(List.of(logtap, "serve", "--listen", "127.0.0.1:0", "--log", "app=" + log));
    command.addAll(List.of("--max-connections", "3000"));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("LOGTAP_JWT_SECRET", SECRET);
    Process process = start(builder);
    BufferedReader said = process.errorReader();
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      all.append(line).append('\n');
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        // What it says from now on is of no interest, but has to be taken.
        Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
        return new Running(process, Integer.parseInt(listening.group(1)), WS, log);
      }
    }
    throw new IOException("logtap serve did not begin to listen:\n" + all);
  }

  private Running ideal() throws Exception {
    return other(directory.resolve("wsideal").toString(), "PORT", "LOG");
  }

  /** One that takes a port and says nothing, on a new log. */
  private Running other(String... command) throws Exception {
    Path log = directory.resolve("other.log");
    Files.writeString(log, "");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    List<String> filled = new ArrayList<>();
    for (String word : command) {
      filled.add(word.replace("PORT", Integer.toString(port)).replace("LOG", log.toString()));
    }
    ProcessBuilder builder = new ProcessBuilder(filled).redirectErrorStream(true);
    Process process = start(builder.redirectOutput(ProcessBuilder.Redirect.DISCARD));
    for (int i = 0; i < 500 && process.isAlive(); i++) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return new Running(process, port, "/", log);
      } catch (IOException _) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
    process.destroyForcibly();
    throw new IOException(filled + " does not listen");
  }

  // ---- the load

  /** Opens clients, appends lines, and waits until all have all; what wsdrain says of it. */
  private String drain(Running server, int clients, long lines, int rate, String... options) throws Exception {
    Process drain = start(wsdrain(server, clients, lines, options));
    BufferedReader said = drain.inputReader();
    if (!"ready".equals(said.readLine())) {
      throw new IOException("not all of " + clients + " clients could connect");
    }
    // A stream begins some time after its handshake: nothing tells.
    TimeUnit.MILLISECONDS.sleep(500);
    generate(server.log, lines, rate);
    StringBuilder all = new StringBuilder();
    said.lines().forEach(line -> all.append(line).append('\n'));
    expectSuccess(drain, "wsdrain: " + all);
    return all.toString();
  }

  private ProcessBuilder wsdrain(Running server, int clients, long lines, String... options) {
    List<String> command = new ArrayList<>(List.of(directory.resolve("wsdrain").toString(), "-r"));
    command.addAll(List.of("-w", Long.toString(LIMIT.toSeconds() / 2), "-H", "Authorization: Bearer " + token()));
    command.addAll(List.of(options));
    command.addAll(List.of("127.0.0.1", Integer.toString(server.port), server.path));
    command.addAll(List.of(Integer.toString(clients), Long.toString(lines)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  private void generate(Path log, long lines, int rate) throws Exception {
    String loggen = sources.resolve("loggen.py").toString();
    run("python3", loggen, log.toString(), Long.toString(lines), Integer.toString(rate));
  }

  /** One that opens everything for the time of this run. */
  private static String token() {
    long expiry = Instant.now().plusSeconds(3600).getEpochSecond();
    String claims = "{\"sub\":\"bench\",\"exp\":" + expiry + "}";
    String content = base64(ascii("{\"alg\":\"HS256\",\"typ\":\"JWT\"}")) + "." + base64(ascii(claims));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(ascii(SECRET), "HmacSHA256"));
      return content + "." + base64(mac.doFinal(ascii(content)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  // ---- processes and figures

  /** Starts a process that ends by itself or is ended. */
  private static Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                if (!process.waitFor(LIMIT)) {
                  System.err.println("ended because it took too long: " + builder.command().getFirst());
                  process.destroyForcibly();
                }
              } catch (InterruptedException e) {
                process.destroyForcibly();
              }
            });
    return process;
  }

  private static String run(String... command) throws Exception {
    Process process = start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    expectSuccess(process, command[0]);
    return said;
  }

  private static void expectSuccess(Process process, String what) throws Exception {
    if (process.waitFor() != 0) {
      throw new IOException(what + " ended with " + process.exitValue());
    }
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static double number(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("no " + pattern + " in\n" + text);
    }
    return Double.parseDouble(matcher.group(1));
  }

  private static double median(double[] figures) {
    Arrays.sort(figures);
    return figures[figures.length / 2];
  }

  private static void report(String what, String goal, double[] ratios) {
    double median = median(ratios);
    System.out.printf(
        "  %-36s %5.2f   (%.2f to %.2f; goal: %s)%n", what, median, ratios[0], ratios[ratios.length - 1], goal);
  }
}

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures `logtap tail` and the start of `logtap watch` against what people know, as whole processes, in pairs that take turns, so that
 * a machine whose speed drifts does not matter. Prints ratios; the goals stand beside them.
 *
 * <p>Run by {@code mvn -B -q -DskipTests package exec:exec@bench}. The argument is the launcher.
 */
public final class TailBenchmark {
  private static final int PAIRS = Integer.getInteger("pairs", 21);
  private static final int BULK_PAIRS = Integer.getInteger("bulk.pairs", 9);
  private static final Pattern LISTENING = Pattern.compile("listening on (http://127\\.0\\.0\\.1:\\d+)");
  private static final long SIZE = 170L << 20;

  private final String logtap;
  private final String java;
  private final Path directory;
  private final Path big;

  private TailBenchmark(String logtap, Path directory) {
    this.logtap = logtap;
    this.java = System.getProperty("java.home") + "/bin/java";
    this.directory = directory;
    this.big = directory.resolve("big.log");
  }

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("logtap-bench");
    try {
      TailBenchmark benchmark = new TailBenchmark(Path.of(args[0]).toAbsolutePath().toString(), directory);
      benchmark.writeLog();
      benchmark.startUp();
      benchmark.startUpOfWatch();
      benchmark.bulk();
      benchmark.rate();
    } finally {
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  private void writeLog() throws IOException {
    try (OutputStream out = Files.newOutputStream(big)) {
      long written = 0;
      for (int i = 0; written < SIZE; i++) {
        byte[] lines = lines(i, 400);
        out.write(lines);
        written += lines.length;
      }
    }
  }

  private static byte[] lines(int from, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < from + count; i++) {
      text.append("10.%d.%d.4 - - [23/Nov/2026:01:%02d:%02d +0000] \"GET /p/%d HTTP/1.1\" 200 %d \"https://example.org/\" \"Mozilla/5.0 (X11; Linux x86_64)\"\n"
          .formatted(i % 255, i / 255 % 255, i % 60, i % 60, i, i * 37L % 99999));
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  // ---- start-up: tail -n 50 of 170 MB

  private void startUp() throws Exception {
    Path config = directory.resolve("logtap.toml");
    Files.writeString(config, "[logs]\nbig = \"" + big + "\"\n[tail]\nlines = 50\n");
    List<String> reference = List.of(java, "-version");
    String[] entry = {"--log", "big=" + big, "big"};
    System.out.println("tail -n 50 of 170 MB, whole process");
    compare("  text / java -version", "at most 2.0", command(entry), reference);
    compare("  json / java -version", "at most 2.2", command("-o", "json", "--log", "big=" + big, "big"), reference);
    compare("  with a config file / java -version", "at most 2.5", command("--config", config.toString(), "big"), reference);
    if (isThere("node")) {
      compare("  text / node -e 0", "below 1.0", command(entry), List.of("node", "-e", "0"));
    }
    compare("  text / GNU tail", "(for comparison)", command(entry), List.of("tail", "-n", "50", big.toString()));
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(logtap, "tail"));
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  private void compare(String what, String goal, List<String> ours, List<String> other) throws Exception {
    time(ours);
    time(other);
    double[] ratios = new double[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
      ratios[i] = (double) time(ours) / time(other);
    }
    report(what, goal, ratios);
  }

  private static long time(List<String> command) throws Exception {
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(command + " ended with " + process.exitValue());
    }
    return System.nanoTime() - begin;
  }

  private static boolean isThere(String program) {
    try {
      return new ProcessBuilder(program, "--version").redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  // ---- start-up of watch: until its first line is out, from a server on this machine

  private void startUpOfWatch() throws Exception {
    System.out.println("watch until its first line, from a local server");
    Path secret = Files.writeString(directory.resolve("secret"), "0123456789abcdef0123456789abcdef\n");
    String token = output(logtap, "token", "--jwt-secret-file=" + secret, "--subject=bench").strip();
    Process server =
        new ProcessBuilder(logtap, "serve", "--listen=127.0.0.1:0", "--jwt-secret-file=" + secret, "--log=big=" + big)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader said = server.errorReader()) {
      Matcher listening = LISTENING.matcher("");
      for (String line = said.readLine(); line != null && !listening.reset(line).find(); line = said.readLine()) {
        // What else it says while it starts.
      }
      compareWatch("  text / java -version", listening.group(1), token);
      compareWatch("  json / java -version", listening.group(1), token, "-o", "json");
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  private void compareWatch(String what, String server, String token, String... options) throws Exception {
    List<String> watch = new ArrayList<>(List.of(logtap, "watch", "--server", server, "-n", "50", "big"));
    watch.addAll(Arrays.asList(options));
    List<String> reference = List.of(java, "-version");
    timeToFirstLine(watch, token);
    time(reference);
    double[] ratios = new double[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
      ratios[i] = (double) timeToFirstLine(watch, token) / time(reference);
    }
    report(what, "at most 3.0", ratios);
  }

  private static long timeToFirstLine(List<String> command, String token) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("LOGTAP_TOKEN", token);
    long begin = System.nanoTime();
    Process process = builder.start();
    try (InputStream out = process.getInputStream()) {
      int read = 0;
      while (read >= 0 && read != '\n') {
        read = out.read();
      }
      if (read < 0) {
        throw new IOException(command + " ended with " + process.waitFor() + " before there was a line");
      }
      return System.nanoTime() - begin;
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  private static String output(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    if (process.waitFor() != 0) {
      throw new IOException(List.of(command) + " ended with " + process.exitValue());
    }
    return output;
  }

  // ---- bulk: 170 MB appended to a followed log, read through a pipe

  private void bulk() throws Exception {
    Path log = directory.resolve("followed.log");
    List<String> gnu = List.of("tail", "-n", "0", "-F", log.toString());
    List<String> text = command("-n", "0", "-f", "--log", "a=" + log, "a");
    List<String> json = command("-n", "0", "-f", "-o", "json", "--log", "a=" + log, "a");
    long bytes = Files.size(big);
    long jsonBytes = count(command("-n", "all", "-o", "json", "--log", "a=" + big, "a"));
    System.out.println("170 MB appended at once to a followed log, into a pipe, as a share of GNU tail -F's speed");
    double[] textRatios = new double[BULK_PAIRS];
    double[] jsonRatios = new double[BULK_PAIRS];
    follow(log, text, bytes);
    for (int i = 0; i < BULK_PAIRS; i++) {
      long theirs = follow(log, gnu, bytes);
      textRatios[i] = (double) theirs / follow(log, text, bytes);
      jsonRatios[i] = (double) theirs / follow(log, json, jsonBytes);
    }
    report("  text", "at least 0.7", textRatios);
    report("  json", "at least 0.35", jsonRatios);
  }

  /** From the append's begin until the reader has all; the reader is head, so that no Java is in the way. */
  private long follow(Path log, List<String> tail, long bytes) throws Exception {
    Files.writeString(log, "first\n");
    ProcessBuilder follower = new ProcessBuilder(tail).redirectError(ProcessBuilder.Redirect.DISCARD);
    ProcessBuilder reader =
        new ProcessBuilder("head", "-c", Long.toString(bytes)).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    List<Process> pipe = ProcessBuilder.startPipeline(List.of(follower, reader));
    try {
      // It follows when it has settled down: nothing on stdout tells.
      TimeUnit.MILLISECONDS.sleep(700);
      long begin = System.nanoTime();
      new ProcessBuilder("sh", "-c", "cat '" + big + "' >> '" + log + "'").start().waitFor();
      pipe.getLast().waitFor();
      return System.nanoTime() - begin;
    } finally {
      pipe.getFirst().destroy();
      pipe.getFirst().waitFor();
    }
  }

  private static long count(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    long count = process.getInputStream().transferTo(OutputStream.nullOutputStream());
    process.waitFor();
    return count;
  }

  // ---- rate: 500,000 lines a second for five seconds, and idleness

  private void rate() throws Exception {
    Path log = directory.resolve("rate.log");
    Files.writeString(log, "");
    Process tail =
        new ProcessBuilder(command("-n", "0", "-f", "-o", "json", "--log", "a=" + log, "a"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    TimeUnit.MILLISECONDS.sleep(700);
    long idleBefore = ticks(tail);
    TimeUnit.SECONDS.sleep(5);
    long idle = ticks(tail) - idleBefore;
    byte[] fiveThousand = lines(0, 5000);
    long behind = 0;
    try (OutputStream out = Files.newOutputStream(log)) {
      long begin = System.nanoTime();
      for (int i = 1; i <= 500; i++) {
        out.write(fiveThousand);
        long due = begin + i * 10_000_000L;
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        behind = System.nanoTime() - due;
      }
    }
    long busy = ticks(tail) - idleBefore - idle;
    tail.destroy();
    System.out.println("tail -f -o json, one core's share");
    System.out.printf("  %-36s %5.1f %%   (goal: none)%n", "idle", idle / 5.0);
    System.out.printf("  %-36s %5.1f %%   (writer %d ms late)%n", "at 500,000 lines a second", busy / 5.0, behind / 1_000_000);
  }

  /** User and system time in hundredths of a second: fields 14 and 15 of /proc/PID/stat. */
  private static long ticks(Process process) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private static void report(String what, String goal, double[] ratios) {
    Arrays.sort(ratios);
    System.out.printf(
        "  %-36s %5.2f   (%.2f to %.2f; goal: %s)%n",
        what.strip(), ratios[ratios.length / 2], ratios[0], ratios[ratios.length - 1], goal);
  }
}

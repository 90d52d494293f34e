package dev.logtap.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Runs the real commands once in one process, when the image is built: the JVM notes what they load and
 * writes it to an AOT cache, so that later starts find it ready. There is a cache for short runs, one for those
 * that go on, one for the server and one for its client. Not reachable from the command line.
 */
public final class Rehearsal {
  private static final String LINES =
      "10.0.0.1 - - [23/Nov/2026:01:02:03 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"curl/8\"\n".repeat(60)
          + "\u00fcml\u00e4ut \u001b[31m\r\n";

  private static final int MUCH = 16 << 20;

  private Rehearsal() {}

  /** Called by the build as {@code COMMAND [-f] DIRECTORY}, by which the launcher picks the flags and the cache. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path directory = Path.of(args[args.length - 1]).toAbsolutePath();
    Path log = directory.resolve("app.log");
    Path config = directory.resolve("logtap.toml");
    Files.writeString(log, LINES);
    Files.write(directory.resolve("bad.log"), new byte[] {(byte) 0xff, 'x', '\n'});
    Files.writeString(
        config,
        """
        [logs]
        app = "app.log"
        bad = { path = "bad.log", symlink = true }
        [tail]
        lines = 50
        output = "text"
        """);
    String entry = "app=" + log;
    if (args[0].equals("serve")) {
      Path secret = Files.writeString(directory.resolve("secret"), "s".repeat(64));
      rehearseTokens(config, secret);
      ServeRehearsal.serve(log, config, secret);
      return;
    }
    if (args[0].equals("watch")) {
      WatchRehearsal.watch(directory);
      return;
    }
    for (boolean terminal : new boolean[] {false, true}) {
      run(terminal, "tail", "--log", entry, "app");
      run(terminal, "tail", "--log", entry, "-o", "json", "app");
      run(terminal, "--config", config.toString(), "tail", "-n", "all", "app", "bad");
    }
    run(false, "tail", "nothing-of-that-name");
    run(false, "tail", "mysql");
    if (args[1].equals("-f")) {
      rehearseTheRest(config);
      follow(log, entry);
      rehearseMuch(directory);
    }
    // The streams of a real run; but not its way out: the JVM has to live on and write the cache.
    Main.run(Shell.ofThisProcess(), "tail", "--log", entry, "app");
  }

  /** Enough for the cache to hold what the optimising compiler has to know of the hot paths. */
  private static void rehearseMuch(Path directory) throws IOException {
    Path log = directory.resolve("much.log");
    for (int written = 0; written < MUCH; written += LINES.length()) {
      Files.writeString(log, LINES, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    String entry = "much=" + log;
    run(false, "tail", "-n", "all", "-o", "json", "--log", entry, "much");
    run(false, "tail", "-n", "all", "--log", entry, "much");
    run(true, "tail", "-n", "all", "--log", entry, "much");
  }

  private static void rehearseTokens(Path config, Path secret) {
    run(false, "--config", config.toString(), "token", "--jwt-secret-file", secret.toString(), "--logs", "app");
    run(false, "token", "--ttl", "8h");
    run(false, "token", "--help");
    run(false, "serve", "--help");
  }

  private static void rehearseTheRest(Path config) {
    run(false, "--config", config.toString(), "logs");
    run(false, "logs", "-o", "json");
    run(false, "--version");
    run(false, "--help");
    run(false, "tail", "--help");
    run(false, "tail", "--folow");
    run(false, "tial");
  }

  private static void run(boolean terminal, String... args) {
    Main.run(shell(OutputStream.nullOutputStream(), terminal), args);
  }

  /** Follows until a line that was written meanwhile has come. */
  private static void follow(Path log, String entry) throws IOException, InterruptedException {
    StopAtSecondLine out = new StopAtSecondLine();
    Thread tail =
        Thread.ofPlatform().start(() -> Main.run(shell(out, false), "tail", "-f", "-n", "1", "-o", "json", "--log", entry, "app"));
    out.first.await();
    while (tail.isAlive()) {
      Files.writeString(log, "one more\n", StandardOpenOption.APPEND);
      tail.join(20);
    }
  }

  private static Shell shell(OutputStream out, boolean terminal) {
    PrintStream err = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new Shell(out, err, Map.of(), terminal, null);
  }

  /** A reader that goes away when it has what it came for. */
  private static final class StopAtSecondLine extends OutputStream {
    private final CountDownLatch first = new CountDownLatch(1);

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (first.getCount() == 0) {
        throw new IOException("Broken pipe");
      }
      if (length > 0) {
        first.countDown();
      }
    }
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a server starts, or says why it does not; and how a cron line keeps one running. */
class ServeStartIT {
  @TempDir Path directory;

  private Server.Setup setup;

  @BeforeEach
  void setUp() {
    setup = Server.with("app", directory.resolve("app.log"));
  }

  @Test
  void port_that_is_taken_is_1_and_a_sentence() {
    try (Server first = setup.start()) {
      Logtap second = setup.port(first.port()).launch().expectExit(1);

      Sentence.expect(second, "127.0.0.1:" + first.port(), "; ");
      first.expectRunning();
    }
  }

  @Test
  void ensure_is_quietly_done_where_a_logtap_answers() {
    try (Server first = setup.start()) {
      Logtap second = setup.port(first.port()).argument("--ensure").launch().expectExit(0);

      assertEquals("", second.err());
      assertEquals("", second.out());
      first.expectRunning();
    }
  }

  @Test
  void ensure_starts_a_server_where_there_is_none() {
    try (Server server = setup.argument("--ensure").start()) {
      server.expectRunning();
    }
  }

  /** What a cron line has to know is the address. */
  @Test
  void ensure_needs_no_secret_where_a_logtap_answers() {
    try (Server first = setup.start()) {
      Logtap second = setup.without("LOGTAP_JWT_SECRET").port(first.port()).argument("--ensure").launch().expectExit(0);
      assertEquals("", second.err());
    }
  }

  @Test
  void ensure_does_not_wait_for_ever_for_one_that_says_little_at_a_time() throws IOException {
    try (ServerSocket slow = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> drip(slow));
      Sentence.expect(setup.port(slow.getLocalPort()).argument("--ensure").launch().expectExit(1), "; ");
    }
  }

  private static void drip(ServerSocket slow) {
    try {
      while (true) {
        var peer = slow.accept();
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try (peer) {
                    while (true) {
                      peer.getOutputStream().write(' ');
                      LockSupport.parkNanos(100_000_000);
                    }
                  } catch (IOException _) {
                    // It has had enough.
                  }
                });
      }
    } catch (IOException _) {
      // The test is over.
    }
  }

  @Test
  void signal_that_comes_while_it_starts_counts() throws IOException {
    Path secret = LogFiles.makeFifo(directory.resolve("secret"));
    try (Logtap run = setup.without("LOGTAP_JWT_SECRET").set("jwt-secret-file", secret).launch()) {
      try (OutputStream out = Files.newOutputStream(secret)) {
        // It reads its secret now.
        run.signal("TERM");
        out.write(Tokens.SECRET.getBytes(StandardCharsets.US_ASCII));
      }
      run.expectExit(0);
    }
  }

  @Test
  void address_that_is_not_this_machines_is_not_taken_by_anybody() {
    Logtap run = Logtap.run(Map.of("LOGTAP_JWT_SECRET", Tokens.SECRET), "serve", "--listen=192.0.2.1:8000").expectExit(1);

    Sentence.expect(run, "192.0.2.1:8000", "; give another address");
  }

  @Test
  void lines_begin_with_their_level_only_where_the_journal_reads_them() {
    try (Server server = setup.variable("JOURNAL_STREAM", "1:2").start()) {
      assertTrue(server.err().startsWith("logtap: "), server::toString);
    }
    String withJournal = "JOURNAL_STREAM=$(stat -L -c %d:%i /dev/fd/2) exec \"$0\" serve --listen=127.0.0.1:0";
    List<String> command = List.of("sh", "-c", withJournal, Logtap.launcher().toString());
    try (Logtap run = Logtap.startCommand(Map.of("LOGTAP_JWT_SECRET", Tokens.SECRET), command)) {
      run.awaitErr("listening");
      assertTrue(run.err().startsWith("<6>logtap: "), run::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"status\":\"ok\"}",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "220 mail.example.org ESMTP\r\n",
        ""
      })
  void ensure_is_1_where_something_else_answers(String answer) throws IOException {
    try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> answerAll(other, answer));

      Logtap run = setup.port(other.getLocalPort()).argument("--ensure").launch().expectExit(1);

      Sentence.expect(run, "127.0.0.1:" + other.getLocalPort(), "; ");
    }
  }

  @Test
  void ensure_does_not_wait_for_ever_for_one_that_says_nothing() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Sentence.expect(setup.port(silent.getLocalPort()).argument("--ensure").launch().expectExit(1), "; ");
    }
  }

  private static void answerAll(ServerSocket other, String answer) {
    try {
      while (true) {
        try (var peer = other.accept()) {
          peer.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
      }
    } catch (IOException _) {
      // The test is over.
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LOGTAP_LISTEN=x", "LOGTAP_MAX_CONNECTIONS=0", "LOGTAP_MAX_CONNECTIONS=x", "LOGTAP_ALLOW_ORIGIN=example.org",
        "LOGTAP_HEAD_TIMEOUT=x", "LOGTAP_TLS_CERT=/nonexistent"
      })
  void setting_that_makes_no_sense_is_2_and_named(String setting) {
    String[] parts = setting.split("=");
    Logtap run = Logtap.run(Map.of("LOGTAP_JWT_SECRET", Tokens.SECRET, parts[0], parts[1]), "serve").expectExit(2);

    String name = parts[0].substring("LOGTAP_".length()).toLowerCase(Locale.ROOT).replace('_', '-');
    assertTrue(run.err().contains(parts[0]) || run.err().contains(name), run::toString);
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server behind its own certificate. */
class ServeTlsIT {
  /** Longer than the time that tests give a head, and not as long as it has by default. */
  private static final Duration SOON = Duration.ofSeconds(8);

  @TempDir static Path made;

  private static Certificate ec;
  private static Certificate rsa;

  @TempDir Path directory;

  private Path log;
  private Path certificateFile;
  private Path keyFile;

  @BeforeAll
  static void makeCertificates() {
    ec = Certificate.make(made, "EC");
    rsa = Certificate.make(made, "RSA");
  }

  @BeforeEach
  void setUp() {
    log = directory.resolve("app.log");
    certificateFile = directory.resolve("cert.pem");
    keyFile = directory.resolve("key.pem");
    LogFiles.append(log, "line\n");
  }

  private Server.Setup with(Certificate certificate) {
    certificate.install(certificateFile, keyFile);
    return Server.with("app", log).argument("--tls-cert=" + certificateFile).argument("--tls-key=" + keyFile);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void requests_and_streams_go_over_tls(String kind) throws Exception {
    Certificate certificate = kind.equals("EC") ? ec : rsa;
    try (Server server = with(certificate).start();
        HttpClient client = HttpClient.newBuilder().sslContext(certificate.trust()).build();
        StreamClient stream = stream(server, certificate)) {
      assertTrue(server.origin().startsWith("https://"));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.origin() + Server.REST + "app"))
              .header("Authorization", "Bearer " + Tokens.any())
              .build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertEquals(200, answer.statusCode());
      assertEquals(List.of("line"), JsonRecord.of(answer.body()).get("lines"));

      stream.expect("line");
      LogFiles.append(log, FollowScene.each("%d " + "x".repeat(1000) + "\n", 1, 3000));
      assertTrue(stream.nextLines(3000).getLast().startsWith("3000 "));
      server.stop();
      stream.expectClose(1001);
    }
  }

  @Test
  void certificate_is_read_again_on_a_signal_and_streams_go_on() throws IOException {
    try (Server server = with(ec).start();
        StreamClient stream = stream(server, ec).expect("line")) {
      assertTrue(accepts(server, ec));
      rsa.install(certificateFile, keyFile);
      server.program().signal("HUP");

      Await.until(() -> accepts(server, rsa), server::toString);
      LogFiles.append(log, "more\n");
      stream.expect("more");

      Files.writeString(certificateFile, "no certificate\n");
      server.reload("cert.pem");
      assertTrue(accepts(server, rsa));
    }
  }

  /** Whether a client that trusts this certificate only gets an answer. */
  private static boolean accepts(Server server, Certificate certificate) {
    try (SSLSocket socket = socket(certificate.trust())) {
      socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
      socket.startHandshake();
      return certificate.certificate().equals(socket.getSession().getPeerCertificates()[0]);
    } catch (IOException _) {
      return false;
    }
  }

  @Test
  void plain_request_to_the_tls_port_is_ended_and_harms_nobody() {
    try (Server server = with(ec).start();
        RawPeer plain = server.connect().request("GET", "/healthz")) {
      plain.expectEnd(SOON);
      assertTrue(accepts(server, ec));
    }
  }

  @Test
  void peer_that_stalls_before_or_within_its_handshake_is_ended() {
    try (Server server = with(ec).set("head-timeout", "3s").start();
        StreamClient stream = stream(server, ec).expect("line");
        RawPeer silent = server.connect();
        RawPeer inHello = server.connect().send(new byte[] {0x16, 3, 1, 2, 0, 1, 0});
        RawPeer shaken = RawPeer.connect(socket(ec.trust()), server.port()).send("GET /hea")) {
      assertTrue(accepts(server, ec));
      silent.expectEnd(SOON);
      inHello.expectEnd(SOON);
      shaken.expectEnd(SOON);
      stream.sendAndAwaitPong();
    }
  }

  @Test
  void peer_that_takes_nothing_is_closed_from_below() throws IOException {
    try (Server server = with(ec).set("stall-timeout", "3s").set("ping-interval", "300ms").start();
        StreamClient stream = stream(server, ec).expect("line")) {
      int files = server.view().openFiles().size();
      SSLSocket socket = socket(ec.trust());
      socket.setReceiveBufferSize(4 << 10);
      try (RawPeer stalled = RawPeer.connect(socket, server.port())) {
        stalled.upgrade(Server.target("app", "", Tokens.any()));
        LogFiles.append(log, FollowScene.each("%d " + "x".repeat(2000) + "\n", 1, 4000));
        stream.nextLines(4000);
        Await.until(() -> server.view().openFiles().size() <= files, server::toString);
      }
      stream.sendAndAwaitPong();
    }
  }

  @Test
  void token_is_taken_over_tls_too_and_a_bad_one_closed() {
    try (Server server = with(ec).start();
        StreamClient stream = StreamClient.overTls(server, ec.trust(), Server.target("app", "", "x"))) {
      assertFalse(stream.expectClose(4001).isEmpty());
    }
  }

  @Test
  void certificate_without_its_key_is_2() throws IOException {
    ec.install(certificateFile, keyFile);
    Sentence.expect(serve("--tls-cert=" + certificateFile, "--tls-key=" + directory.resolve("missing")), "missing");

    Files.writeString(keyFile, rsa.keyPem());
    Logtap run = serve("--tls-cert=" + certificateFile, "--tls-key=" + keyFile);
    Sentence.expect(run, "key.pem");
    assertFalse(run.err().contains(rsa.keyPem().substring(100, 150)), run::toString);
    Sentence.expect(serve("--tls-cert=" + certificateFile), "tls-key");
    Sentence.expect(serve("--tls-key=" + keyFile), "tls-cert");
  }

  private Logtap serve(String... arguments) {
    Server.Setup setup = Server.with("app", log);
    Arrays.stream(arguments).forEach(setup::argument);
    return setup.launch().expectExit(2);
  }

  private static StreamClient stream(Server server, Certificate certificate) {
    return StreamClient.overTls(server, certificate.trust(), Server.target("app", "", Tokens.any()));
  }

  private static SSLSocket socket(SSLContext context) {
    try {
      return (SSLSocket) context.getSocketFactory().createSocket();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

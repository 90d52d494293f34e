package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server behind nginx, with the example's configuration: only its paths, addresses and times are others. */
class NginxIT {
  private static final String PUBLIC = "https://logs.example.org";

  @TempDir static Path directory;

  private static Certificate certificate;
  private static Path log;
  private static Server server;
  private static Logtap nginx;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    Tool.require("nginx", "the example for nginx is not tested");
    certificate = Certificate.make(directory, "EC");
    certificate.install(directory.resolve("fullchain.pem"), directory.resolve("privkey.pem"));
    log = directory.resolve("app.log");
    LogFiles.append(log, "line\n");
    server = Server.with("app", log).log("large", directory.resolve("large.log")).argument("--allow-origin=" + PUBLIC).set("ping-interval", "250ms").start();
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Files.writeString(directory.resolve("site.conf"), site());
    Files.writeString(directory.resolve("nginx.conf"), around());
    String path = System.getenv("PATH") + ":/usr/sbin";
    List<String> command =
        List.of("env", "PATH=" + path, "nginx", "-p", directory.toString(), "-c", "nginx.conf", "-e", "stderr");
    nginx = Logtap.startCommand(Map.of(), command);
    Await.until(() -> Files.exists(directory.resolve("nginx.pid")) || !nginx.process().isAlive(), nginx::toString);
    assertTrue(nginx.process().isAlive(), nginx::toString);
  }

  @AfterAll
  static void stop() {
    if (nginx != null) {
      nginx.signal("TERM").awaitExit();
    }
    if (server != null) {
      server.close();
    }
  }

  private static String site() throws IOException {
    String text = Files.readString(Path.of(System.getProperty("logtap.basedir"), "src/main/examples/nginx.conf"));
    Map<String, String> here =
        Map.of(
            "listen 443 ssl", "listen 127.0.0.1:" + port + " ssl",
            "server 127.0.0.1:8000", "server 127.0.0.1:" + server.port(),
            "/etc/letsencrypt/live/logs.example.org", directory.toString(),
            "/var/log/nginx", directory.toString(),
            "proxy_read_timeout 120s", "proxy_read_timeout 3s");
    for (Map.Entry<String, String> change : here.entrySet()) {
      assertTrue(text.contains(change.getKey()), change::getKey);
      text = text.replace(change.getKey(), change.getValue());
    }
    return text;
  }

  private static String around() {
    StringBuilder text = new StringBuilder("user root;\ndaemon off;\npid nginx.pid;\nevents {}\nhttp {\n");
    for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
      text.append(kind).append("_temp_path ").append(directory).append('/').append(kind).append(";\n");
    }
    return text.append("include site.conf;\n}\n").toString();
  }

  private static RawPeer connect() throws IOException {
    return RawPeer.connect(certificate.trust().getSocketFactory().createSocket(), port);
  }

  @Test
  void answers_come_through_it() throws IOException {
    try (RawPeer peer = connect()) {
      peer.request("GET", Server.REST + "app?lines=1", "Authorization: Bearer " + Tokens.any());
      assertEquals(List.of("line"), peer.answer().expect(200).json().get("lines"));
      peer.request("GET", Server.REST + "app");
      assertEquals("Bearer", peer.answer().expect(401).header("www-authenticate"));
    }
  }

  @Test
  void large_answer_comes_through_it_whole() throws IOException {
    LogFiles.append(directory.resolve("large.log"), FollowScene.each("%d " + "x".repeat(10_000) + "\n", 1, 500));
    try (RawPeer peer = connect()) {
      peer.request("GET", Server.REST + "large?lines=500", "Authorization: Bearer " + Tokens.any());
      List<?> lines = (List<?>) peer.answer().expect(200).json().get("lines");
      assertEquals(500, lines.size());
    }
  }

  @Test
  void stream_goes_through_it_both_ways() throws IOException {
    try (RawPeer peer = connect().upgrade(Server.target("app", "lines=1", Tokens.any()))) {
      assertEquals(List.of("line"), peer.message().lines());
      LogFiles.append(log, "live\n");
      assertEquals(List.of("live"), peer.message().lines());
      peer.say("{\"type\":\"ping\"}");
      assertEquals("pong", peer.message().type());
      Files.writeString(log, "line\n");
    }
  }

  @Test
  void stream_on_which_no_line_comes_outlives_the_patience_of_the_proxy() throws IOException {
    try (RawPeer peer = connect().upgrade(Server.target("app", "lines=0", Tokens.any()))) {
      peer.message();
      // More than four seconds of nothing but pings, and nginx would end it after three.
      for (int pings = 0; pings < 18; pings++) {
        assertEquals(Frame.PING, peer.frame().opcode());
      }
      peer.say("{\"type\":\"ping\"}");
      assertEquals("pong", peer.message().type());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://logs.example.org, logs.example.org, 101",
    "https://evil.example, logs.example.org, 403",
    "https://evil.example, evil.example, 403",
    "http://logs.example.org, logs.example.org, 403"
  })
  void page_of_the_public_origin_may_and_no_other(String origin, String host, int status) throws IOException {
    try (RawPeer peer = connect()) {
      peer.askForUpgrade(
              Server.target("app", "", Tokens.any()), "Origin: " + origin, "Host: " + host, "X-Forwarded-Host: evil.example")
          .expect(status);
    }
  }

  @Test
  void watch_goes_through_it() {
    String[] arguments = {
      "watch", "--server=https://localhost:" + port, "--ca-cert=" + directory.resolve("fullchain.pem"), "-n", "1", "app"
    };
    try (Logtap watch = Logtap.start(Map.of("LOGTAP_TOKEN", Tokens.any()), arguments)) {
      watch.awaitOut("line\n");
    }
  }

  @Test
  void token_in_an_address_is_in_nobodys_log() throws IOException {
    String token = Tokens.of("unlogged").signed();
    try (RawPeer peer = connect().upgrade(Server.target("app", "lines=1", token))) {
      peer.message();
    }
    Path access = directory.resolve("logtap.log");
    Await.until(() -> read(access).contains("/app/ws\" 101 "), () -> read(access));

    List<String> logs = new ArrayList<>(List.of(read(access), server.err(), nginx.err()));
    assertFalse(logs.stream().anyMatch(text -> text.contains(token)), logs::toString);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

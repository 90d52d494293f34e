package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.websocket.Incoming;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code logtap watch} before a server that does what a test has it do: environments, refusals, and what servers must not do. */
class WatchRelayIT {
  private static final String CONNECTED = "{'type':'status','message':'connected'}";
  private static final String PATH = "/api/environments/production/logs/stream";

  @TempDir Path directory;

  private FakeServer server;

  @BeforeEach
  void listen() {
    server = new FakeServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Logtap watch(String... arguments) {
    return watch(Map.of(), arguments);
  }

  private Logtap watch(Map<String, String> environment, String... arguments) {
    List<String> all = new ArrayList<>(List.of("watch", "--server", server.origin()));
    all.addAll(List.of(arguments));
    return Logtap.start(environment, all.toArray(String[]::new));
  }

  private static String entry(int number) {
    return "{'type':'log','data':{'timestamp':'2026-11-23T01:02:0" + number + "Z','severity':'info','serviceName':'api',"
        + "'message':'entry " + number + "','attributes':{'n':" + number + "}},'cursor':'c" + number + "'}";
  }

  @Test
  void entries_are_text_with_time_severity_and_service() {
    try (Logtap watch = watch("railway:production");
        FakeServer.Client client = server.nextStream()) {
      assertEquals(PATH + "?lines=50", client.target());
      client.say(CONNECTED).say(entry(1));
      client.say("{'type':'log','data':{'message':'two\\nlines\\n'},'cursor':'c2'}");
      client.say("{'type':'heartbeat','timestamp':'2026-11-23T01:02:03Z'}").say("{'type':'later'}");

      watch.awaitWholeOut("2026-11-23T01:02:01Z info api: entry 1\ntwo\nlines\n");
      assertEquals("", watch.err());
    }
  }

  @Test
  void entries_are_json_with_the_environment_as_asked_for() {
    try (Logtap watch = watch("-o", "json", "railway:production");
        FakeServer.Client client = server.nextStream()) {
      client.say(CONNECTED).say(entry(1)).say("{'type':'gap','dropped':12,'message':'too many'}");
      client.say("{'type':'gap','message':'who knows'}");

      watch.awaitWholeOut(
          "{\"environment\":\"production\",\"timestamp\":\"2026-11-23T01:02:01Z\",\"severity\":\"info\",\"serviceName\":\"api\","
              + "\"message\":\"entry 1\",\"attributes\":{\"n\":1}}\n"
              + "{\"environment\":\"production\",\"gap\":\"too many\",\"dropped\":12}\n"
              + "{\"environment\":\"production\",\"gap\":\"who knows\"}\n");
      assertEquals("", watch.err());
    }
  }

  @Test
  void gap_is_a_sentence_beside_text() {
    try (Logtap watch = watch("railway:production");
        FakeServer.Client client = server.nextStream()) {
      client.say(CONNECTED).say("{'type':'gap','dropped':12,'message':'too many'}");

      watch.awaitErr("logtap: railway:production: 12 entries are missing here: too many\n");
      assertEquals("", watch.out());
    }
  }

  @Test
  void several_targets_are_told_apart() {
    try (Logtap watch = watch("app", "railway:production")) {
      FakeServer.Client first = server.nextStream();
      FakeServer.Client second = server.nextStream();
      boolean relayFirst = first.target().startsWith(PATH);
      FakeServer.Client relay = relayFirst ? first : second;
      FakeServer.Client log = relayFirst ? second : first;

      relay.say(CONNECTED).say(entry(1));
      watch.awaitOut("entry 1\n");
      log.say("{'lines':['a','b'],'cursor':'x'}");

      watch.awaitWholeOut("railway:production: 2026-11-23T01:02:01Z info api: entry 1\napp: a\napp: b\n");
      relay.cut();
      log.cut();
    }
  }

  @Test
  void filters_are_asked_of_the_server() {
    try (Logtap _ = watch("--level", "warn", "--service", "api", "--service", "web", "--search", "a b", "-n", "7", "railway:production");
        FakeServer.Client client = server.next()) {
      assertEquals(PATH + "?lines=7&search=a%20b&services=api%2Cweb&severity=warn%2Cerror", client.target());
    }
  }

  @Test
  void least_level_is_no_filter() {
    try (Logtap _ = watch("--level", "debug", "railway:production");
        FakeServer.Client client = server.next()) {
      assertEquals(PATH + "?lines=50", client.target());
    }
  }

  @Test
  void comes_back_behind_the_last_entry() {
    try (Logtap watch = watch("railway:production")) {
      try (FakeServer.Client client = server.nextStream()) {
        client.say(CONNECTED).say(entry(1)).say(entry(2));
        watch.awaitOut("entry 2");
      }
      try (FakeServer.Client client = server.nextStream()) {
        assertEquals(PATH + "?lines=50&cursor=c2", client.target());
        client.say(CONNECTED).say(entry(3));
        watch.awaitOut("entry 3");
        watch.awaitWholeErr(
            "logtap: railway:production: connection lost (the connection was cut); reconnecting\n"
                + "logtap: railway:production: connected again\n");
      }
    }
  }

  @Test
  void comes_back_to_the_time_it_was_there_where_nothing_had_come() {
    try (Logtap _ = watch("-n", "0", "railway:production")) {
      server.nextStream().say(CONNECTED).say("{'type':'heartbeat','timestamp':'2026-11-23T01:02:08Z'}").close(1001, "");
      try (FakeServer.Client client = server.next()) {
        assertEquals(PATH + "?lines=0&lastTimestamp=2026-11-23T01%3A02%3A03Z", client.target());
      }
    }
  }

  @Test
  void upstream_trouble_is_said_once_and_the_stream_goes_on() {
    try (Logtap watch = watch("railway:production");
        FakeServer.Client client = server.nextStream()) {
      client.say(CONNECTED).say("{'type':'error','message':'Railway does not answer'}");
      client.say("{'type':'error','message':'Railway does not answer'}");
      client.say("{'type':'status','message':'reconnecting'}").say("{'type':'status','message':'reconnecting'}");
      client.say(CONNECTED).say(entry(1));

      watch.awaitOut("entry 1");
      watch.awaitWholeErr(
          "logtap: railway:production: Railway does not answer\n"
              + "logtap: railway:production: the server says: reconnecting\n"
              + "logtap: railway:production: the server is connected to Railway again\n");
    }
  }

  @ParameterizedTest
  @CsvSource({"4000, 2", "4001, 3", "4003, 3", "1011, 1", "1008, 1", "1002, 1", "1009, 1", "4711, 1"})
  void refusal_ends_with_its_code_and_its_sentence(int close, int code) {
    try (Logtap watch = watch(Map.of("LOGTAP_TOKEN", "a.b.c"), "railway:production");
        FakeServer.Client client = server.nextStream()) {
      client.say("{'type':'error','message':'there is no such thing'}").close(close, "");

      watch.expectExit(code);
      Sentence.expect(watch, "railway:production: there is no such thing");
      assertEquals("", watch.out());
    }
  }

  @Test
  void trouble_that_comes_first_is_told_before_what_follows() {
    try (Logtap watch = watch("railway:production")) {
      server.nextStream().say("{'type':'error','message':'no such thing'}").close(1012, "because");
      watch.awaitErr("logtap: railway:production: no such thing\nlogtap: railway:production: can't be reached (because)");
      server.nextStream().say("{'type':'error','message':'nothing new'}").say(CONNECTED).say(entry(1));
      watch.awaitOut("entry 1").awaitErr("connected\nlogtap: railway:production: nothing new\n");
    }
  }

  @Test
  void trouble_that_was_told_is_not_told_again_at_the_end() {
    try (Logtap watch = watch("railway:production")) {
      server.nextStream().say(CONNECTED).say("{'type':'error','message':'it is over'}").close(1011, "it is over");

      watch.expectExit(1);
      Sentence.expect(watch, "railway:production: it is over");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1012, 1013, 1014})
  void end_that_passes_is_waited_for(int close) {
    try (Logtap watch = watch("app")) {
      server.nextStream().say("{'lines':['one'],'cursor':'x'}").close(close, "because");
      watch.awaitErr("logtap: app: connection lost (because); reconnecting\n");
    }
  }

  @Test
  void no_reconnect_ends_with_1() {
    try (Logtap watch = watch("--no-reconnect", "app")) {
      server.nextStream().say("{'lines':['one'],'cursor':'x'}").close(1001, "the server stops");

      watch.expectExit(1);
      assertEquals("one\n", watch.out());
      Sentence.expect(watch, "app", "the server stops", "--no-reconnect");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "403 Forbidden, 3",
    "400 Bad Request, 2",
    "404 Not Found, 1",
    "302 Found, 1",
    "200 OK, 1",
  })
  void answer_that_is_no_stream_ends_with_its_code(String status, int code) {
    try (Logtap watch = watch("app")) {
      server.next().refuse(status, "{\"error\":\"so it is\"}");

      watch.expectExit(code);
      Sentence.expect(watch, "app", status.substring(0, 3), "so it is");
    }
  }

  @Test
  void server_that_asks_for_a_token_is_3() {
    try (Logtap watch = watch("app")) {
      server.next().refuse("401 Unauthorized", "{\"error\":\"no token came\"}");
      Sentence.expect(watch.expectExit(3), "app: the server asks for a token; set LOGTAP_TOKEN or give --token-file");
    }
  }

  @Test
  void answer_that_is_no_http_ends_with_1() {
    try (Logtap watch = watch("app");
        FakeServer.Client client = server.next()) {
      client.send("SSH-2.0-OpenSSH_9.2\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      Sentence.expect(watch.expectExit(1), "no HTTP", "is it a logtap?");
    }
  }

  @Test
  void full_house_is_asked_again_when_it_says() {
    try (Logtap watch = watch("app")) {
      server.next().refuse("503 Full\r\nRetry-After: 1", "{\"error\":\"come later\"}");
      try (FakeServer.Client client = server.nextStream()) {
        client.say("{'lines':['one'],'cursor':'x'}");
        watch.awaitOut("one\n").awaitErr("app: connected\n");
      }
      assertTrue(watch.err().startsWith("logtap: app: can't be reached (the server answers 503 (come later)); "), watch::toString);
    }
  }

  @Test
  void token_goes_to_the_origin_of_the_server_only() {
    try (FakeServer other = new FakeServer();
        Logtap watch =
            watch(
                Map.of("LOGTAP_TOKEN", "s3cr3t"),
                "-o",
                "json",
                "app",
                "ws://127.0.0.1:" + other.port() + "/api/v1/server/logs/app/ws?token=other")) {
      FakeServer.Client client = server.nextStream();
      assertEquals(List.of("Bearer s3cr3t"), client.headers("Authorization"));
      assertFalse(client.target().contains("s3cr3t"));
      FakeServer.Client stranger = other.nextStream();
      assertEquals(List.of(), stranger.headers("Authorization"));
      assertEquals("/api/v1/server/logs/app/ws?lines=50&token=other", stranger.target());

      client.say("{'lines':['a'],'cursor':'x'}");
      watch.awaitOut("a");
      stranger.say("{'lines':['b'],'cursor':'x'}");
      String server = "http://127.0.0.1:" + other.port();
      watch.awaitWholeOut(
          "{\"log\":\"app\",\"line\":\"a\"}\n{\"log\":\"app\",\"server\":\"" + server + "\",\"line\":\"b\"}\n");
      stranger.close(4000, "gone");
      watch.awaitErr("127.0.0.1:" + other.port() + "/app: gone");
      assertFalse(watch.err().contains("token="), watch::toString);
      client.cut();
    }
  }

  @Test
  void renewed_token_is_sent_on_the_open_stream() throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "first\n");
    try (Logtap watch = watch("--token-file", token.toString(), "app");
        FakeServer.Client client = server.nextStream()) {
      assertEquals(List.of("Bearer first"), client.headers("Authorization"));
      client.say("{'lines':['one'],'cursor':'x'}");
      watch.awaitOut("one\n");

      Files.writeString(token, "second\n");

      assertEquals("{\"type\":\"token\",\"token\":\"second\"}", client.nextText());
    }
  }

  @Test
  void expired_token_is_no_end_where_there_is_a_newer_one() throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "first\n");
    try (Logtap watch = watch("--token-file", token.toString(), "app")) {
      FakeServer.Client client = server.nextStream().say("{'lines':['one'],'cursor':'x'}");
      watch.awaitOut("one\n");
      Files.writeString(token, "second\n");
      client.close(4001, "the token has expired");
      try (FakeServer.Client again = server.nextStream()) {
        assertEquals(List.of("Bearer second"), again.headers("Authorization"));
        again.close(4001, "the token has expired");
      }

      watch.expectExit(3);
      Sentence.expect(watch, "app: the token has expired; get a new token");
    }
  }

  @Test
  void cursor_that_the_server_does_not_take_is_a_gap() throws IOException {
    Path state = directory.resolve("state");
    String key = "ws://127.0.0.1:" + server.port() + "/api/v1/server/logs/app/ws";
    Files.writeString(state, "logtap watch state 1\n" + key + " old\n");
    try (Logtap watch = watch("-o", "json", "--state", state.toString(), "app")) {
      FakeServer.Client client = server.nextStream();
      assertTrue(client.target().endsWith("&cursor=old"), client::target);
      client.close(4000, "the cursor can't be read");
      try (FakeServer.Client again = server.nextStream()) {
        assertFalse(again.target().contains("cursor"), again::target);
        again.say("{'lines':['one'],'cursor':'new'}");
        watch.awaitOut("one");
      }
      assertEquals(
          "{\"log\":\"app\",\"gap\":\"the server can't go on where we were: the cursor can't be read\"}\n"
              + "{\"log\":\"app\",\"line\":\"one\"}\n",
          watch.out());
      Await.until(() -> LogFiles.read(state).equals("logtap watch state 1\n" + key + " new\n"), () -> LogFiles.read(state));
    }
  }

  @Test
  void cursor_that_the_server_cannot_read_is_one_sentence() throws IOException {
    Path state = directory.resolve("state");
    Files.writeString(state, "logtap watch state 1\nws://127.0.0.1:" + server.port() + "/api/v1/server/logs/app/ws old\n");
    try (Logtap watch = watch("--state", state.toString(), "app")) {
      String why = "the cursor can't be read; begin without one";
      server.nextStream().say("{'type':'error','message':'" + why.replace("'", "\\u0027") + "'}").close(4000, why);
      try (FakeServer.Client again = server.nextStream()) {
        again.say("{'lines':['one'],'cursor':'new'}");
        watch.awaitOut("one\n");
      }
      String sentence = "lines may be missing here: the server can't go on where we were: the cursor can't be read";
      watch.awaitErr("connection lost");
      assertEquals("logtap: app: " + sentence, watch.err().lines().findFirst().orElseThrow(), watch::toString);
    }
  }

  @Test
  void silent_peer_is_pinged_and_then_given_up() {
    Map<String, String> impatient = Map.of("LOGTAP_STALL_TIMEOUT", "2s", "LOGTAP_PING_INTERVAL", "200ms");
    try (Logtap watch = watch(impatient, "app");
        FakeServer.Client client = server.nextStream()) {
      client.say("{'lines':['one'],'cursor':'x'}");
      assertInstanceOf(Incoming.Ping.class, client.nextIncoming());
      watch.awaitErr("logtap: app: connection lost (nothing was heard for 2 s); reconnecting\n");
      try (FakeServer.Client again = server.nextStream()) {
        assertTrue(again.target().endsWith("&cursor=x"), again::target);
      }
    }
  }

  @Test
  void server_that_does_not_answer_is_given_up() {
    // Long enough for it to connect and to ask.
    try (Logtap watch = watch(Map.of("LOGTAP_CONNECT_TIMEOUT", "3s"), "app");
        FakeServer.Client _ = server.next()) {
      watch.awaitErr("can't be reached (http://127.0.0.1:" + server.port() + ": no answer within 3 s); ");
    }
  }

  @Test
  void pings_are_answered() {
    try (Logtap watch = watch("app");
        FakeServer.Client client = server.nextStream()) {
      client.say("{'lines':['one'],'cursor':'x'}").ping().ping();
      watch.signal("TERM").expectExit(143);
      client.expectGoodbye();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "{}", "{'lines':5}", "[]", "{'lines':['a']"})
  void what_is_no_message_ends_it_with_1(String message) {
    try (Logtap watch = watch("app");
        FakeServer.Client client = server.nextStream()) {
      client.say(message);

      Sentence.expect(watch.expectExit(1), "app: what the server sends can't be read", "is it a logtap?");
    }
  }

  @Test
  void masked_frame_and_too_large_message_end_it_with_1() {
    try (Logtap watch = watch("app");
        FakeServer.Client client = server.nextStream()) {
      client.send(new byte[] {(byte) 0x81, (byte) 0x82, 1, 2, 3, 4, 5, 6});
      Sentence.expect(watch.expectExit(1), "masked");
    }
    try (Logtap watch = watch("app");
        FakeServer.Client client = server.nextStream()) {
      // The head of a message of 16 MiB.
      client.send(new byte[] {(byte) 0x81, 127, 0, 0, 0, 0, 1, 0, 0, 0});
      Sentence.expect(watch.expectExit(1), "longer than 8388608 bytes");
    }
  }

  @Test
  void longest_line_of_the_worst_bytes_fits() {
    String worst = "\\u0001".repeat(1 << 20);
    try (Logtap watch = watch("app", "web")) {
      FakeServer.Client first = server.nextStream();
      FakeServer.Client second = server.nextStream();
      for (FakeServer.Client client : List.of(first, second, first, second)) {
        client.say("{'lines':['" + worst + "'],'cursor':'x'}");
      }

      Await.until(() -> watch.outBytes().length == 4 * ((1 << 20) + "app: \n".length()), watch::toString);
      first.cut();
      second.cut();
    }
  }

  @Test
  void one_target_that_ends_does_not_end_the_others() {
    try (Logtap watch = watch("app", "web")) {
      FakeServer.Client first = server.nextStream().close(4003, "not for you");
      FakeServer.Client second = server.nextStream();
      watch.awaitErr("not for you");
      second.say("{'lines':['one'],'cursor':'x'}");
      watch.awaitOut(": one\n");
      first.cut();
      second.close(4000, "gone");

      watch.expectExit(3);
      second.cut();
    }
  }

  @Test
  void partial_lines_are_joined_in_text_and_marked_in_json() {
    for (String format : List.of("text", "json")) {
      try (Logtap watch = watch("-o", format, "app");
          FakeServer.Client client = server.nextStream()) {
        client.say("{'lines':['one','be'],'partial':true,'cursor':'x'}").say("{'lines':['gin'],'partial':true,'cursor':'y'}");
        client.say("{'lines':['ning','two'],'cursor':'z'}");

        watch.awaitWholeOut(
            format.equals("text")
                ? "one\nbeginning\ntwo\n"
                : "{\"log\":\"app\",\"line\":\"one\"}\n{\"log\":\"app\",\"line\":\"be\",\"partial\":true}\n"
                    + "{\"log\":\"app\",\"line\":\"gin\",\"partial\":true}\n{\"log\":\"app\",\"line\":\"ning\"}\n"
                    + "{\"log\":\"app\",\"line\":\"two\"}\n");
      }
    }
  }

  @Test
  void nothing_that_listens_is_1_with_no_reconnect_and_waited_for_without() throws IOException {
    // Bound and not listening it is nobody else's meanwhile.
    try (Socket held = new Socket()) {
      held.setReuseAddress(true);
      held.bind(new InetSocketAddress("127.0.0.1", 0));
      int port = held.getLocalPort();
      String address = "http://127.0.0.1:" + port;
      Logtap once = Logtap.run("watch", "--server", address, "--no-reconnect", "app").expectExit(1);
      Sentence.expect(once, "app: can't be reached (" + address + ": Connection refused)");

      try (Logtap watch = Logtap.start("watch", "--server", address, "app")) {
        watch.awaitErr("logtap: app: can't be reached (" + address + ": Connection refused); trying again until it can\n");
        try (FakeServer late = new FakeServer(port);
            FakeServer.Client client = late.nextStream()) {
          client.say("{'lines':['one'],'cursor':'x'}");
          watch.awaitOut("one\n").awaitErr("logtap: app: connected\n");
        }
      }
    }
  }
}

package dev.logtap.railway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.logtap.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Streams of a stand-in for Railway that does what the real one has been seen to do, with nothing to wait for. */
abstract class StreamScene {
  static final RailwayToken TOKEN = new RailwayToken(RailwayToken.Kind.PROJECT, "open-sesame");
  static final RailwayToken STRANGER = new RailwayToken(RailwayToken.Kind.ACCOUNT, "knock-knock");

  /** Longer than any test, so that nothing is taken for lost because the machine was busy. */
  static final Duration LONG = Duration.ofMinutes(1);

  /** Of our own, the socket library's and the HTTP client's. */
  private static final Pattern THREAD = Pattern.compile("\"name\": *\"((?:railway|WebSocket|HttpClient)[^\"]*)");

  /** Of tests of other classes, which may leave them to the collector. */
  private final List<String> others = running();

  /** Rows are of now, as a stream believes no others. */
  final Instant start = Instant.now();

  final RailwayStandIn railway = RailwayStandIn.start();
  final Heard heard = new Heard();
  final List<Railway> opened = new ArrayList<>();

  @BeforeEach
  void furnish() {
    railway
        .environment("env-1", "production")
        .service("env-1", "api", "API")
        .service("env-1", "web", "Web")
        .environment("env-2", "staging")
        .service("env-2", "db", "Database")
        .allow(TOKEN, "env-1", "env-2");
    // Else sweeps would be as rare as they have to be.
    railway.header("X-RateLimit-Limit", "1000000");
    railway.header("X-RateLimit-Remaining", "1000000");
  }

  @AfterEach
  void close() {
    opened.forEach(Railway::close);
    railway.close();
    assertEquals(List.of(), threads());
  }

  Railway open(RailwayToken token) {
    return open(token, quick());
  }

  Railway open(RailwayToken token, Timing timing) {
    Railway client = new Railway(railway.url(), token, null, timing);
    opened.add(client);
    return client;
  }

  private Railway shared;

  /** Streams the first environment, and returns when that is so on both sides. */
  void begin() {
    stream("env-1");
    heard.awaitConnected(1);
    railway.awaitSubscriptions("env-1", 1);
  }

  void stream(String environmentId) {
    stream(TOKEN, environmentId);
  }

  void stream(RailwayToken token, String environmentId) {
    if (shared == null) {
      shared = open(token);
    }
    shared.stream(environmentId, heard);
  }

  /** One that begins from now on: the answer to the one before it has come by then. */
  void awaitFailedSweep() {
    long before = railway.count(StreamScene::isSweep);
    railway.awaitRequests(StreamScene::isSweep, before + 2);
  }

  /** So that no test waits for what people may well wait for, and none gives up what only takes its time. */
  static Timing quick() {
    return givingUp(LONG, LONG, LONG);
  }

  /**
   * The same, for tests of what is given up.
   *
   * @param pong how often the socket is pinged, and how long it may stay silent after that
   */
  static Timing givingUp(Duration connect, Duration request, Duration pong) {
    return new Timing(
        connect,
        request,
        Duration.ofMillis(5),
        pong,
        pong,
        Duration.ofMillis(20),
        Duration.ofMillis(200),
        Duration.ofMillis(10),
        Duration.ofMinutes(1),
        Duration.ofMillis(300),
        Duration.ofMinutes(5),
        Duration.ofSeconds(15),
        Duration.ofMillis(100));
  }

  static boolean isSweepOf(String environmentId, StandInRequest request) {
    return isSweep(request) && environmentId.equals(request.variables().get("id"));
  }

  static boolean isSweep(StandInRequest request) {
    return !request.subscription() && request.field().equals("environmentLogs");
  }

  List<Class<?>> kinds() {
    List<Class<?>> kinds = new ArrayList<>();
    heard.all().forEach(happening -> kinds.add(happening.getClass()));
    return kinds;
  }

  StandInRow row(int millis, String message) {
    return row(millis, message, "api");
  }

  StandInRow row(int millis, String message, String serviceId) {
    return StandInRow.of(start.plusMillis(millis), serviceId, message);
  }

  List<StandInRow> rows(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(i -> row(i, String.valueOf(i))).toList();
  }

  /** Ours that still run, but for those that are just ending. */
  private List<String> threads() {
    List<String> names = new ArrayList<>();
    try {
      Await.until(
          () -> {
            names.clear();
            names.addAll(running());
            names.removeAll(others);
            return names.isEmpty();
          },
          names::toString);
    } catch (AssertionError _) {
      // The names say it.
    }
    return List.copyOf(names);
  }

  /** Virtual ones are seen only in a dump. */
  static List<String> running() {
    try {
      Path dump = Files.createTempDirectory("threads").resolve("dump.json");
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
      List<String> names = new ArrayList<>();
      Matcher name = THREAD.matcher(Files.readString(dump));
      while (name.find()) {
        names.add(name.group(1));
      }
      Files.delete(dump);
      Files.delete(dump.getParent());
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

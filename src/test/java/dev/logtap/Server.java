package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running {@code logtap serve} on a port of its own. */
final class Server implements AutoCloseable {
  static final String REST = "/api/v1/server/logs/";

  private static final Pattern LISTENING = Pattern.compile("listening on (https?)://127\\.0\\.0\\.1:(\\d+)");

  private final Logtap program;
  private final String scheme;
  private final int port;

  private Server(Logtap program) {
    this.program = program;
    Await.until(() -> listening().find() || !program.process().isAlive(), program::toString);
    Matcher listening = listening();
    if (!listening.find()) {
      program.awaitExit();
      throw new AssertionError("it does not listen:\n" + program);
    }
    this.scheme = listening.group(1);
    this.port = Integer.parseInt(listening.group(2));
  }

  private Matcher listening() {
    return LISTENING.matcher(program.err());
  }

  static Setup with(String name, Path log) {
    return new Setup().log(name, log);
  }

  /** What a server is started with. */
  static final class Setup {
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> arguments = new ArrayList<>(List.of("serve"));
    private List<String> handing = List.of();
    private int port;

    Setup() {
      variable("LOGTAP_JWT_SECRET", Tokens.SECRET);
    }

    Setup log(String name, Path path) {
      return argument("--log=" + name + "=" + path);
    }

    Setup argument(String argument) {
      arguments.add(argument);
      return this;
    }

    /** A setting by its variable: {@code head-timeout} is {@code LOGTAP_HEAD_TIMEOUT}. */
    Setup set(String setting, Object value) {
      return variable("LOGTAP_" + setting.toUpperCase(Locale.ROOT).replace('-', '_'), value.toString());
    }

    Setup variable(String name, String value) {
      environment.put(name, value);
      return this;
    }

    Setup without(String variable) {
      environment.remove(variable);
      return this;
    }

    /** Instead of a port that is free. */
    Setup port(int port) {
      this.port = port;
      return this;
    }

    /**
     * With listening sockets that are handed down, by a script that needs python3.
     *
     * @param descriptor 0, or 3 for the protocol of sd_listen_fds(3)
     * @param count how many; 0 is one, with which the server is started again when its stdin brings a line, and -1 is a Unix
     *     socket
     */
    Setup handed(int descriptor, int count) {
      handing = List.of("python3", script("handed.py").toString(), "" + descriptor, "" + count);
      return this;
    }

    /** Starts it and waits until it accepts connections; close it in the end. */
    Server start() {
      Logtap program = launch();
      try {
        return new Server(program);
      } catch (Throwable e) {
        program.close();
        throw e;
      }
    }

    /** Starts one that need not come to listen. */
    Logtap launch() {
      List<String> command = new ArrayList<>(handing);
      command.add(Logtap.launcher().toString());
      command.addAll(arguments);
      if (handing.isEmpty() || port > 0) {
        command.add("--listen=127.0.0.1:" + port);
      }
      return Logtap.startCommand(environment, command);
    }
  }

  /** A script among the tests' resources. */
  static Path script(String name) {
    return Path.of(System.getProperty("logtap.basedir"), "src/test/resources/dev/logtap", name);
  }

  int port() {
    return port;
  }

  /** {@code http://127.0.0.1:PORT}, or https. */
  String origin() {
    return scheme + "://127.0.0.1:" + port;
  }

  Logtap program() {
    return program;
  }

  ProcessView view() {
    return new ProcessView(program);
  }

  /** Waits until no log is followed: who followed one would take the files of the next test for what is written to it. */
  void awaitNoHub() {
    Await.until(() -> view().threads().stream().noneMatch(name -> name.contains("hub-")), this::toString);
  }

  /** What it has said so far. */
  String err() {
    return program.err();
  }

  RawPeer connect() {
    return RawPeer.connect(port);
  }

  /** Asks for a path with a token that opens everything. */
  Answer get(String target, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add("Authorization: Bearer " + Tokens.any());
    return ask("GET", target, all.toArray(String[]::new));
  }

  /** Asks on a connection of its own, with these headers only. */
  Answer ask(String method, String target, String... headers) {
    try (RawPeer peer = connect()) {
      peer.request(method, target, headers);
      return method.equals("HEAD") ? peer.answerToHead() : peer.answer();
    }
  }

  /** Opens a log's stream with a token that opens everything; parameters as {@code lines=0&search=x}. */
  StreamClient stream(String log, String parameters) {
    return StreamClient.open(this, target(log, parameters, Tokens.any()));
  }

  /** The same for a peer that speaks bytes. */
  RawPeer rawStream(String log, String parameters) {
    return connect().upgrade(target(log, parameters, Tokens.any()));
  }

  static String target(String log, String parameters, String token) {
    return REST + log + "/ws?token=" + token + (parameters.isEmpty() ? "" : "&" + parameters);
  }

  /** Stops it as systemd does. */
  Server stop() {
    program.signal("TERM").expectExit(0);
    return this;
  }

  /** Has it read its config again, and waits until it has said so with these words. */
  Server reload(String said) {
    String before = err();
    program.signal("HUP");
    Await.until(() -> err().substring(before.length()).contains(said), program::toString);
    return this;
  }

  void expectRunning() {
    assertEquals(200, ask("GET", "/healthz").status(), program::toString);
  }

  @Override
  public void close() {
    program.close();
  }

  @Override
  public String toString() {
    return program.toString();
  }
}

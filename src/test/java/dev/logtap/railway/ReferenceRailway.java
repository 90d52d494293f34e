package dev.logtap.railway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.logtap.Await;
import dev.logtap.Logtap;
import dev.logtap.NodePackages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Railway's side on the reference implementations of GraphQL and its WebSocket protocol, on Node: one environment. */
final class ReferenceRailway implements AutoCloseable {
  static final String NEEDS = "needs node and npm, and the graphql, graphql-ws and ws packages of npm";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String environmentId;
  private final Logtap node;

  private ReferenceRailway(String environmentId, Logtap node) {
    this.environmentId = environmentId;
    this.node = node;
  }

  /** Whether it can be started. */
  static boolean isThere() {
    return NodePackages.have("ws@8", "graphql@16", "graphql-ws@6");
  }

  /** @param token a project's, which opens the environment */
  static ReferenceRailway start(Path directory, RailwayToken token, String environmentId) throws IOException {
    List<String> command =
        List.of(
            "node",
            copied("reference.mjs", directory).toString(),
            NodePackages.DIRECTORY.toString(),
            copied("schema.graphqls", directory).toString(),
            token.secret(),
            environmentId);
    Logtap node = Logtap.startCommand(Map.of(), command);
    ReferenceRailway railway = new ReferenceRailway(environmentId, node);
    try {
      railway.await("listening", port -> port > 0);
    } catch (AssertionError e) {
      railway.close();
      throw e;
    }
    return railway;
  }

  private static Path copied(String resource, Path directory) throws IOException {
    Path copy = directory.resolve(resource);
    try (var source = ReferenceRailway.class.getResourceAsStream(resource)) {
      Files.write(copy, source.readAllBytes());
    }
    return copy;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + last("listening") + "/graphql/v2");
  }

  void store(StandInRow... rows) {
    ArrayNode array = JSON.createArrayNode();
    for (StandInRow row : rows) {
      BigInteger seconds = BigInteger.valueOf(row.time().getEpochSecond());
      BigInteger nanos = seconds.multiply(BigInteger.valueOf(1_000_000_000)).add(BigInteger.valueOf(row.time().getNano()));
      ObjectNode log = JSON.valueToTree(row.toLog(environmentId));
      array.add(log.put("nanos", nanos.toString()));
    }
    command(JSON.createObjectNode().set("store", array));
  }

  void complete() {
    command(JSON.createObjectNode().put("complete", 1));
  }

  void error(String message) {
    command(JSON.createObjectNode().put("error", message));
  }

  /** Sends null in place of rows. */
  void pushNull() {
    command(JSON.createObjectNode().put("nothing", 1));
  }

  void cut() {
    command(JSON.createObjectNode().put("cut", 1));
  }

  void close(int code) {
    command(JSON.createObjectNode().put("close", code));
  }

  void awaitSubscriptions(int active) {
    await("subscriptions", count -> count == active);
  }

  void awaitSockets(int open) {
    await("sockets", count -> count == open);
  }

  private void await(String what, IntPredicate condition) {
    Await.until(() -> condition.test(last(what)), node::toString);
  }

  /** The number that was printed last of these; -1 where none was. */
  private int last(String what) {
    return Pattern.compile("^" + what + " (\\d+)\n", Pattern.MULTILINE)
        .matcher(node.out())
        .results()
        .reduce((_, later) -> later)
        .map((MatchResult line) -> Integer.parseInt(line.group(1)))
        .orElse(-1);
  }

  private void command(Object command) {
    try {
      node.process().getOutputStream().write((JSON.writeValueAsString(command) + "\n").getBytes(StandardCharsets.UTF_8));
      node.process().getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(node.toString(), e);
    }
  }

  @Override
  public void close() {
    node.close();
  }
}

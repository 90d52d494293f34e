package dev.logtap.railway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.logtap.websocket.Handshake;
import graphql.ExecutionResult;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A connection on a thread of its own: HTTP requests one after the other, until one of them asks for a WebSocket. */
final class StandInConnection {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final String PATH = "/graphql/v2";

  private final RailwayStandIn railway;
  private final StandInFaults faults;
  private final Socket socket;
  private volatile StandInSocket upgraded;

  StandInConnection(RailwayStandIn railway, StandInFaults faults, Socket socket) {
    this.railway = railway;
    this.faults = faults;
    this.socket = socket;
  }

  /** The WebSocket that it has become; null while it is HTTP. */
  StandInSocket upgraded() {
    return upgraded;
  }

  /** Ends it at once: a WebSocket gets no close frame. */
  void cut() {
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed all the same.
    }
  }

  /** @param tls null for none */
  void run(SSLContext tls) {
    try (socket) {
      socket.setTcpNoDelay(true);
      Socket plain = tls == null ? socket : secured(tls);
      InputStream in = new BufferedInputStream(plain.getInputStream());
      OutputStream out = plain.getOutputStream();
      for (Request request = read(in); request != null; request = read(in)) {
        if (Handshake.isUpgrade(request.headers())) {
          upgrade(request, in, out);
          return;
        }
        answer(request, out);
      }
    } catch (IOException _) {
      // The peer is gone, or a test has cut it off.
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts it", e);
    }
  }

  /** On top of the socket, which can then be closed without a word. */
  private Socket secured(SSLContext tls) throws IOException {
    SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true);
    secured.setUseClientMode(false);
    return secured;
  }

  private record Request(String line, List<Map.Entry<String, String>> headers, byte[] body) {
    String header(String name) {
      for (Map.Entry<String, String> header : headers) {
        if (header.getKey().equalsIgnoreCase(name)) {
          return header.getValue();
        }
      }
      return null;
    }

    Set<String> headerNames() {
      Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      headers.forEach(header -> names.add(header.getKey()));
      return names;
    }

  }

  /** Null at the end of the connection. */
  private static Request read(InputStream in) throws IOException {
    String line = readLine(in);
    if (line == null) {
      return null;
    }
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (String header = readLine(in); header != null && !header.isEmpty(); header = readLine(in)) {
      int colon = header.indexOf(':');
      headers.add(Map.entry(header.substring(0, colon), header.substring(colon + 1).strip()));
    }
    Request head = new Request(line, headers, new byte[0]);
    String length = head.header("Content-Length");
    return new Request(line, headers, in.readNBytes(length == null ? 0 : Integer.parseInt(length)));
  }

  private static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return null;
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /** Whose token it is; null for one that opens nothing, for none, and for both kinds at once. */
  private RailwayToken caller(Request request) {
    String project = request.header("Project-Access-Token");
    String bearer = request.header("Authorization");
    if (project != null && bearer == null) {
      return railway.known(RailwayToken.Kind.PROJECT, project);
    }
    return project == null && bearer != null && bearer.startsWith("Bearer ")
        ? railway.known(RailwayToken.Kind.ACCOUNT, bearer.substring("Bearer ".length()))
        : null;
  }

  private void upgrade(Request request, InputStream in, OutputStream out) throws IOException, InterruptedException {
    StandInFaults.Answer planned = faults.upgradeAnswers.poll();
    if (planned != null) {
      write(planned, out);
      return;
    }
    upgraded = new StandInSocket(railway, faults, in, out, this::cut, caller(request), request.headerNames());
    upgraded.run(request.header("Sec-WebSocket-Key"), Handshake.protocols(request.headers()));
  }

  private void answer(Request request, OutputStream out) throws IOException, InterruptedException {
    StandInFaults.Answer answer;
    if (!request.line().equals("POST " + PATH + " HTTP/1.1")) {
      answer = new StandInFaults.Answer(404, Map.of(), "{}");
    } else {
      answer = graphql(request);
    }
    faults.closed.await(faults.delay.toNanos(), TimeUnit.NANOSECONDS);
    faults.gate.await();
    write(answer, out);
  }

  private StandInFaults.Answer graphql(Request request) throws IOException {
    JsonNode body;
    try {
      body = JSON.readTree(request.body());
    } catch (JsonProcessingException _) {
      return new StandInFaults.Answer(400, Map.of(), "{\"errors\":[{\"message\":\"Bad Request\"}]}");
    }
    String query = body.path("query").asText();
    Map<String, Object> variables = variables(body);
    railway.saw(false, request.headerNames(), query, variables);
    StandInFaults.Answer planned = faults.httpAnswers.poll();
    if (planned != null) {
      return planned;
    }
    StandInSchema.Caller caller = new StandInSchema.Caller(caller(request), faults.queryRefusals.poll());
    ExecutionResult result = railway.schema().execute(query, operation(body), variables, caller);
    return new StandInFaults.Answer(
        result.isDataPresent() ? 200 : 400, Map.of(), JSON.writeValueAsString(result.toSpecification()));
  }

  static String operation(JsonNode body) {
    return body.path("operationName").asText(null);
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> variables(JsonNode body) {
    return body.path("variables").isObject() ? JSON.convertValue(body.get("variables"), Map.class) : Map.of();
  }

  private void write(StandInFaults.Answer answer, OutputStream out) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " \r\n");
    head.append("Content-Type: application/json\r\nContent-Length: ").append(body.length).append("\r\n");
    faults.headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    answer.headers().forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    out.write(body);
    out.flush();
  }
}

package dev.logtap.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.logtap.log.LogName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code /openapi.json} says of itself; whether the server keeps to it is asked of the server. */
class ContractTest {
  private static final JsonNode CONTRACT = read();
  private static final String LOGS = "/api/v1/server/logs";
  private static final String RELAY = "/api/environments/{id}/logs/stream";

  private static JsonNode read() {
    try {
      return new ObjectMapper().readTree(text("openapi.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String resource) throws IOException {
    try (InputStream in = ServerLog.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void build_has_filled_in_its_version_and_nothing_else() throws IOException {
    String version = text("/dev/logtap/cli/version.txt").strip();

    assertEquals("3.1.0", CONTRACT.get("openapi").asText());
    assertEquals(version, CONTRACT.at("/info/version").asText());
    assertFalse(text("openapi.json").contains("@"));
  }

  @Test
  void every_route_is_there() {
    Set<String> paths = new TreeSet<>();
    CONTRACT.get("paths").fieldNames().forEachRemaining(paths::add);

    assertEquals(
        new TreeSet<>(
            List.of(LOGS, LOGS + "/{log_type}", LOGS + "/{log_type}/ws", RELAY, "/healthz", "/openapi.json", "/", "/viewer/{file}")),
        paths);
  }

  @Test
  void every_reference_leads_somewhere_and_every_component_is_referred_to() {
    Set<String> references = new TreeSet<>();
    CONTRACT.findValues("$ref").forEach(reference -> references.add(reference.asText()));
    references.forEach(reference -> assertFalse(at(reference).isMissingNode(), reference));

    Set<String> components = new TreeSet<>();
    for (String kind : List.of("schemas", "responses", "parameters", "headers")) {
      CONTRACT
          .at("/components/" + kind)
          .fieldNames()
          .forEachRemaining(name -> components.add("#/components/" + kind + "/" + name));
    }
    assertEquals(components, references);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/server/logs, 200 400 401 405 431 503 505",
    "/api/v1/server/logs/{log_type}, 200 400 401 403 405 431 503 505",
    "/api/v1/server/logs/{log_type}/ws, 101 400 403 405 426 431 503 505",
    "/api/environments/{id}/logs/stream, 101 400 403 405 426 431 503 505",
    "/healthz, 200 400 405 431 505",
    "/openapi.json, 200 400 405 431 503 505",
    "/, 200 304 400 405 431 503 505",
    "/viewer/{file}, 200 304 400 404 405 431 503 505"
  })
  void every_answer_of_a_route_is_there(String path, String statuses) {
    List<String> found = new ArrayList<>();
    get(path).get("responses").fieldNames().forEachRemaining(found::add);

    assertEquals(List.of(statuses.split(" ")), found);
  }

  @Test
  void every_refusal_has_a_sentence() {
    for (JsonNode operation : operations()) {
      for (Map.Entry<String, JsonNode> response : operation.get("responses").properties()) {
        if (Integer.parseInt(response.getKey()) >= 400) {
          JsonNode body = resolved(response.getValue()).at("/content/application~1json/schema/$ref");
          assertEquals("#/components/schemas/Error", body.asText(), response.getKey());
        }
      }
    }
  }

  @Test
  void operations_have_names_of_their_own_and_tags_that_are_explained() {
    Set<String> tags = new TreeSet<>(CONTRACT.get("tags").findValuesAsText("name"));
    Set<String> names = new TreeSet<>();
    for (JsonNode operation : operations()) {
      assertTrue(names.add(operation.get("operationId").asText()), operation::toString);
      operation.get("tags").forEach(tag -> assertTrue(tags.contains(tag.asText()), tag::asText));
    }
  }

  @Test
  void every_parameter_of_a_path_is_required_and_explained() {
    for (Map.Entry<String, JsonNode> path : CONTRACT.get("paths").properties()) {
      Set<String> inPath = new TreeSet<>();
      Pattern.compile("\\{(\\w+)}").matcher(path.getKey()).results().forEach(match -> inPath.add(match.group(1)));
      Set<String> explained = new TreeSet<>();
      for (JsonNode reference : path.getValue().path("parameters")) {
        JsonNode parameter = resolved(reference);
        assertEquals("path", parameter.get("in").asText());
        assertTrue(parameter.get("required").asBoolean());
        explained.add(parameter.get("name").asText());
      }
      assertEquals(inPath, explained, path.getKey());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/server/logs/{log_type}, 1",
    "/api/v1/server/logs/{log_type}/ws, 0",
    "/api/environments/{id}/logs/stream, 0"
  })
  void number_of_lines_has_its_range_and_default(String path, int least) {
    for (JsonNode reference : get(path).get("parameters")) {
      JsonNode parameter = resolved(reference);
      if (parameter.get("name").asText().equals("lines")) {
        assertEquals(least, parameter.at("/schema/minimum").asInt());
        assertEquals(50, parameter.at("/schema/default").asInt());
        return;
      }
    }
    throw new AssertionError(path + " has no lines");
  }

  @Test
  void only_the_server_itself_is_open_to_strangers() {
    for (Map.Entry<String, JsonNode> path : CONTRACT.get("paths").properties()) {
      JsonNode security = path.getValue().get("get").path("security");
      boolean open = security.isArray() && security.isEmpty();
      assertEquals(!path.getKey().startsWith("/api/"), open, path.getKey());
      for (JsonNode alternative : security) {
        alternative
            .fieldNames()
            .forEachRemaining(name -> assertTrue(CONTRACT.at("/components/securitySchemes").has(name), name));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {LOGS + "/{log_type}/ws", RELAY})
  void stream_is_described_both_ways(String path) {
    JsonNode stream = get(path).get("x-websocket");
    assertEquals("[\"logtap\"]", stream.get("subprotocols").toString());
    assertEquals(3, stream.get("clientSends").size());
    assertTrue(stream.get("serverSends").size() >= 3);
    for (int code : new int[] {1001, 1008, 1009, 1011, 1013, 4000, 4001, 4003}) {
      assertTrue(stream.get("closeCodes").has(Integer.toString(code)), () -> code + " of " + path);
    }
  }

  @Test
  void names_are_those_that_an_allowlist_may_have() {
    JsonNode type = CONTRACT.at("/components/schemas/LogType");
    Pattern pattern = Pattern.compile(type.get("pattern").asText());
    for (String name : List.of("a", "0", "nginx-access", "php8.2_fpm", "a".repeat(64))) {
      assertTrue(pattern.matcher(name).find() && LogName.isValid(name), name);
    }
    for (String name : List.of("", "-a", ".", "..", "A", "railway", "a/b", "a b", "\u00e9", "a".repeat(65))) {
      assertFalse(pattern.matcher(name).find() || LogName.isValid(name), name);
    }
    type.get("examples").forEach(name -> assertTrue(LogName.isValid(name.asText()), name::asText));
  }

  static Stream<String> schemas() {
    List<String> names = new ArrayList<>();
    CONTRACT.at("/components/schemas").fieldNames().forEachRemaining(names::add);
    return names.stream();
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void examples_are_as_their_schema_says(String name) {
    JsonNode schema = CONTRACT.at("/components/schemas/" + name);
    assertFalse(schema.path("examples").isEmpty(), "no example of " + name);

    schema.get("examples").forEach(example -> expectFits(schema, example, name));
  }

  @Test
  void examples_of_refusals_are_as_their_schema_says() {
    for (Map.Entry<String, JsonNode> response : CONTRACT.at("/components/responses").properties()) {
      for (JsonNode content : response.getValue().path("content")) {
        expectFits(content.get("schema"), content.get("example"), response.getKey());
      }
    }
  }

  /** The part of JSON Schema that the contract makes use of. */
  private static void expectFits(JsonNode reference, JsonNode value, String where) {
    JsonNode schema = resolved(reference);
    if (schema.has("const")) {
      assertEquals(schema.get("const"), value, where);
    }
    assertTrue(isOfType(schema, value), () -> where + ": " + value + " is no " + schema);
    schema.path("required").forEach(name -> assertTrue(value.has(name.asText()), () -> where + " lacks " + name));
    if (schema.has("properties")) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        assertTrue(schema.get("properties").has(field.getKey()), () -> where + ": " + field.getKey() + " is not said");
        expectFits(schema.get("properties").get(field.getKey()), field.getValue(), where + "." + field.getKey());
      }
    }
    if (schema.has("items")) {
      value.forEach(item -> expectFits(schema.get("items"), item, where + "[]"));
    }
    if (schema.has("pattern")) {
      assertTrue(Pattern.compile(schema.get("pattern").asText()).matcher(value.asText()).find(), where);
    }
    assertTrue(!schema.has("minimum") || value.asLong() >= schema.get("minimum").asLong(), where);
  }

  private static boolean isOfType(JsonNode schema, JsonNode value) {
    JsonNode types = schema.path("type");
    if (types.isMissingNode()) {
      return schema.has("const");
    }
    for (JsonNode type : types.isArray() ? types : List.of(types)) {
      boolean fits =
          switch (type.asText()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            default -> false;
          };
      if (fits) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? at(node.get("$ref").asText()) : node;
  }

  private static JsonNode at(String reference) {
    assertTrue(reference.startsWith("#/"), reference);
    return CONTRACT.at(reference.substring(1));
  }

  private static JsonNode get(String path) {
    return CONTRACT.get("paths").get(path).get("get");
  }

  private static List<JsonNode> operations() {
    List<JsonNode> operations = new ArrayList<>();
    for (JsonNode path : CONTRACT.get("paths")) {
      Stream.of("get", "options").filter(path::has).forEach(method -> operations.add(path.get(method)));
    }
    return operations;
  }
}

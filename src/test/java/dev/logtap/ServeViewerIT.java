package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The viewer's files as a server gives them out; what they do in a browser is another matter. */
class ServeViewerIT {
  private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"([^\"#]+)\"");
  private static final Pattern IMPORT = Pattern.compile("^import (?:[^']*from )?'\\./([^']+)';$", Pattern.MULTILINE);

  private static Server server;

  @BeforeAll
  static void start() {
    server = new Server.Setup().start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Answer get(String path, String... headers) {
    return server.ask("GET", path, headers);
  }

  @Test
  void page_and_all_that_it_loads_need_no_token_and_are_less_than_100_kilobytes() throws IOException {
    List<String> paths = new ArrayList<>(List.of("/"));
    int size = 0;
    for (int i = 0; i < paths.size(); i++) {
      Answer answer = get(paths.get(i), "Accept-Encoding: br, gzip").expect(200);
      assertEquals("gzip", answer.header("content-encoding"));
      String text = get(paths.get(i)).expect(200).text();
      size += text.getBytes(StandardCharsets.UTF_8).length;
      try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
        assertEquals(text, new String(unpacked.readAllBytes(), StandardCharsets.UTF_8));
      }
      Pattern pattern = i == 0 ? REFERENCE : IMPORT;
      String folder = i == 0 ? "/" : "/viewer/";
      pattern.matcher(text).results().map(match -> folder + match.group(1)).filter(path -> !paths.contains(path)).forEach(paths::add);
    }

    assertTrue(paths.size() > 10, paths::toString);
    System.out.println("viewer: " + size + " bytes in " + paths.size() + " files");
    assertTrue(size < 100_000, size + " bytes of " + paths);
  }

  @ParameterizedTest
  @CsvSource({"/, text/html", "/viewer/main.js, text/javascript", "/viewer/viewer.css, text/css", "/viewer/icon.svg, image/svg+xml"})
  void file_comes_with_its_type_and_what_a_browser_may_do_with_it(String path, String type) {
    Answer answer = get(path).expect(200);

    assertTrue(answer.header("content-type").startsWith(type), answer::toString);
    assertEquals("nosniff", answer.header("x-content-type-options"));
    assertEquals("no-referrer", answer.header("referrer-policy"));
    String policy = answer.header("content-security-policy");
    for (String rule : List.of("default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'")) {
      assertTrue(policy.contains(rule + ";"), policy);
    }
    assertFalse(policy.contains("unsafe"), policy);
  }

  @Test
  void file_that_a_browser_has_is_not_sent_again() {
    String tag = get("/viewer/main.js").expect(200).header("etag");
    assertNotEquals(tag, get("/viewer/viewer.css").header("etag"));

    for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
      try (RawPeer peer = server.connect()) {
        peer.request("GET", "/viewer/main.js", "If-None-Match: " + known);
        Answer answer = peer.answerToHead().expect(304);
        assertEquals(tag, answer.header("etag"));
        assertEquals("no-cache", answer.header("cache-control"));
        assertNull(answer.header("content-length"));
        peer.request("GET", "/healthz").answer().expect(200);
      }
    }
    get("/viewer/main.js", "If-None-Match: \"other\"").expect(200);
    get("/viewer/main.js", "If-None-Match: " + tag, "Accept-Encoding: gzip").expect(200);
    assertEquals("Accept-Encoding, Origin", get("/viewer/main.js").header("vary"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/viewer", "/viewer/", "/viewer/index.html", "/viewer/../viewer/main.js", "/viewer/%2e%2e/openapi.json", "/viewer/..%2fopenapi.json",
        "/viewer/main.js/", "/viewer//main.js", "/index.html", "/favicon.ico", "/viewer/package-info.class", "/viewer/main.js%00"
      })
  void nothing_but_the_files_of_the_table_is_there(String path) {
    get(path).expectRefusal(404);
  }

  @Test
  void other_methods_are_405() {
    server.ask("POST", "/viewer/main.js").expectRefusal(405);
    server.ask("HEAD", "/viewer/main.js").expect(200);
  }
}

package dev.logtap.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.websocket.Handshake.Answer;
import dev.logtap.websocket.Handshake.Answer.Accepted;
import dev.logtap.websocket.Handshake.Answer.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
  private static final String TARGET = "/api/v1/server/logs/app/ws?token=secret";
  private static final String HTTP = "HTTP/1.1";

  /** The RFC's own example, and what belongs to its key. */
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private static final List<String> VALID =
      List.of(
          "Host: localhost:8000",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Key: " + KEY,
          "Sec-WebSocket-Version: 13");

  @Test
  void handshake_of_the_rfc_is_accepted() {
    Accepted accepted = accepted(VALID);
    List<String> lines = lines(accepted);

    assertEquals("HTTP/1.1 101 Switching Protocols", lines.getFirst());
    assertTrue(lines.contains("Upgrade: websocket"), lines::toString);
    assertTrue(lines.contains("Connection: Upgrade"), lines::toString);
    assertTrue(lines.contains("Sec-WebSocket-Accept: " + ACCEPT), lines::toString);
    assertNull(accepted.protocol());
  }

  @Test
  void response_has_each_field_once_and_ends_with_an_empty_line() {
    String head = new String(accepted(VALID).head(), US_ASCII);

    assertTrue(head.matches("(?s)([^\\r\\n]+\\r\\n){2,}\\r\\n"), head);
    List<String> names = lines(accepted(VALID)).stream().skip(1).map(line -> line.split(":")[0]).sorted().toList();
    assertEquals(List.of("Connection", "Date", "Sec-WebSocket-Accept", "Upgrade"), names);
  }

  @Test
  void names_and_values_that_are_words_may_be_in_any_case_and_in_lists() {
    accepted(
        List.of(
            "HOST: localhost",
            "upgrade: h2c , WebSocket",
            "connection: keep-alive",
            "CONNECTION: UPGRADE",
            "sec-websocket-key:  " + KEY + " ",
            "sec-websocket-version: 13 "));
  }

  @Test
  void connection_field_of_the_request_is_not_sent_back() {
    List<String> lines = lines(accepted(with("Connection: keep-alive, X-Mine, Upgrade")));

    assertTrue(lines.contains("Connection: Upgrade"), lines::toString);
    assertFalse(lines.toString().contains("X-Mine"), lines::toString);
  }

  @Test
  void no_extension_is_agreed_on() {
    String offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-webkit-deflate-frame";
    String head = lines(accepted(with(offer))).toString();

    assertFalse(head.contains("Extensions"), head);
    assertFalse(head.contains("deflate"), head);
  }

  @ParameterizedTest
  @ValueSource(strings = {"logtap", "logtap, bearer.secret", "bearer.secret,logtap", "chat ,, logtap ,"})
  void our_subprotocol_is_selected_where_it_is_offered(String offer) {
    Accepted accepted = accepted(with("Sec-WebSocket-Protocol: " + offer));

    assertEquals("logtap", accepted.protocol());
    assertTrue(lines(accepted).contains("Sec-WebSocket-Protocol: logtap"), () -> lines(accepted).toString());
    assertFalse(lines(accepted).toString().contains("secret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat", "LOGTAP", "log tap", "logtap2", "bearer.secret", "", ","})
  void another_subprotocol_is_not(String offer) {
    Accepted accepted = accepted(with("Sec-WebSocket-Protocol: " + offer));

    assertNull(accepted.protocol());
    assertFalse(lines(accepted).toString().contains("Sec-WebSocket-Protocol"));
  }

  @Test
  void subprotocols_of_all_lines_are_offered_in_order() {
    List<String> two = with("Sec-WebSocket-Protocol: logtap, bearer.a", "sec-websocket-protocol:bearer.b");

    assertEquals(List.of("logtap", "bearer.a", "bearer.b"), Handshake.protocols(entries(two)));
    assertEquals("logtap", accepted(two).protocol());
    assertEquals(List.of(), Handshake.protocols(entries(VALID)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Upgrade               |                      | no upgrade
          Upgrade               | Upgrade: h2c         | another upgrade
          Upgrade               | Upgrade: websocket2  | a word that only begins so
          Connection            |                      | no connection field
          Connection            | Connection: close    | another connection field
          Connection            | Connection: no-upgrade | a word that only ends so
          Sec-WebSocket-Version |                      | no version
          Sec-WebSocket-Version | Sec-WebSocket-Version: 8   | an old version
          Sec-WebSocket-Version | Sec-WebSocket-Version: 14  | one that isn't there yet
          Sec-WebSocket-Version | Sec-WebSocket-Version: +13 | what the library would take for 13
          Sec-WebSocket-Version | Sec-WebSocket-Version: 013 | that too
          Sec-WebSocket-Version | Sec-WebSocket-Version: 13, 8 | a list
          Sec-WebSocket-Version | Sec-WebSocket-Version: x   | no number
          """)
  void what_needs_another_upgrade_is_told_which(String removed, String added, String because) {
    Refused refused = refused("GET", TARGET, added == null ? without(removed) : replaced(removed, added));

    assertEquals(426, refused.status(), because);
    assertEquals(
        Map.of("Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Version", "13"), refused.headers());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "x", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZTE=", "dGhlIHNhbXBsZSBub25j",
        "dGhlIHNhbXBsZSBub25jZT09",
        "dGhlIHNhbXBsZSBub25*ZQ==", "dGhlIHNhbXBsZSBub25-ZQ==", "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==",
        "dGhl IHNhbXBsZSBub25jZQ="
      })
  void key_that_is_not_16_bytes_in_base64_is_refused(String key) {
    assertBad(replaced("Sec-WebSocket-Key", "Sec-WebSocket-Key: " + key));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sec-WebSocket-Key: " + KEY, "Sec-WebSocket-Version: 13", "Host: other"})
  void field_that_may_come_once_is_refused_twice(String field) {
    assertBad(with(field));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sec-WebSocket-Key", "Host"})
  void field_that_has_to_be_there_is_missed(String name) {
    assertBad(without(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/a?b=c", "http://localhost/a", "HTTPS://localhost/a"})
  void target_may_be_a_path_or_a_url(String target) {
    assertInstanceOf(Accepted.class, Handshake.answer("GET", HTTP, target, entries(VALID)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "localhost:80", "a", "/a#b", "ftp://localhost/"})
  void other_targets_are_refused(String target) {
    assertEquals(400, refused("GET", target, VALID).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "HEAD", "get", "CONNECT"})
  void other_methods_are_refused(String method) {
    Refused refused = refused(method, TARGET, VALID);

    assertEquals(405, refused.status());
    assertEquals(Map.of("Allow", "GET"), refused.headers());
  }

  @Test
  void nothing_is_upgraded_in_http_1_0() {
    Answer answer = Handshake.answer("GET", "HTTP/1.0", TARGET, entries(VALID));

    assertEquals(426, assertInstanceOf(Refused.class, answer).status());
  }

  @Test
  void what_is_meant_as_a_handshake_is_known_before_it_is_checked() {
    assertTrue(Handshake.isUpgrade(entries(VALID)));
    assertTrue(Handshake.isUpgrade(entries(without("Sec-WebSocket-Key"))));
    assertFalse(Handshake.isUpgrade(entries(without("Upgrade"))));
    assertFalse(Handshake.isUpgrade(entries(without("Connection"))));
    assertFalse(Handshake.isUpgrade(List.of()));
  }

  private static Accepted accepted(List<String> headers) {
    return assertInstanceOf(Accepted.class, Handshake.answer("GET", HTTP, TARGET, entries(headers)));
  }

  /** Whatever a refusal says, it says nothing that came from the request. */
  private static Refused refused(String method, String target, List<String> headers) {
    List<String> offering = new ArrayList<>(headers);
    offering.add("Sec-WebSocket-Protocol: logtap, bearer.secret");
    Answer answer = Handshake.answer(method, HTTP, target, entries(offering));
    assertFalse(answer.toString().contains("secret"), answer::toString);
    return assertInstanceOf(Refused.class, answer);
  }

  private static void assertBad(List<String> headers) {
    Refused refused = refused("GET", TARGET, headers);
    assertEquals(400, refused.status());
    assertEquals(Map.of(), refused.headers());
  }

  private static List<String> with(String... added) {
    List<String> headers = new ArrayList<>(VALID);
    headers.addAll(List.of(added));
    return headers;
  }

  private static List<String> without(String name) {
    return VALID.stream().filter(header -> !header.startsWith(name + ":")).toList();
  }

  private static List<String> replaced(String name, String header) {
    List<String> headers = new ArrayList<>(without(name));
    headers.add(header);
    return headers;
  }

  private static List<Map.Entry<String, String>> entries(List<String> headers) {
    List<Map.Entry<String, String>> entries = new ArrayList<>();
    for (String header : headers) {
      int colon = header.indexOf(':');
      entries.add(Map.entry(header.substring(0, colon), header.substring(colon + 1)));
    }
    return entries;
  }

  private static List<String> lines(Accepted accepted) {
    return new String(accepted.head(), US_ASCII).strip().lines().toList();
  }
}

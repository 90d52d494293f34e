package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * One answer of the server to a request.
 *
 * @param headers by lower-case name; those of one name joined by {@code ", "}
 */
record Answer(int status, Map<String, String> headers, byte[] body) {

  Answer expect(int status) {
    assertEquals(status, this.status, this::toString);
    return this;
  }

  /** A refusal: that status, and a JSON body that holds one sentence and nothing else. */
  Answer expectRefusal(int status) {
    expect(status);
    assertTrue(String.valueOf(header("content-type")).startsWith("application/json"), this::toString);
    assertEquals(List.of("error"), List.copyOf(json().keySet()), this::toString);
    assertTrue(error().matches("[^\\n]{8,}"), this::toString);
    return this;
  }

  /** The header's text; null where there is none. */
  String header(String name) {
    return headers.get(name);
  }

  Map<String, Object> json() {
    return JsonRecord.of(text());
  }

  String error() {
    return (String) json().get("error");
  }

  List<?> lines() {
    return (List<?>) json().get("lines");
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    String text = text();
    return status + " " + headers + "\n" + text.substring(0, Math.min(text.length(), 1000));
  }
}

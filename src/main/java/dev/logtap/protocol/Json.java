package dev.logtap.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.OptionalLong;

/** The small answers and messages as JSON. Any thread may call it. */
public final class Json {
  /** A message with something behind its end is none. */
  static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Json() {}

  /** {@code {"error":"one sentence"}}, the body of every refusal. */
  public static byte[] refusal(String sentence) {
    return bytes(MAPPER.createObjectNode().put("error", sentence));
  }

  /** {@code {"status":"ok","name":"logtap","version":"..."}}: all that a stranger is told. */
  public static byte[] health(String version) {
    return bytes(MAPPER.createObjectNode().put("status", "ok").put("name", "logtap").put("version", version));
  }

  /** Whether a body is the health of a logtap. */
  public static boolean isHealth(byte[] body) {
    try {
      return "logtap".equals(MAPPER.readTree(body).path("name").textValue());
    } catch (IOException _) {
      return false;
    }
  }

  /** {@code {"logs":[...],"environments":[...]}}. */
  public static byte[] names(Collection<String> logs, Collection<String> environments) {
    ObjectNode answer = MAPPER.createObjectNode();
    logs.forEach(answer.putArray("logs")::add);
    environments.forEach(answer.putArray("environments")::add);
    return bytes(answer);
  }

  /** {@code {"type":"pong"}}. */
  public static byte[] pong() {
    return bytes(MAPPER.createObjectNode().put("type", "pong"));
  }

  /** {@code {"type":"error","message":"..."}}. */
  public static byte[] error(String sentence) {
    return bytes(MAPPER.createObjectNode().put("type", "error").put("message", sentence));
  }

  /** {@code {"type":"token","token":"..."}}, by which a client goes on with a new token. */
  public static String token(String token) {
    return MAPPER.createObjectNode().put("type", "token").put("token", token).toString();
  }

  /** The sentence of a {@link #refusal}; null where a body is none. */
  public static String sentenceOf(byte[] refusal) {
    try {
      return MAPPER.readTree(refusal).path("error").textValue();
    } catch (IOException _) {
      return null;
    }
  }

  /** {@code {"type":"status","message":"connected"}}. */
  public static byte[] status(String status) {
    return bytes(MAPPER.createObjectNode().put("type", "status").put("message", status));
  }

  /**
   * {@code {"type":"gap","dropped":12,"message":"why"}}.
   *
   * @param dropped how many entries are missing, where that is known
   */
  public static byte[] gap(OptionalLong dropped, String why) {
    ObjectNode gap = MAPPER.createObjectNode().put("type", "gap");
    dropped.ifPresent(count -> gap.put("dropped", count));
    return bytes(gap.put("message", why));
  }

  /** {@code {"type":"heartbeat","timestamp":"..."}}. */
  public static byte[] heartbeat(Instant now) {
    return bytes(MAPPER.createObjectNode().put("type", "heartbeat").put("timestamp", now.truncatedTo(ChronoUnit.MILLIS).toString()));
  }

  private static byte[] bytes(ObjectNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

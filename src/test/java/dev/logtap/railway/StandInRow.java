package dev.logtap.railway;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A row as the stand-in stores it: one of a service, with the tags and attributes that Railway gives, until it is told
 * otherwise.
 *
 * @param time what the stand-in orders and searches by
 * @param timestamp how the row writes it; some other text where a test is about that
 * @param attributes keys, and values as they are on the wire
 * @param tagged without it {@code tags} is null
 */
public record StandInRow(
    Instant time,
    String timestamp,
    String severity,
    String serviceId,
    String deploymentId,
    String deploymentInstanceId,
    String message,
    List<Map.Entry<String, String>> attributes,
    boolean tagged) {

  public static StandInRow of(Instant time, String serviceId, String message) {
    return new StandInRow(
        time,
        time.toString(),
        "info",
        serviceId,
        "deployment-1",
        "replica-1",
        message,
        List.of(Map.entry("level", "\"info\"")),
        true);
  }

  public StandInRow withTimestamp(String text) {
    return new StandInRow(
        time, text, severity, serviceId, deploymentId, deploymentInstanceId, message, attributes, tagged);
  }

  /** @param other null for none */
  public StandInRow withSeverity(String other) {
    return new StandInRow(
        time, timestamp, other, serviceId, deploymentId, deploymentInstanceId, message, attributes, tagged);
  }

  public StandInRow withService(String id) {
    return new StandInRow(
        time, timestamp, severity, id, deploymentId, deploymentInstanceId, message, attributes, tagged);
  }

  public StandInRow withDeployment(String id) {
    return new StandInRow(time, timestamp, severity, serviceId, id, deploymentInstanceId, message, attributes, tagged);
  }

  public StandInRow withReplica(String id) {
    return new StandInRow(time, timestamp, severity, serviceId, deploymentId, id, message, attributes, tagged);
  }

  /** @param raw as it is on the wire: JSON text for the most part, so that a string has its quotes */
  public StandInRow withAttribute(String key, String raw) {
    List<Map.Entry<String, String>> more = new ArrayList<>(attributes);
    more.add(Map.entry(key, raw));
    return new StandInRow(
        time, timestamp, severity, serviceId, deploymentId, deploymentInstanceId, message, List.copyOf(more), tagged);
  }

  public StandInRow withoutAttributes() {
    return new StandInRow(
        time, timestamp, severity, serviceId, deploymentId, deploymentInstanceId, message, List.of(), tagged);
  }

  public StandInRow withoutTags() {
    return new StandInRow(
        time, timestamp, severity, serviceId, deploymentId, deploymentInstanceId, message, attributes, false);
  }

  /** The schema's {@code Log}. */
  Map<String, Object> toLog(String environmentId) {
    Map<String, Object> log = new HashMap<>();
    log.put("timestamp", timestamp);
    log.put("message", message);
    log.put("severity", severity);
    log.put("attributes", attributes.stream().map(a -> Map.of("key", a.getKey(), "value", a.getValue())).toList());
    if (tagged) {
      Map<String, Object> tags = new HashMap<>();
      tags.put("projectId", StandInSchema.PROJECT);
      tags.put("environmentId", environmentId);
      tags.put("serviceId", serviceId);
      tags.put("deploymentId", deploymentId);
      tags.put("deploymentInstanceId", deploymentInstanceId);
      log.put("tags", tags);
    }
    return log;
  }
}

package dev.logtap.railway;

import java.time.Instant;
import java.util.List;

/**
 * A row of an environment's log.
 *
 * @param time {@code timestamp}, parsed
 * @param timestamp RFC 3339, as Railway wrote it
 * @param severity as Railway wrote it, which is no closed set; null where there is none
 * @param serviceId null where Railway gives none, as with the next three
 * @param serviceName null also where the name could not be found
 * @param replicaId the instance of the deployment
 * @param attributes with different keys
 */
public record Entry(
    Instant time,
    String timestamp,
    String severity,
    String serviceId,
    String serviceName,
    String deploymentId,
    String replicaId,
    String message,
    List<Attribute> attributes) {
  /** @param json the value as JSON text: what Railway gave where that is JSON, else that as a JSON string */
  public record Attribute(String key, String json) {}

  Entry named(String name) {
    return new Entry(
        time, timestamp, severity, serviceId, name, deploymentId, replicaId, message, attributes);
  }
}

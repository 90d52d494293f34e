package dev.logtap.protocol;

import dev.logtap.output.ByteOutput;
import dev.logtap.output.JsonText;
import dev.logtap.railway.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;

/**
 * Writes messages of an environment's stream, each of them whole at once:
 * {@code {"type":"log","data":{...},"cursor":"..."}} and those of type status, gap, heartbeat. Used by one thread at a time.
 */
public final class RelayMessage {
  private final ByteOutput out;
  private final JsonText text;

  /** @param sink takes the messages; it is memory, and so does not fail */
  public RelayMessage(OutputStream sink) {
    this.out = new ByteOutput(sink);
    this.text = new JsonText(out);
  }

  /** @param cut whether something of the entry was left out because it is too large */
  public void log(Entry entry, boolean cut, String cursor) {
    write(
        () -> {
          out.write("{\"type\":\"log\",\"data\":{\"timestamp\":");
          string(entry.timestamp());
          field("severity", entry.severity());
          field("serviceName", entry.serviceName());
          field("serviceId", entry.serviceId());
          field("deploymentId", entry.deploymentId());
          field("replicaId", entry.replicaId());
          field("message", entry.message());
          attributes(entry.attributes());
          if (cut) {
            out.write(",\"truncated\":true");
          }
          // base64url, of which JSON escapes nothing.
          out.write("},\"cursor\":\"" + cursor + "\"}");
        });
  }

  private void attributes(List<Entry.Attribute> attributes) throws IOException {
    out.write(",\"attributes\":{");
    String comma = "";
    for (Entry.Attribute attribute : attributes) {
      out.write(comma);
      string(attribute.key());
      out.write((byte) ':');
      out.write(attribute.json());
      comma = ",";
    }
    out.write((byte) '}');
  }

  /** How it stands with Railway. */
  public void status(String status) {
    write(
        () -> {
          out.write("{\"type\":\"status\",\"message\":");
          string(status);
          out.write((byte) '}');
        });
  }

  /** @param dropped how many entries are missing, where that is known */
  public void gap(OptionalLong dropped, String why) {
    write(
        () -> {
          out.write("{\"type\":\"gap\"");
          if (dropped.isPresent()) {
            out.write(",\"dropped\":" + dropped.getAsLong());
          }
          field("message", why);
          out.write((byte) '}');
        });
  }

  public void heartbeat(Instant now) {
    write(() -> out.write("{\"type\":\"heartbeat\",\"timestamp\":\"" + now.truncatedTo(ChronoUnit.MILLIS) + "\"}"));
  }

  /** Left out where it is null. */
  private void field(String name, String value) throws IOException {
    if (value != null) {
      out.write(",\"" + name + "\":");
      string(value);
    }
  }

  private void string(String value) throws IOException {
    out.write((byte) '"');
    text.write(value);
    out.write((byte) '"');
  }

  private interface Writing {
    void write() throws IOException;
  }

  private void write(Writing message) {
    out.discard();
    try {
      message.write();
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

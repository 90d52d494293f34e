package dev.logtap.protocol;

import dev.logtap.output.ByteOutput;
import dev.logtap.output.JsonText;
import dev.logtap.railway.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Writes an environment's entries as messages, each of them whole at once:
 * {@code {"type":"log","data":{...},"cursor":"..."}}. Used by one thread at a time.
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
    out.discard();
    try {
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
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
}

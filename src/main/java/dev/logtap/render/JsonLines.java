package dev.logtap.render;

import dev.logtap.log.Reading.Lines;
import dev.logtap.output.ByteOutput;
import dev.logtap.output.JsonText;
import dev.logtap.protocol.RelayEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON object a line: {@code {"log":"nginx-access","line":"..."}}, or a relayed entry with its environment before its
 * own members.
 */
public final class JsonLines implements Renderer {
  private static final byte[] LINE = ",\"line\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\"}\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END_OF_PART = "\",\"partial\":true}\n".getBytes(StandardCharsets.US_ASCII);

  private final ByteOutput out;
  private final JsonText text;

  /** How a line of {@link #beginningOf} begins. Most batches are of the source of the one before. */
  private byte[] beginning;

  private Source beginningOf;

  public JsonLines(ByteOutput out) {
    this.out = out;
    this.text = new JsonText(out);
  }

  @Override
  public void lines(Source source, Lines lines) throws IOException {
    if (source != beginningOf) {
      beginningOf = source;
      beginning = Arrays.copyOf(source.beginning(), source.beginning().length + LINE.length);
      System.arraycopy(LINE, 0, beginning, source.beginning().length, LINE.length);
    }
    byte[] bytes = lines.bytes();
    // The last line of a file that ends without a newline: its carriage return is left out as well.
    int to = !lines.partial() && bytes[lines.to() - 1] == '\r' ? lines.to() - 1 : lines.to();
    int from = lines.from();
    while (from < lines.to()) {
      out.write(beginning);
      from = text.writeLine(bytes, from, to) + 1;
      out.write(lines.partial() ? END_OF_PART : END);
    }
  }

  @Override
  public void entry(Source source, RelayEntry entry) throws IOException {
    out.write(source.beginning());
    if (entry.members().length > 0) {
      out.write((byte) ',');
      out.write(entry.members());
    }
    out.write("}\n");
  }

  @Override
  public boolean gap(Source source, String why, long dropped) throws IOException {
    out.write(source.beginning());
    out.write(",\"gap\":\"");
    text.write(why);
    out.write(dropped > 0 ? "\",\"dropped\":" + dropped + "}\n" : "\"}\n");
    return true;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}

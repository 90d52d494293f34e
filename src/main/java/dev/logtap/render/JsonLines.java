package dev.logtap.render;

import dev.logtap.log.LogName;
import dev.logtap.log.Reading.Lines;
import dev.logtap.output.ByteOutput;
import dev.logtap.output.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One JSON object a line: {@code {"log":"nginx-access","line":"..."}}. */
public final class JsonLines implements Renderer {
  private static final byte[] END = "\"}\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END_OF_PART = "\",\"partial\":true}\n".getBytes(StandardCharsets.US_ASCII);

  private final ByteOutput out;
  private final JsonText text;

  /** How a line of {@link #beginningOf} begins. Most batches are of the log of the one before. */
  private byte[] beginning;

  private LogName beginningOf;

  public JsonLines(ByteOutput out) {
    this.out = out;
    this.text = new JsonText(out);
  }

  @Override
  public void lines(LogName log, Lines lines) throws IOException {
    if (!log.equals(beginningOf)) {
      beginningOf = log;
      // A name holds nothing that JSON would escape.
      beginning = ("{\"log\":\"" + log + "\",\"line\":\"").getBytes(StandardCharsets.US_ASCII);
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
  public boolean gap(LogName log, String why) throws IOException {
    out.write("{\"log\":\"" + log + "\",\"gap\":\"");
    text.write(why);
    out.write(END);
    return true;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}

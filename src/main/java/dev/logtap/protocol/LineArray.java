package dev.logtap.protocol;

import dev.logtap.log.Reading.Lines;
import dev.logtap.output.ByteOutput;
import dev.logtap.output.JsonText;
import java.io.IOException;

/**
 * Writes lines of a log as the elements of a JSON array: without their line ends, bytes that are not UTF-8 as
 * U+FFFD. Used by one thread at a time.
 */
final class LineArray {
  private final ByteOutput out;
  private final JsonText text;
  private boolean empty = true;

  LineArray(ByteOutput out) {
    this.out = out;
    this.text = new JsonText(out);
  }

  void begin() throws IOException {
    out.write((byte) '[');
    empty = true;
  }

  void add(Lines lines) throws IOException {
    byte[] bytes = lines.bytes();
    // The last line of a file that ends without a newline: its carriage return is left out as well.
    int to = !lines.partial() && bytes[lines.to() - 1] == '\r' ? lines.to() - 1 : lines.to();
    int from = lines.from();
    while (from < lines.to()) {
      if (!empty) {
        out.write((byte) ',');
      }
      empty = false;
      out.write((byte) '"');
      from = text.writeLine(bytes, from, to) + 1;
      out.write((byte) '"');
    }
  }

  void end() throws IOException {
    out.write((byte) ']');
  }

  /** Writes a text of ours as a string. */
  void string(String value) throws IOException {
    out.write((byte) '"');
    text.write(value);
    out.write((byte) '"');
  }
}

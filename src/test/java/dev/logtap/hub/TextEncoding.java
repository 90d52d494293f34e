package dev.logtap.hub;

import dev.logtap.log.Cursor;
import dev.logtap.log.Reading.Lines;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Messages that tests can read: the cursor, the gap, and the text, each up to a byte that no text has. */
final class TextEncoding implements Encoding {
  static final char END = '\u0001';

  private final ByteArrayOutputStream text = new ByteArrayOutputStream();

  @Override
  public void begin() {
    text.reset();
  }

  @Override
  public void add(Lines lines) {
    text.write(lines.bytes(), lines.from(), lines.length());
  }

  @Override
  public ByteBuffer end(boolean partial, String gap, Cursor cursor) {
    String message = cursor.toString() + END + (gap == null ? "" : gap) + END + text();
    return ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8));
  }

  String text() {
    return text.toString(StandardCharsets.UTF_8);
  }
}

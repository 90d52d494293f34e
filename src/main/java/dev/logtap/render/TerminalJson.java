package dev.logtap.render;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * JSON on its way to a terminal: JSON has to escape C0 only, and a terminal obeys other characters as well (see
 * {@link TerminalText}). They stand in strings, where an escape sequence means the same. Into a pipe they go as they are.
 * Used by one thread at a time.
 */
public final class TerminalJson extends OutputStream {
  private final OutputStream out;

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE);

  /** The beginning of a character, of which the rest is still to come. */
  private ByteBuffer begun = ByteBuffer.allocate(0);

  public TerminalJson(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(begun.remaining() + length).put(begun).put(bytes, from, length).flip();
    CharBuffer json = CharBuffer.allocate(all.remaining());
    decoder.decode(all, json, false);
    begun = all;
    out.write(harmless(json.flip()).getBytes(StandardCharsets.UTF_8));
  }

  private static String harmless(CharSequence json) {
    StringBuilder shown = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (TerminalText.isHarmful(c)) {
        shown.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
      } else {
        shown.append(c);
      }
    }
    return shown.toString();
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}

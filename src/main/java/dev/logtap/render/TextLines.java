package dev.logtap.render;

import dev.logtap.log.LogName;
import dev.logtap.log.Reading.Lines;
import dev.logtap.output.ByteOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Lines as text. To a pipe they are the log's bytes, untouched, and no newline is added at the end; to
 * a terminal they are made harmless. With several logs each line begins with its log's name.
 */
public final class TextLines implements Renderer {

  /** How lines are to look. */
  public record Style(boolean names, boolean colour, boolean terminal) {}

  /** Readable on light and dark, none that means something elsewhere: cyan, green, magenta, yellow, blue. */
  private static final int[] NAME_COLOURS = {36, 32, 35, 33, 34};

  private final ByteOutput out;
  private final Style style;

  /** The log whose line was not finished by what was written last; null at the start of a line. */
  private LogName open;

  /** Whether {@link #open} goes on in what comes next from that log. */
  private boolean goesOn;

  private byte[] name;
  private LogName nameOf;

  public TextLines(ByteOutput out, Style style) {
    this.out = out;
    this.style = style;
  }

  @Override
  public void lines(LogName log, Lines lines) throws IOException {
    boolean continued = goesOn && log.equals(open);
    if (open != null && !continued) {
      // A line whose file ended without a newline is not to be glued to the next.
      out.write((byte) '\n');
    }
    if (style.names() || style.terminal()) {
      lineByLine(log, lines, continued);
    } else {
      out.write(lines.bytes(), lines.from(), lines.to());
    }
    open = lines.bytes()[lines.to() - 1] == '\n' ? null : log;
    goesOn = lines.partial();
  }

  private void lineByLine(LogName log, Lines lines, boolean continued) throws IOException {
    byte[] bytes = lines.bytes();
    boolean named = !continued && style.names();
    int from = lines.from();
    while (from < lines.to()) {
      int end = from;
      while (end < lines.to() && bytes[end] != '\n') {
        end++;
      }
      if (named) {
        out.write(nameOf(log));
      }
      named = style.names();
      if (style.terminal()) {
        TerminalText.write(out, bytes, from, end);
      } else {
        out.write(bytes, from, end);
      }
      if (end < lines.to()) {
        out.write((byte) '\n');
      }
      from = end + 1;
    }
  }

  private byte[] nameOf(LogName log) {
    if (!log.equals(nameOf)) {
      nameOf = log;
      int colour = NAME_COLOURS[Math.floorMod(log.value().hashCode(), NAME_COLOURS.length)];
      String text = style.colour() ? "\u001b[" + colour + "m" + log + ":\u001b[0m " : log + ": ";
      name = text.getBytes(StandardCharsets.US_ASCII);
    }
    return name;
  }

  @Override
  public boolean gap(LogName log, String why) {
    return false;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}

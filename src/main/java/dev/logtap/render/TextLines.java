package dev.logtap.render;

import dev.logtap.log.Reading.Lines;
import dev.logtap.output.ByteOutput;
import dev.logtap.protocol.RelayEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Lines as text. To a pipe they are the log's bytes, untouched, and no newline is added at the end; to
 * a terminal they are made harmless. With several sources each line begins with its source's name. A relayed entry is its
 * message behind time, severity and service, which stand before each line of it, so that grep finds them there.
 */
public final class TextLines implements Renderer {

  /** How lines are to look. */
  public record Style(boolean names, boolean colour, boolean terminal) {}

  private final ByteOutput out;
  private final Style style;

  /** The log whose line was not finished by what was written last; null at the start of a line. */
  private Source open;

  /** Whether {@link #open} goes on in what comes next from that log. */
  private boolean goesOn;

  private byte[] name;
  private Source nameOf;

  public TextLines(ByteOutput out, Style style) {
    this.out = out;
    this.style = style;
  }

  @Override
  public void lines(Source source, Lines lines) throws IOException {
    boolean continued = goesOn && source == open;
    if (!continued) {
      endLine();
    }
    if (style.names() || style.terminal()) {
      lineByLine(source, lines, continued);
    } else {
      out.write(lines.bytes(), lines.from(), lines.to());
    }
    open = lines.bytes()[lines.to() - 1] == '\n' ? null : source;
    goesOn = lines.partial();
  }

  private void lineByLine(Source source, Lines lines, boolean continued) throws IOException {
    byte[] bytes = lines.bytes();
    boolean named = !continued && style.names();
    int from = lines.from();
    while (from < lines.to()) {
      int end = from;
      while (end < lines.to() && bytes[end] != '\n') {
        end++;
      }
      if (named) {
        out.write(nameOf(source));
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

  /** A line whose file ended without a newline is not to be glued to the next. */
  private void endLine() throws IOException {
    if (open != null) {
      out.write((byte) '\n');
      open = null;
    }
  }

  private byte[] nameOf(Source source) {
    if (source != nameOf) {
      nameOf = source;
      String label = TerminalText.harmless(source.label());
      String text = style.colour() ? "\u001b[" + source.colour() + "m" + label + ":\u001b[0m " : label + ": ";
      name = text.getBytes(StandardCharsets.UTF_8);
    }
    return name;
  }

  @Override
  public void entry(Source source, RelayEntry entry) throws IOException {
    endLine();
    byte[] head = head(entry).getBytes(StandardCharsets.UTF_8);
    byte[] message = entry.message() == null ? new byte[0] : entry.message().getBytes(StandardCharsets.UTF_8);
    int from = 0;
    do {
      int end = from;
      while (end < message.length && message[end] != '\n') {
        end++;
      }
      if (style.names()) {
        out.write(nameOf(source));
      }
      out.write(head);
      if (style.terminal()) {
        TerminalText.write(out, message, from, end);
      } else {
        out.write(message, from, end);
      }
      out.write((byte) '\n');
      from = end + 1;
    } while (from < message.length);
  }

  /** {@code 2026-11-23T04:30:12.5Z info api: }, of which anything may be missing; made harmless, because a line can be forged. */
  private String head(RelayEntry entry) {
    StringBuilder head = new StringBuilder();
    if (entry.timestamp() != null) {
      head.append(TerminalText.harmless(entry.timestamp())).append(' ');
    }
    if (entry.severity() != null) {
      int colour = style.colour() ? severityColour(entry.severity()) : 0;
      String severity = TerminalText.harmless(entry.severity());
      head.append(colour == 0 ? severity : "\u001b[" + colour + "m" + severity + "\u001b[0m").append(' ');
    }
    if (entry.serviceName() != null) {
      head.append(TerminalText.harmless(entry.serviceName())).append(": ");
    }
    return head.toString();
  }

  /** Red and yellow for what asks for attention; 0 for none. */
  private static int severityColour(String severity) {
    return switch (severity) {
      case "error", "fatal", "critical" -> 31;
      case "warn", "warning" -> 33;
      default -> 0;
    };
  }

  @Override
  public boolean gap(Source source, String why, long dropped) {
    // What follows is not the rest of the line that was begun.
    goesOn = false;
    return false;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}

package dev.logtap.terminal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a terminal shows that obeys what is written: just the sequences that a view of the whole screen needs. */
final class Screen {
  private static final Pattern PART = Pattern.compile("\u001b\\[([?0-9;]*)([A-Za-z])|[^\u001b]+");

  private final List<String> rows;
  private final Set<String> modes = new TreeSet<>();
  private int row;

  Screen(int lines) {
    rows = new ArrayList<>(Collections.nCopies(lines, ""));
  }

  /** Obeys a frame; how many bytes that was. */
  int write(byte[] frame) {
    Matcher parts = PART.matcher(new String(frame, StandardCharsets.UTF_8));
    int from = 0;
    while (parts.find()) {
      if (parts.start() != from) {
        throw new AssertionError("not understood: " + parts.group());
      }
      from = parts.end();
      obey(parts.group(), parts.group(1), parts.group(2));
    }
    return frame.length;
  }

  private void obey(String text, String parameters, String command) {
    if (command == null) {
      rows.set(row, rows.get(row) + text);
      return;
    }
    switch (command) {
      case "h" -> modes.add(parameters);
      case "l" -> modes.remove(parameters);
      case "H" -> row = parameters.isEmpty() ? 0 : Integer.parseInt(parameters.split(";")[0]) - 1;
      case "J" -> rows.replaceAll(_ -> "");
      case "K" -> rows.set(row, "");
      case "m" -> rows.set(row, rows.get(row) + marking(parameters));
      default -> throw new AssertionError("not understood: " + text);
    }
  }

  private static String marking(String look) {
    return switch (look) {
      case "7" -> "<";
      case "27" -> ">";
      case "7;4" -> "<<";
      case "27;24" -> ">>";
      case "0" -> "";
      default -> "(" + look + ")";
    };
  }

  Set<String> modes() {
    return modes;
  }

  /** Each row with its end. */
  @Override
  public String toString() {
    return rows.stream().map(line -> line.stripTrailing() + "\n").collect(Collectors.joining());
  }
}

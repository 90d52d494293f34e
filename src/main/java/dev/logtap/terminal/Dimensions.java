package dev.logtap.terminal;

/** How large a terminal is. */
public record Dimensions(int columns, int lines) {
  private static final Dimensions USUAL = new Dimensions(80, 24);

  /** Of what a terminal says, which may be nothing: 0 and 0. */
  public static Dimensions of(int columns, int lines) {
    return columns > 0 && lines > 0 ? new Dimensions(columns, lines) : USUAL;
  }
}

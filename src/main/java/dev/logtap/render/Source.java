package dev.logtap.render;

import dev.logtap.log.LogName;
import dev.logtap.output.ByteOutput;
import dev.logtap.output.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Where records are from: how that is called for eyes, and how its JSON records begin. Each is equal to itself only. */
public final class Source {
  /** Readable on light and dark, none that means something elsewhere: cyan, green, magenta, yellow, blue. */
  private static final int[] COLOURS = {36, 32, 35, 33, 34};

  private final String label;
  private final byte[] beginning;

  private Source(String label, byte[] beginning) {
    this.label = label;
    this.beginning = beginning;
  }

  /** A log of this machine. */
  public static Source log(LogName name) {
    // A name holds nothing that JSON would escape.
    return new Source(name.value(), ("{\"log\":\"" + name + "\"").getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * A log of a server.
   *
   * @param server named in its records; null for none
   */
  public static Source log(String label, LogName name, String server) {
    return new Source(label, members("log", name.value(), server));
  }

  /**
   * A relayed environment.
   *
   * @param asked how it was asked for
   * @param server named in its records; null for none
   */
  public static Source environment(String label, String asked, String server) {
    return new Source(label, members("environment", asked, server));
  }

  private static byte[] members(String kind, String name, String server) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteOutput out = new ByteOutput(bytes);
    try {
      out.write("{\"" + kind + "\":\"");
      new JsonText(out).write(name);
      if (server != null) {
        out.write("\",\"server\":\"");
        new JsonText(out).write(server);
      }
      out.write((byte) '"');
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** For eyes. */
  public String label() {
    return label;
  }

  /** In which colour it is called so (ECMA-48 8.3.117), always the same. */
  public int colour() {
    return COLOURS[Math.floorMod(label.hashCode(), COLOURS.length)];
  }

  /** An object's first members, with its brace. */
  byte[] beginning() {
    return beginning;
  }

  @Override
  public String toString() {
    return label;
  }
}

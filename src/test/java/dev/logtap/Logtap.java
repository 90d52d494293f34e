package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The installed program as a process: its launcher, its image. Environment variables that would leak
 * into it are unset. Every failure shows the command, the exit code and both streams.
 */
public final class Logtap implements AutoCloseable {
  private final List<String> command;
  private final Process process;
  private final Collected out;
  private final Collected err;

  private Logtap(List<String> command, Process process) {
    this.command = command;
    this.process = process;
    this.out = new Collected(process.getInputStream(), "stdout");
    this.err = new Collected(process.getErrorStream(), "stderr");
  }

  /** The launcher that the build has staged. */
  public static Path launcher() {
    return Path.of(System.getProperty("logtap.launcher")).toAbsolutePath();
  }

  /** Starts {@code logtap arguments...}; close it in the end. */
  public static Logtap start(String... arguments) {
    return start(Map.of(), arguments);
  }

  public static Logtap start(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(launcher().toString());
    command.addAll(List.of(arguments));
    return startCommand(environment, command);
  }

  /** Starts any command, for example one that runs the launcher as another user. */
  public static Logtap startCommand(Map<String, String> environment, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("LOGTAP_") || name.startsWith("XDG_"));
    builder.environment().remove("NO_COLOR");
    builder.environment().put("HOME", "/nonexistent");
    builder.environment().putAll(environment);
    try {
      return new Logtap(command, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs it to its end. */
  public static Logtap run(String... arguments) {
    return start(arguments).awaitExit();
  }

  public static Logtap run(Map<String, String> environment, String... arguments) {
    return start(environment, arguments).awaitExit();
  }

  public Logtap awaitExit() {
    try {
      if (!process.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        String state = toString();
        process.destroyForcibly();
        throw new AssertionError("still running:\n" + state);
      }
      out.thread.join();
      err.thread.join();
      return this;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public Logtap expectExit(int code) {
    awaitExit();
    assertEquals(code, process.exitValue(), this::toString);
    return this;
  }

  /** Waits until stdout holds the text. */
  public Logtap awaitOut(String text) {
    Await.until(() -> out().contains(text), this::toString);
    return this;
  }

  /** Waits until stdout is exactly the text. */
  public Logtap awaitWholeOut(String text) {
    Await.until(() -> out().equals(text), () -> "expected on stdout:\n" + text + "\n" + this);
    return this;
  }

  /** Waits until stderr holds the text. */
  public Logtap awaitErr(String text) {
    Await.until(() -> err().contains(text), this::toString);
    return this;
  }

  /** Waits until stderr is exactly the text: it comes another way than what was written to stdout before or after it. */
  public Logtap awaitWholeErr(String text) {
    Await.until(() -> err().equals(text), () -> "expected on stderr:\n" + text + "\n" + this);
    return this;
  }

  public String out() {
    return new String(outBytes(), StandardCharsets.UTF_8);
  }

  public byte[] outBytes() {
    return out.bytes();
  }

  public String err() {
    return new String(err.bytes(), StandardCharsets.UTF_8);
  }

  public Process process() {
    return process;
  }

  /** Sends a signal by name, for example {@code INT}. */
  public Logtap signal(String name) {
    Signal.send(name, process.pid());
    return this;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    awaitExit();
  }

  @Override
  public String toString() {
    String exit = process.isAlive() ? "running" : "exit " + process.exitValue();
    return command + "\n" + exit + "\n--- stdout\n" + shortened(out()) + "\n--- stderr\n" + shortened(err());
  }

  private static String shortened(String text) {
    return text.length() < 4000 ? text : text.substring(0, 2000) + "\n...\n" + text.substring(text.length() - 2000);
  }

  /** What a stream has brought so far. */
  private static final class Collected {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread thread;

    Collected(InputStream in, String name) {
      thread =
          Thread.ofPlatform()
              .daemon()
              .name(name)
              .start(
                  () -> {
                    try (in) {
                      byte[] buffer = new byte[64 << 10];
                      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        synchronized (bytes) {
                          bytes.write(buffer, 0, n);
                        }
                      }
                    } catch (IOException _) {
                      // The process was killed: what came until then counts.
                    }
                  });
    }

    byte[] bytes() {
      synchronized (bytes) {
        return bytes.toByteArray();
      }
    }
  }
}

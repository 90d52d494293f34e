package dev.logtap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of one test, and the options that put them on the allowlist. */
record LogDirectory(Path path) {

  /** Writes {@code NAME.log}; the option by which {@code NAME} is that file. */
  String log(String name, String text) {
    return log(name, text.getBytes(StandardCharsets.UTF_8));
  }

  String log(String name, byte[] bytes) {
    write(name + ".log", bytes);
    return entry(name, name + ".log");
  }

  /** The option by which {@code name} is a file that may be anything. */
  String entry(String name, String file) {
    return "--log=" + name + "=" + path.resolve(file);
  }

  /** Writes a config file, and the directories above it. */
  String config(String file, String text) {
    return write(file, text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  Path write(String file, byte[] bytes) {
    Path target = path.resolve(file);
    try {
      Files.createDirectories(target.getParent());
      return Files.write(target, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

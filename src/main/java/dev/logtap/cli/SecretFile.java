package dev.logtap.cli;

import dev.logtap.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** A file that holds a secret or a key. */
final class SecretFile {
  /** No secret and no key is longer. */
  private static final int LARGEST = 64 << 10;

  private SecretFile() {}

  /**
   * Its bytes.
   *
   * @param subject names the setting and the file, for sentences
   * @throws ConfigException where it can't be read
   */
  static byte[] read(Path file, String subject) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new ConfigException(subject + " is larger than 64 KiB; name the right file");
      }
      return bytes;
    } catch (NoSuchFileException _) {
      throw new ConfigException(subject + " does not exist; name a file that does");
    } catch (AccessDeniedException _) {
      throw new ConfigException(subject + " can't be read; let this user read it");
    } catch (IOException _) {
      throw new ConfigException(subject + " can't be read; name a file");
    }
  }

  /** Without the last newline: an editor has put it there, and {@code $(cat FILE)} would leave it out. */
  static byte[] withoutNewline(byte[] bytes) {
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\n') {
      length -= length > 1 && bytes[length - 2] == '\r' ? 2 : 1;
    }
    return Arrays.copyOf(bytes, length);
  }
}

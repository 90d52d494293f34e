package dev.logtap.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The token, which may be renewed in its file while we run. Any thread may ask for it. It is in no text that this gives
 * but the token itself.
 */
public final class TokenSource {
  /** A request's head with a longer one would be refused. */
  private static final int LONGEST = 16 << 10;

  /** Null where the token does not come from a file. */
  private final Path file;

  private volatile String token;

  private TokenSource(Path file, String token) {
    this.file = file;
    this.token = token;
  }

  /** @param token null for none */
  public static TokenSource of(String token) {
    if (token != null && !isToken(token)) {
      throw new IllegalArgumentException("holds what no token can hold; set it to what 'logtap token' prints");
    }
    return new TokenSource(null, token);
  }

  /**
   * The token that a file holds.
   *
   * @throws IOException where it holds none, or can't be read; with a sentence
   */
  public static TokenSource ofFile(Path file) throws IOException {
    String token = read(file);
    if (token == null) {
      throw new IOException("'" + file + "' holds no token; put there what 'logtap token' prints");
    }
    return new TokenSource(file, token);
  }

  /** Null where the file holds none, because it is being written for example. */
  private static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(LONGEST + 1), StandardCharsets.ISO_8859_1).strip();
      return isToken(text) ? text : null;
    } catch (IOException _) {
      throw new IOException("'" + file + "' can't be read; name a file that this user may read");
    }
  }

  /** RFC 6750 2.1: nothing of it may end a header or begin another. */
  private static boolean isToken(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean alphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (!alphanumeric && "-._~+/=".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The newest that is known; null where there is none. */
  String current() {
    return token;
  }

  /** Looks whether there is a newer one. What can't be read now may be read next time. */
  void refresh() {
    if (file == null) {
      return;
    }
    try {
      String read = read(file);
      if (read != null) {
        token = read;
      }
    } catch (IOException _) {
      // The old one may still be good; if it is not, the server says so.
    }
  }
}

package dev.logtap.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSourceTest {
  @TempDir Path directory;

  @Test
  void newest_token_of_a_file_counts() throws IOException {
    Path file = Files.writeString(directory.resolve("token"), " a.b-c_d \n");
    TokenSource tokens = TokenSource.ofFile(file);
    assertEquals("a.b-c_d", tokens.current());

    Files.writeString(file, "e.f.g");
    tokens.refresh();

    assertEquals("e.f.g", tokens.current());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "two words", "a\r\nX-Header: b", "\u00fc"})
  void file_that_holds_none_for_a_while_changes_nothing(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("token"), "a.b.c\n");
    TokenSource tokens = TokenSource.ofFile(file);

    Files.writeString(file, text);
    tokens.refresh();
    assertEquals("a.b.c", tokens.current());
    Files.delete(file);
    tokens.refresh();
    assertEquals("a.b.c", tokens.current());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "s3cr3t two", "s3cr3t\r\nX-Header: b", "s3cr3t\u00fc"})
  void what_can_be_no_token_is_refused_and_not_shown(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("token"), text);

    assertFalse(assertThrows(IOException.class, () -> TokenSource.ofFile(file)).getMessage().contains("s3cr3t"));
    if (!text.isBlank()) {
      assertFalse(assertThrows(IllegalArgumentException.class, () -> TokenSource.of(text)).getMessage().contains("s3cr3t"));
    }
  }

  @Test
  void there_may_be_none() {
    TokenSource none = TokenSource.of(null);
    none.refresh();

    assertNull(none.current());
    assertThrows(IOException.class, () -> TokenSource.ofFile(directory.resolve("missing")));
  }
}

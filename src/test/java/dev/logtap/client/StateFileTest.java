package dev.logtap.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFileTest {
  @TempDir Path directory;

  @Test
  void what_was_saved_is_read_again() throws IOException {
    Path file = directory.resolve("state");
    StateFile state = StateFile.open(file);
    assertEquals(Map.of(), state.cursors());

    state.save(Map.of("ws://a/x", "one", "ws://b/y", "two"));
    state.save(Map.of("ws://a/x", "three"));

    assertEquals(Map.of("ws://a/x", "three", "ws://b/y", "two"), StateFile.open(file).cursors());
    assertEquals("logtap watch state 1\nws://a/x three\nws://b/y two\n", Files.readString(file));
  }

  @Test
  void nothing_is_left_beside_it() throws IOException {
    StateFile.open(directory.resolve("state")).save(Map.of("ws://a/x", "one"));

    try (var files = Files.list(directory)) {
      assertEquals(List.of(directory.resolve("state")), files.toList());
    }
  }

  @Test
  void file_that_a_link_leads_to_is_replaced_and_not_the_link() throws IOException {
    Path file = directory.resolve("state");
    StateFile.open(file).save(Map.of("ws://a/x", "one"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);

    StateFile.open(link).save(Map.of("ws://a/x", "two"));

    assertTrue(Files.isSymbolicLink(link));
    assertEquals(Map.of("ws://a/x", "two"), StateFile.open(file).cursors());
  }

  @Test
  void cursor_that_could_not_be_read_back_is_not_written() throws IOException {
    Path file = directory.resolve("state");
    StateFile.open(file).save(Map.of("ws://a/x", "o\nne", "ws://b/y", "two"));

    assertEquals(Map.of("ws://b/y", "two"), StateFile.open(file).cursors());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "something else\n",
        "logtap watch state 2\n",
        "logtap watch state 1",
        "logtap watch state 1\nws://a/x\n",
        "logtap watch state 1\nws://a/x one two\n",
        "logtap watch state 1\nws://a/x one",
        "logtap watch state 1\n one\n",
      })
  void anything_else_is_refused_and_left_as_it_is(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("state"), text);

    IOException e = assertThrows(IOException.class, () -> StateFile.open(file));

    assertTrue(e.getMessage().contains("is no state"), e.getMessage());
    assertEquals(text, Files.readString(file));
  }

  @Test
  void directory_has_to_be_there() {
    assertThrows(IOException.class, () -> StateFile.open(directory.resolve("none/state")));
    assertThrows(IOException.class, () -> StateFile.open(directory));
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "/dev/null"})
  void what_is_no_file_is_refused(String name) {
    IOException e = assertThrows(IOException.class, () -> StateFile.open(directory.resolve(name)));

    assertTrue(e.getMessage().contains("is no regular file; "), e.getMessage());
  }

  @Test
  void file_that_cannot_be_written_is_named_with_the_reason() throws IOException {
    Path own = Files.createDirectory(directory.resolve("own"));
    StateFile state = StateFile.open(own.resolve("state"));
    Files.delete(own);

    IOException e = assertThrows(IOException.class, () -> state.save(Map.of("ws://a/x", "one")));

    assertEquals("'" + own.resolve("state") + "' can't be written, its directory is gone; make it again", e.getMessage());
  }
}

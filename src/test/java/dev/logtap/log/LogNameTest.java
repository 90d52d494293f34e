package dev.logtap.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogNameTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "nginx-access", "php8.2-fpm", "a..b", "a_", "railway2", "my-railway"})
  void small_letters_digits_and_marks_name_a_log(String text) {
    assertTrue(LogName.isValid(text));
    assertEquals(text, new LogName(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ".", "..", ".app", "-app", "_app", "App", "aPp", "a b", "a/b", "/", "a\\b", "a:b", "a%2e", "a\n", "a\0",
        "\u00e4pp", "app\u00e4", "a\u0131", "\uff41", "app\ud83d\ude00", "railway"
      })
  void anything_else_is_refused_with_the_rule(String text) {
    assertFalse(LogName.isValid(text));

    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> new LogName(text));

    assertEquals(LogName.RULE, refusal.getMessage());
  }

  @Test
  void a_name_has_64_characters_at_most() {
    assertTrue(LogName.isValid("a".repeat(64)));
    assertFalse(LogName.isValid("a".repeat(65)));
  }

  @Test
  void names_are_equal_and_ordered_as_their_text_is() {
    LogName name = new LogName("app");

    assertEquals(name, new LogName("app"));
    assertEquals(name.hashCode(), new LogName("app").hashCode());
    assertNotEquals(name, new LogName("app2"));
    assertFalse(name.equals((Object) "app"));
    assertEquals(
        List.of(name, new LogName("app2"), new LogName("web")),
        List.copyOf(new TreeSet<>(List.of(new LogName("web"), new LogName("app2"), new LogName("app")))));
  }
}

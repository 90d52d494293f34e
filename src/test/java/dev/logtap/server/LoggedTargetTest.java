package dev.logtap.server;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoggedTargetTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      textBlock =
          """
          /ws?token=secret /ws?token=-
          /ws?lines=5&token=secret&search=x /ws?lines=5&token=-&search=x
          /ws?token=secret&token=secret /ws?token=-&token=-
          /ws?token= /ws?token=-
          /ws?a=1&&token=secret& /ws?a=1&&token=-&
          """)
  void token_is_replaced_and_the_rest_stays(String target, String logged) {
    assertEquals(logged, LoggedTarget.of(target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ws?%74oken=secret",
        "/ws?%74%6F%6b%65%6E=secret",
        "/ws?TOKEN=secret",
        "/ws?%54oKeN=secret",
        "/ws?token%3Dsecret",
        "/ws?token%3dsecret=x",
        "/ws?token=secret=secret",
        "/ws?token=secret;secret",
        "/ws?token=secret?secret",
        "/ws?token=%zzsecret",
        "/ws?+token=x&%20token=secret",
        "/ws?lines=1;token=secret",
        "/ws?lines=1?token=secret",
        "/ws?lines=1#token=secret",
        "/ws?a&token%20=secret",
        "?token=secret",
      })
  void token_is_found_however_its_name_is_written(String target) {
    assertFalse(LoggedTarget.of(target).contains("secret"), () -> LoggedTarget.of(target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/healthz",
        "/",
        "*",
        "",
        "/?",
        "/api/v1/server/logs/app?lines=50",
        "/api/v1/server/logs/token=x?lines=50",
        "/ws?tokens=5&mytoken=6&search=token",
        "/ws?search=100%&x=%7",
        "/ws?search=$1\\",
      })
  void target_without_a_token_is_as_it_was(String target) {
    assertEquals(target, LoggedTarget.of(target));
  }

  @Test
  void what_looks_like_a_jwt_is_cut_out_wherever_it_stands() {
    String jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl-_x";

    assertEquals("/ws?access_token=-&lines=5", LoggedTarget.of("/ws?access_token=" + jwt + "&lines=5"));
    assertEquals("/logs/-/ws", LoggedTarget.of("/logs/" + jwt + "/ws"));
    assertEquals("/ws?-&lines=5", LoggedTarget.of("/ws?x=%65" + jwt.substring(1) + "&lines=5"));
    assertEquals("/ws?-", LoggedTarget.of("/ws?x=" + jwt.chars().mapToObj("%%%02x"::formatted).collect(joining())));
    assertEquals("/logs/-/ws", LoggedTarget.of("/logs/e%79" + jwt.substring(2) + "/ws"));
  }

  @Test
  void long_target_is_cut() {
    String logged = LoggedTarget.of("/ws?search=" + "x".repeat(16_000));

    assertEquals(512 + 3, logged.length());
    assertEquals("xx...", logged.substring(510));
  }

  @Test
  void token_across_the_cut_is_replaced_too() {
    String before = "/ws?search=" + "x".repeat(480) + "&token=";

    assertEquals(before + "-...", LoggedTarget.of(before + "secret".repeat(100)));
  }
}

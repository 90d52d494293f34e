package dev.logtap.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeedleTest {
  @ParameterizedTest
  @CsvSource({
    "error, an ERROR here, true",
    "ErRoR, error, true",
    "error, erro, false",
    "rror x, error, false",
    "ss, Straße, false",
    "straße, STRAßE 5, true",
    "ÄRGER, großer ärger, true",
    "ärger, aerger, false",
    "é, \u00c9t\u00e9, true"
  })
  void text_is_found_whatever_the_case_of_its_letters(String needle, String line, boolean found) {
    byte[] bytes = ("x" + line + "y").getBytes(StandardCharsets.UTF_8);

    assertEquals(found, new Needle(needle).isIn(bytes, 1, bytes.length - 1));
  }

  @Test
  void text_is_not_found_beyond_the_line() {
    byte[] bytes = "error".getBytes(StandardCharsets.UTF_8);

    assertEquals(false, new Needle("error").isIn(bytes, 0, 4));
    assertEquals(false, new Needle("error").isIn(bytes, 1, 5));
  }

  @Test
  void bytes_that_are_not_utf8_hide_nothing() {
    byte[] bytes = {(byte) 0xff, 'e', 'r', 'r', (byte) 0xc3};

    assertEquals(true, new Needle("ERR").isIn(bytes, 0, bytes.length));
    assertEquals(true, new Needle("\ufffdERR").isIn(bytes, 0, bytes.length));
  }
}

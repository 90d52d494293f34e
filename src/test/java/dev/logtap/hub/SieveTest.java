package dev.logtap.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.log.Needle;
import dev.logtap.log.Reading.Lines;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SieveTest {
  private final TextEncoding message = new TextEncoding();

  private String passed(Sieve sieve, String text, boolean partial) {
    byte[] bytes = ("before" + text + "behind").getBytes(StandardCharsets.UTF_8);
    message.begin();
    boolean any = sieve.pass(new Lines(bytes, 6, bytes.length - 6, partial), message);
    String passed = message.text();
    assertEquals(any, !passed.isEmpty());
    return passed;
  }

  @Test
  void lines_with_the_text_pass() {
    Sieve sieve = new Sieve(new Needle("it"));
    assertEquals("it\nwith it\n", passed(sieve, "it\nnothing\n\nwith it\ni\nt\n", false));
    assertEquals("last it", passed(sieve, "none\nlast it", false));
  }

  @Test
  void all_lines_pass_where_no_text_is_looked_for() {
    assertEquals("a\nb\n", passed(new Sieve(null), "a\nb\n", false));
  }

  @Test
  void parts_behind_one_that_passed_do_so_too_up_to_the_lines_end() {
    Sieve sieve = new Sieve(new Needle("it"));
    assertEquals("it, long", passed(sieve, "it, long", true));
    assertTrue(sieve.goesOn());
    assertEquals(" and longer", passed(sieve, " and longer", true));
    assertEquals(" end\n", passed(sieve, " end\nother\n", false));
    assertFalse(sieve.goesOn());
    assertEquals("", passed(sieve, "other\n", false));
  }

  @Test
  void line_passes_from_the_part_on_that_has_the_text() {
    Sieve sieve = new Sieve(new Needle("it"));
    assertEquals("", passed(sieve, "long", true));
    assertTrue(sieve.inLine());
    assertEquals("it", passed(sieve, "it", true));
    assertEquals("end\n", passed(sieve, "end\n", false));
  }

  @Test
  void other_text_in_the_middle_of_a_line_lets_it_go_on() {
    Sieve sieve = new Sieve(new Needle("it"));
    passed(sieve, "it", true);
    assertEquals("end\nthat\n", passed(sieve.lookingFor(new Needle("that")), "end\nit\nthat\n", false));
  }

  @Test
  void what_was_skipped_does_not_go_on() {
    Sieve sieve = new Sieve(new Needle("it"));
    passed(sieve, "it", true);
    sieve.skipped(true);
    assertEquals("", passed(sieve, "end\n", false));
  }

  @Test
  void what_passed_unseen_goes_on() {
    Sieve sieve = new Sieve(new Needle("it"));
    sieve.passedAll(true);
    assertEquals("end\n", passed(sieve, "end\nother\n", false));
  }

  @Test
  void copy_goes_its_own_way() {
    Sieve sieve = new Sieve(new Needle("it"));
    passed(sieve, "it", true);
    Sieve copy = sieve.copy();
    assertEquals("end\n", passed(sieve, "end\n", false));
    assertTrue(copy.goesOn());
    assertTrue(copy.inLine());
    assertEquals("end\n", passed(copy, "end\n", false));
    assertEquals("it\n", passed(copy, "no\nit\n", false), "it looks for the same");
  }

  @Test
  void text_across_a_line_end_or_two_parts_is_in_no_line() {
    Sieve sieve = new Sieve(new Needle("it"));
    assertEquals("", passed(sieve, "i\nt\ni", true));
    assertEquals("", passed(sieve, "t\n", false));
    assertFalse(sieve.inLine());
  }

  @Test
  void part_behind_lines_that_passed_is_looked_at_by_itself() {
    Sieve sieve = new Sieve(new Needle("it"));
    assertEquals("it\n", passed(sieve, "it\nlong", true));
    assertFalse(sieve.goesOn(), "the line that passed has ended");
    assertEquals("", passed(sieve, "end\n", false));
  }

  @Test
  void part_that_did_not_pass_before_one_that_did_is_not_added_later() {
    Sieve sieve = new Sieve(new Needle("it"));
    assertEquals("it end", passed(sieve, "no\nit end", true));
    assertTrue(sieve.goesOn());
    assertEquals("\n", passed(sieve, "\nno\n", false));
  }

  @Test
  void line_that_was_skipped_in_its_middle_passes_where_all_do() {
    Sieve sieve = new Sieve(null);
    sieve.skipped(true);
    assertTrue(sieve.inLine());
    assertFalse(sieve.goesOn());
    assertEquals("end\n", passed(sieve, "end\n", false));
    assertFalse(sieve.inLine());
  }
}

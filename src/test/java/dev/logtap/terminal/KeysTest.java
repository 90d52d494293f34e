package dev.logtap.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeysTest {
  private final Keys keys = new Keys();

  private List<Key> read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return keys.read(bytes, bytes.length);
  }

  private static Key key(int character) {
    return new Key.Character(character);
  }

  @Test
  void characters_are_themselves() {
    assertEquals(List.of(key('a'), key(' '), key('?'), key(0xfc), key(0x20ac), key(0x1f600)), read("a ?\u00fc\u20ac\ud83d\ude00"));
  }

  @Test
  void character_in_pieces_is_one() {
    List<Key> read = new ArrayList<>();
    for (byte b : "\ud83d\ude00".getBytes(StandardCharsets.UTF_8)) {
      read.addAll(keys.read(new byte[] {b}, 1));
    }

    assertEquals(List.of(key(0x1f600)), read);
  }

  @Test
  void bytes_that_are_no_utf8_are_no_key() {
    assertEquals(List.of(key('a'), key('b')), keys.read(new byte[] {(byte) 0xff, 'a', (byte) 0xc3, 'b', (byte) 0x9b}, 5));
  }

  @Test
  void controls_have_their_names() {
    assertEquals(
        List.of(Key.Control.ENTER, Key.Control.ENTER, Key.Control.BACKSPACE, Key.Control.BACKSPACE, Key.Control.KILL),
        read("\r\n\u007f\b\u0015"));
  }

  @Test
  void escape_alone_is_the_key_and_before_more_begins_a_sequence() {
    assertEquals(List.of(Key.Control.ESCAPE), read("\u001b"));
    assertEquals(List.of(Key.Control.OTHER, Key.Control.OTHER, key('q')), read("\u001b[1;5A\u001bOPq"));
    assertEquals(List.of(Key.Control.ESCAPE, key('q')), read("\u001bq"));
  }

  @Test
  void sequence_in_pieces_is_one() {
    assertEquals(List.of(), read("\u001b[1;"));
    assertEquals(List.of(Key.Control.OTHER, key('n')), read("5Bn"));
  }

  @Test
  void keys_that_scroll_have_a_name_each_however_they_are_sent() {
    assertEquals(List.of(Key.Control.UP, Key.Control.DOWN, Key.Control.HOME, Key.Control.END), read("\u001b[A\u001b[B\u001b[H\u001b[F"));
    assertEquals(List.of(Key.Control.UP, Key.Control.DOWN, Key.Control.HOME, Key.Control.END), read("\u001bOA\u001bOB\u001bOH\u001bOF"));
    assertEquals(List.of(Key.Control.HOME, Key.Control.END, Key.Control.HOME, Key.Control.END), read("\u001b[1~\u001b[4~\u001b[7~\u001b[8~"));
    assertEquals(List.of(Key.Control.PAGE_UP, Key.Control.PAGE_DOWN, Key.Control.OTHER), read("\u001b[5~\u001b[6~\u001b[15~"));
    assertEquals(List.of(Key.Control.REDRAW), read("\f"));
  }

  @Test
  void wheel_is_a_key_also_with_others_held_down_and_a_click_is_none() {
    assertEquals(List.of(Key.Control.WHEEL_UP, Key.Control.WHEEL_DOWN), read("\u001b[<64;10;20M\u001b[<69;10;20M"));
    assertEquals(List.of(key('q')), read("\u001b[<0;10;20M\u001b[<0;10;20mq"));
    assertEquals(List.of(key('q')), read("\u001b[<;;M\u001b[<99999999999;1;1M\u001b[<mq"));
  }

  @Test
  void mouse_of_terminals_that_know_no_other_way_types_nothing() {
    assertEquals(List.of(Key.Control.WHEEL_UP, key('n')), read("\u001b[M`q!n"));
    assertEquals(List.of(key('n')), read("\u001b[M qqn"));
  }

  @Test
  void sequence_without_end_is_no_key_and_does_not_grow() {
    assertEquals(List.of(Key.Control.OTHER, key('n')), read("\u001b[" + "1;".repeat(10_000) + "An"));
  }
}

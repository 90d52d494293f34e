package dev.logtap.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may say. */
class ClientMessageTest {
  @Test
  void lists_come_by_commas_or_as_arrays() {
    ClientMessage expected = new ClientMessage.Filter("x", List.of("api", "worker"), List.of("error"));

    assertEquals(
        expected,
        ClientMessage.parse("{\"type\":\"filter\",\"search\":\"x\",\"services\":\"api, worker,\",\"severity\":\"error\"}"));
    assertEquals(
        expected,
        ClientMessage.parse(
            "{\"type\":\"filter\",\"search\":\"x\",\"services\":[\"api\",\" worker\"],\"severity\":[\"error\"]}"));
  }

  @Test
  void filter_that_names_nothing_takes_all_off() {
    assertEquals(new ClientMessage.Filter(null, List.of(), List.of()), ClientMessage.parse("{\"type\":\"filter\"}"));
    assertEquals(
        new ClientMessage.Filter(null, List.of(), List.of()),
        ClientMessage.parse("{\"type\":\"filter\",\"search\":null,\"services\":\"\",\"severity\":[]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"filter\",\"search\":1}", "{\"type\":\"filter\",\"services\":{}}", "{\"type\":\"filter\",\"services\":[1]}",
        "{\"type\":\"filter\",\"severity\":true}", "{\"type\":\"filter\",\"severity\":[\"error\",null]}"
      })
  void filter_of_another_kind_is_unreadable(String text) {
    assertInstanceOf(ClientMessage.Unreadable.class, ClientMessage.parse(text));
  }
}

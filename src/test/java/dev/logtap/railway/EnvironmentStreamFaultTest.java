package dev.logtap.railway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.railway.Happening.Failed;
import dev.logtap.railway.Happening.Lost;
import dev.logtap.railway.Happening.Reconnecting;
import dev.logtap.railway.Happening.Trouble;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What streams do when Railway, or the way to it, fails. */
class EnvironmentStreamFaultTest extends StreamScene {
  // What can't be mended.

  @Test
  void token_that_does_not_open_the_environment_is_told_and_no_subscription_is_tried() {
    stream(STRANGER, "env-1");

    assertTrue(heard.awaitFirst(Failed.class).sentence().contains("RAILWAY_API_TOKEN"));
    assertEquals(0, railway.subscribes());
    railway.awaitSockets(0);
  }

  @Test
  void environment_that_is_not_there_is_told() {
    railway.refuseQueries("Environment not found", 1);
    stream("env-1");

    assertTrue(heard.awaitFirst(Failed.class).sentence().contains("no environment env-1"));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void refusing_status_is_told(int status) {
    railway.answerWith(status, 1);
    stream("env-1");

    assertTrue(heard.awaitFirst(Failed.class).sentence().contains("RAILWAY_TOKEN"));
  }

  @Test
  void subscription_that_is_not_authorized_ends_the_stream() {
    railway.refuseSubscribes("Not Authorized", 1);
    stream("env-1");

    assertTrue(heard.awaitFirst(Failed.class).sentence().contains("RAILWAY_TOKEN"));
    railway.awaitSockets(0);
  }

  @Test
  void refusal_that_comes_as_next_ends_the_stream_too() {
    railway.refuseByNext();
    railway.refuseSubscribes("Not Authorized", 1);
    stream("env-1");

    heard.awaitFirst(Failed.class);
  }

  @Test
  void failure_shows_no_token() {
    railway.refuseQueries("what open-sesame asks for", 1);
    stream("env-1");

    assertFalse(heard.awaitFirst(Trouble.class).sentence().contains("open-sesame"));
    assertFalse(TOKEN.toString().contains("open-sesame"));
  }

  // What is tried again.

  @Test
  void railway_that_is_not_there_is_tried_again_and_told_once() {
    railway.refuseConnections();
    stream("env-1");
    heard.awaitFirst(Reconnecting.class);
    railway.acceptConnections();
    heard.awaitConnected(1);

    assertEquals(1, heard.of(Reconnecting.class).size());
    assertEquals(1, heard.of(Trouble.class).size());
  }

  @Test
  void answer_with_a_bad_status_is_tried_again() {
    railway.answerWith(502, 2);
    begin();

    assertEquals(1, heard.of(Trouble.class).size());
    assertTrue(heard.of(Trouble.class).getFirst().sentence().contains("502"));
  }

  @Test
  void retry_after_is_obeyed() {
    railway.answerWith429(Duration.ofSeconds(1), 1);
    long began = System.nanoTime();
    begin();

    assertTrue(System.nanoTime() - began > Duration.ofSeconds(1).toNanos());
    assertEquals(2, railway.count(request -> !request.subscription()));
  }

  @Test
  void cut_without_a_close_frame_loses_and_repeats_nothing() {
    railway.store("env-1", row(1, "a"));
    begin();
    railway.store("env-1", row(2, "b"));
    heard.awaitEntries(2);

    // Nobody is back before it is stored: else the equal row would come late, by a sweep.
    railway.refuseConnections();
    railway.cut();
    railway.store("env-1", row(2, "b"), row(3, "c"));
    railway.acceptConnections();
    heard.awaitEntries(4);
    railway.store("env-1", row(4, "d"));
    heard.awaitEntries(5);

    assertEquals(List.of("a", "b", "b", "c", "d"), heard.messages());
    assertEquals(List.of(), heard.of(Lost.class));
    assertEquals(1, heard.of(Reconnecting.class).size());
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1012, 4408, 4500})
  void closed_socket_is_opened_again(int code) {
    begin();

    railway.close(code);
    heard.awaitConnected(2);
    railway.store("env-1", row(1, "a"));
    heard.awaitEntries(1);

    assertTrue(heard.awaitFirst(Trouble.class).sentence().contains(String.valueOf(code)), heard::toString);
  }

  @Test
  void completed_subscription_is_begun_again_on_the_same_socket() {
    stream("env-1");
    stream("env-2");
    heard.awaitConnected(2);
    railway.awaitSubscriptions("env-1", 1);
    railway.awaitSubscriptions("env-2", 1);

    railway.complete("env-1");
    heard.awaitConnected(3);
    railway.store("env-1", row(1, "a"));
    railway.store("env-2", row(1, "b"));
    heard.awaitEntries(2);

    assertEquals(1, railway.openSockets());
    assertEquals(3, railway.subscribes());
    assertEquals(List.of(), heard.of(Trouble.class));
  }

  @Test
  void failed_subscription_is_begun_again() {
    begin();

    railway.error("Problem processing request");
    heard.awaitConnected(2);

    assertTrue(heard.awaitFirst(Trouble.class).sentence().contains("Problem processing request"));
  }

  @Test
  void null_data_is_told_once_and_the_subscription_goes_on() {
    begin();

    railway.pushNull();
    railway.pushNull();
    railway.store("env-1", row(1, "a"));
    heard.awaitEntries(1);

    assertEquals(1, heard.of(Trouble.class).size());
    assertEquals(1, railway.subscribes());
  }

  @Test
  void socket_without_a_pong_is_opened_again() {
    Timing timing = givingUp(LONG, LONG, Duration.ofMillis(400));
    open(TOKEN, timing).stream("env-1", heard);
    heard.awaitConnected(1);

    railway.stopAnsweringPings();
    heard.await(heard -> !heard.of(Reconnecting.class).isEmpty());
    railway.answerPings();
    heard.awaitConnected(2);

    assertTrue(heard.awaitFirst(Trouble.class).sentence().contains("silent"));
  }

  @Test
  void pings_of_both_kinds_are_answered() {
    begin();

    railway.say("{\"type\":\"ping\"}");
    railway.ping();

    railway.awaitPongs(2);
  }

  @Test
  void socket_that_is_not_acknowledged_is_given_up() {
    railway.withholdAcks();
    Timing timing = givingUp(Duration.ofSeconds(1), LONG, LONG);
    open(TOKEN, timing).stream("env-1", heard);
    heard.await(heard -> !heard.of(Trouble.class).isEmpty());
    railway.sendAcks();

    heard.awaitConnected(1);
  }

  @Test
  void refused_handshake_is_tried_again() {
    railway.answerHandshakesWith(503, null, 10);
    begin();

    assertTrue(heard.awaitFirst(Trouble.class).sentence().contains("503"));
  }

  @Test
  void frame_of_nobody_and_unknown_frame_are_passed_over() {
    begin();

    railway.say("{\"type\":\"next\",\"id\":\"77\",\"payload\":{\"data\":{\"environmentLogs\":[]}}}");
    railway.say("{\"type\":\"complete\",\"id\":\"77\"}");
    railway.say("{\"type\":\"novelty\"}");
    railway.pushEmptyBatch();
    railway.store("env-1", row(1, "a"));
    heard.awaitEntries(1);

    assertEquals(List.of(), heard.of(Trouble.class));
  }
}

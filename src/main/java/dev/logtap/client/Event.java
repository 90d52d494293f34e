package dev.logtap.client;

import dev.logtap.protocol.ServerMessage;
import java.time.Duration;

/** What happens to a target, one after the other. */
public sealed interface Event {
  Target target();

  /** A message has come. */
  record Received(Target target, ServerMessage message) implements Event {}

  /** The server has taken us, for the first time or again. */
  record Connected(Target target) implements Event {}

  /**
   * There is no connection; another one is tried by itself.
   *
   * @param why half a sentence
   * @param next after how long
   */
  record Lost(Target target, String why, Duration next) implements Event {}

  /**
   * Nothing more comes of it.
   *
   * @param sentence why; may begin with the trouble that the server told last
   */
  record Ended(Target target, Reason reason, String sentence) implements Event {}

  /** Why a target ends. */
  enum Reason {
    /** It can't be reached or read. */
    FAILED,
    /** The server knows no such log or environment, or not what was asked of it. */
    UNKNOWN,
    /** The server refuses the token, or the token does not open it. */
    REFUSED
  }
}

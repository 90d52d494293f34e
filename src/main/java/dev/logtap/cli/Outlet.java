package dev.logtap.cli;

import dev.logtap.client.Target;
import dev.logtap.protocol.ServerMessage;
import java.io.IOException;

/** Where that goes which comes of the targets of {@code watch}, in its order. */
interface Outlet {
  void lines(Target target, ServerMessage.Lines lines) throws IOException;

  void entry(Target target, ServerMessage.Entry entry) throws IOException;

  /** @param dropped how much; 0 where that is not known */
  void gap(Target target, String why, long dropped) throws IOException;

  /** Something about a target that the one who runs us has to know. */
  void say(Target target, String sentence) throws IOException;
}

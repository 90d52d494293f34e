package dev.logtap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Logtap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignalsTest {
  private static final String JAVA = System.getProperty("java.home") + "/bin/java";

  /** Says which signals come, until there is something on stdin; ends at the end of stdin. */
  static final class Program {
    public static void main(String[] names) throws IOException {
      Map<String, Runnable> actions = new LinkedHashMap<>();
      for (String name : names) {
        actions.put(name, () -> say("got " + name));
      }
      try (Signals _ = Signals.on(actions)) {
        say("ready");
        System.in.read();
      }
      say("closed");
      while (System.in.read() >= 0) {}
      say("end");
    }

    private static synchronized void say(String line) {
      System.out.println(line);
    }
  }

  private static List<String> program(String... names) {
    String classes = System.getProperty("java.class.path");
    List<String> command = new ArrayList<>(List.of(JAVA, "-XX:+UseSerialGC", "-cp", classes, Program.class.getName()));
    command.addAll(List.of(names));
    return command;
  }

  private static Logtap start(String... names) {
    return Logtap.startCommand(Map.of(), program(names)).awaitOut("ready\n");
  }

  @Test
  void each_signal_does_what_it_was_given_every_time() throws IOException {
    try (Logtap program = start("INT", "TERM", "HUP")) {
      program.signal("HUP").awaitOut("got HUP\n");
      program.signal("INT").awaitOut("got INT\n");
      program.signal("HUP").awaitOut("got HUP\ngot INT\ngot HUP\n");
      program.signal("TERM").awaitOut("got TERM\n");

      program.process().getOutputStream().close();
      program.expectExit(0);
      assertEquals("ready\ngot HUP\ngot INT\ngot HUP\ngot TERM\nclosed\nend\n", program.out());
      assertEquals("", program.err());
    }
  }

  @Test
  void signal_that_is_not_named_ends_the_program_as_before() {
    try (Logtap program = start("HUP")) {
      program.signal("TERM").expectExit(143);
    }
  }

  @Test
  void former_handlers_are_back_once_it_is_closed() throws IOException {
    try (Logtap program = start("HUP", "TERM")) {
      program.process().getOutputStream().write('\n');
      program.process().getOutputStream().flush();
      program.awaitOut("closed\n");

      program.signal("TERM").expectExit(143);
      assertFalse(program.out().contains("got"), program::toString);
    }
  }

  @Test
  void ignored_signal_stays_ignored() throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "trap '' HUP INT; exec \"$0\" \"$@\""));
    command.addAll(program("HUP", "INT", "TERM"));
    try (Logtap program = Logtap.startCommand(Map.of(), command).awaitOut("ready\n")) {
      program.signal("HUP").signal("INT").signal("TERM").awaitOut("got TERM\n");

      program.process().getOutputStream().write('\n');
      program.process().getOutputStream().flush();
      program.awaitOut("closed\n");
      program.signal("HUP").signal("INT");
      program.process().getOutputStream().close();
      program.expectExit(0);
      assertEquals("ready\ngot TERM\nclosed\nend\n", program.out());
    }
  }

  @Test
  void signal_that_java_keeps_for_itself_or_does_not_know_is_an_error() {
    for (String name : List.of("SEGV", "NOPE")) {
      IllegalStateException e = assertThrows(IllegalStateException.class, () -> Signals.on(Map.of(name, () -> {})));

      assertTrue(e.getMessage().contains(name), e::getMessage);
    }
  }
}

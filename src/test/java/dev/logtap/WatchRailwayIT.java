package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code logtap watch} of an environment that {@code logtap serve} relays. */
class WatchRailwayIT {
  private static Logtap watch(Server server, String... arguments) {
    List<String> all = new ArrayList<>(List.of("watch", "--server", server.origin()));
    all.addAll(List.of(arguments));
    return Logtap.start(Map.of("LOGTAP_TOKEN", Tokens.any()), all.toArray(String[]::new));
  }

  private static List<Object> messages(Logtap watch) {
    return JsonRecord.ofLines(watch.outBytes()).stream().map(entry -> entry.get("message")).collect(Collectors.toList());
  }

  @Test
  void entries_come_once_over_a_killed_server() {
    try (RelayScene scene = new RelayScene();
        Server first = scene.setup().start()) {
      scene.store(scene.rows(0, 5));
      int port = first.port();
      try (Logtap watch = watch(first, "-o", "json", "railway:production")) {
        watch.awaitOut("\"m4\"");
        first.program().process().destroyForcibly();
        first.program().awaitExit();
        scene.store(scene.rows(5, 105));
        watch.awaitErr("railway:production: connection lost (");
        try (Server _ = scene.setup().port(port).start()) {
          watch.awaitOut("\"m104\"");
          scene.store(scene.rows(105, 110));
          watch.awaitOut("\"m109\"").awaitErr("railway:production: connected again\n");
        }
        assertEquals(List.<Object>copyOf(RelayScene.messages(0, 110)), messages(watch), watch::toString);
        assertEquals("production", JsonRecord.ofLines(watch.outBytes()).getFirst().get("environment"));
      }
    }
  }

  @Test
  void text_filters_and_refusals_are_as_the_relay_has_them() {
    try (RelayScene scene = new RelayScene();
        Server server = scene.setup().start()) {
      scene.store(scene.row("calm"), scene.row("loud").withSeverity("error"));
      try (Logtap watch = watch(server, "--level", "warn", "--service", "api", "railway:production")) {
        watch.awaitOut("Z error api: loud\n");
        assertTrue(!watch.out().contains("calm"), watch::toString);
      }
      Sentence.expect(
          watch(server, "railway:nope").expectExit(2),
          "railway:nope: there is no environment of that name; watch what the server has: ",
          server.origin() + "/api/v1/server/logs\n");
    }
  }

  @Test
  void terminal_shows_time_severity_and_service_and_a_key_the_least_level(@TempDir Path directory) {
    try (RelayScene scene = new RelayScene();
        Server server = scene.setup().start();
        Tmux terminal = Tmux.start(directory, 100, 24, Map.of("LOGTAP_TOKEN", Tokens.any(), "NO_COLOR", ""))) {
      scene.store(scene.row("calm"), scene.row("two\nlines").withSeverity("warn"), scene.row("loud").withSeverity("error"));
      terminal.enter("clear; \"$logtap\" watch --server " + server.origin() + " railway:production");
      terminal.awaitScreen(" railway:production live | ");

      String time = "[0-2][0-9]:[0-5][0-9]:[0-5][0-9] ";
      String warn = time + "warn api: two\n" + time + "warn api: lines\n";
      String error = time + "error api: loud\n";
      terminal.await(screen -> screen.matches("(?s)" + time + "info api: calm\n" + warn + error + " railway:production live \\| .*"));
      // tmux may say besides that the background is the usual one.
      String colours = terminal.colours().replace("\u001b[49m", "");
      assertTrue(colours.contains("\u001b[31merror api: loud"), colours);
      assertTrue(colours.contains("\u001b[33mwarn api: lines"), colours);

      terminal.type("l").awaitScreen("| info and above").type("l");
      terminal.await(screen -> screen.matches("(?s)" + warn + error + " railway:production live \\| warn and above .*"));
      scene.store(scene.row("quiet"), scene.row("again").withSeverity("fatal"));
      terminal.await(screen -> screen.matches("(?s)" + warn + error + time + "fatal api: again\n railway:production live .*"));
    }
  }
}

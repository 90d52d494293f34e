package dev.logtap;

import static dev.logtap.LogFiles.append;
import static dev.logtap.LogFiles.beside;
import static dev.logtap.LogFiles.link;
import static dev.logtap.LogFiles.makeDirectory;
import static dev.logtap.LogFiles.makeFifo;
import static dev.logtap.LogFiles.permit;
import static dev.logtap.LogFiles.remove;
import static dev.logtap.LogFiles.rename;
import static dev.logtap.LogFiles.rotate;
import static dev.logtap.ProcessView.whileStopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A followed log is removed, replaced, forbidden or moved, or was never there. */
class FollowReplacementIT extends FollowScene {
  private static final String FORBIDDEN =
      "may not be read by this user; add the user to the file's group, or run as one who may; waiting for it";

  @ParameterizedTest
  @EnumSource
  void deleted_and_created_again_between_two_looks(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("start\n");

      whileStopped(
          tail,
          () -> {
            append(log, "unread\n");
            remove(log);
            append(log, "new\n");
          });

      expectInAll(tail, "start\nunread\nnew\n", said(REPLACED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void deleted_and_created_again_much_later(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = followBoth(mode)) {
      ProcessView view = new ProcessView(tail);

      remove(log);
      tail.awaitErr(MISSING);
      Await.until(() -> !view.openFiles().contains(log + " (deleted)"), tail::toString);
      lookAgain(tail);
      append(log, "new\n");
      tail.awaitOut("app: new\n");
      end(tail);

      assertEquals("app: start\napp: new\n", linesOfApp(tail));
      assertEquals(said(MISSING, APPEARED), tail.err());
    }
  }

  @ParameterizedTest
  @EnumSource
  void lines_that_are_written_to_the_removed_file_come(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = mode.follow(log);
        LogWriter writer = LogWriter.open(log)) {
      tail.awaitOut("start\n");

      remove(log);
      tail.awaitErr(MISSING);
      int late = 0;
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < LONGER_THAN_ANY_WAIT.toNanos()) {
        writeAndAwait(tail, writer, "late " + ++late + "\n");
      }

      expectInAll(tail, "start\n" + numbered("late ", 1, late), said(MISSING));
    }
  }

  @ParameterizedTest
  @EnumSource
  void file_that_is_renamed_over_it_is_read_from_its_start(Mode mode) {
    append(log, "start\n");
    Path fresh = directory.resolve("fresh");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("start\n");

      append(fresh, "new 1\n");
      rename(fresh, log);
      tail.awaitOut("new 1\n");
      whileStopped(
          tail,
          () -> {
            append(log, "unread\n");
            append(fresh, "new 2\n");
            rename(fresh, log);
          });

      expectInAll(tail, "start\nnew 1\nunread\nnew 2\n", said(REPLACED, REPLACED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void replacement_that_begins_with_what_was_read_is_read_from_there(Mode mode) {
    String text = numbered("line ", 1, 300);
    append(log, text);
    Path fresh = directory.resolve(".app.log.Xy12");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("line 300\n");

      append(fresh, text + "more\n");
      rename(fresh, log);
      tail.awaitOut("more\n");
      append(log, "end\n");

      expectInAll(tail, text + "more\nend\n", said(REPLACED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void replacement_that_holds_what_was_not_read_yet_as_well_repeats_nothing(Mode mode) {
    String text = numbered("line ", 1, 300);
    append(log, text);
    Path fresh = directory.resolve(".app.log.Xy12");
    try (Logtap tail = mode.follow(log)) {
      tail.awaitOut("line 300\n");

      whileStopped(
          tail,
          () -> {
            append(log, "unread\n");
            append(fresh, text + "unread\nmore\n");
            rename(fresh, log);
          });
      tail.awaitOut("more\n");
      append(log, "end\n");

      expectInAll(tail, text + "unread\nmore\nend\n", said(REPLACED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void missing_file_is_read_from_its_start_when_it_appears(Mode mode) {
    try (Logtap tail = followBoth(mode)) {
      lookAgain(tail);

      append(log, "first\n");
      tail.awaitOut("app: first\n");
      end(tail);

      assertEquals("app: first\n", linesOfApp(tail));
      assertEquals(said(MISSING, APPEARED), tail.err());
    }
  }

  @ParameterizedTest
  @MethodSource("impostors")
  void what_is_no_regular_file_is_refused_once_until_it_is_one_again(Mode mode, Impostor impostor) {
    append(log, "start\n");
    append(directory.resolve("secret"), "secret\n");
    try (Logtap tail = followBoth(mode)) {
      whileStopped(
          tail,
          () -> {
            rotate(log, 1);
            impostor.take(log);
          });
      tail.awaitErr(impostor.refusal);
      lookAgain(tail);
      whileStopped(
          tail,
          () -> {
            remove(log);
            append(log, "new\n");
          });
      tail.awaitOut("app: new\n");
      lookAgain(tail);
      end(tail);

      assertEquals("app: start\napp: new\n", linesOfApp(tail));
      assertEquals(said(impostor.refusal + "; waiting for it", REPLACED), tail.err());
    }
  }

  @ParameterizedTest
  @MethodSource("impostors")
  void what_is_no_regular_file_at_first_is_refused_once_until_it_is_one(Mode mode, Impostor impostor) {
    append(directory.resolve("secret"), "secret\n");
    impostor.take(log);
    try (Logtap tail = followBoth(mode)) {
      lookAgain(tail);
      whileStopped(
          tail,
          () -> {
            remove(log);
            append(log, "new\n");
          });
      tail.awaitOut("app: new\n");
      end(tail);

      assertEquals("app: new\n", linesOfApp(tail));
      assertEquals(said(impostor.refusal + "; waiting for it", APPEARED), tail.err());
    }
  }

  static Stream<Arguments> impostors() {
    return inBothModes((Object[]) Impostor.values());
  }

  @ParameterizedTest
  @EnumSource
  void unreadable_file_is_read_from_its_start_when_it_may_be(Mode mode) {
    append(log, "first\n");
    permit(log, "---------");
    try (Logtap tail = followAsNobody(mode)) {
      lookAgain(tail);
      permit(log, "rw-r--r--");
      tail.awaitOut("app: first\n");
      append(log, "second\n");
      tail.awaitOut("app: second\n");
      end(tail);

      assertEquals("app: first\napp: second\n", linesOfApp(tail));
      assertEquals(said(FORBIDDEN, APPEARED), tail.err());
    }
  }

  @ParameterizedTest
  @EnumSource
  void new_file_that_is_unreadable_for_a_while_is_read_from_its_start(Mode mode) {
    append(log, "start\n");
    try (Logtap tail = followAsNobody(mode);
        LogWriter writer = LogWriter.open(log)) {
      whileStopped(
          tail,
          () -> {
            rotate(log, 1);
            append(log, "new\n");
            permit(log, "---------");
          });
      tail.awaitErr(FORBIDDEN);
      writer.write("late\n");
      tail.awaitOut("app: late\n");
      lookAgain(tail);

      permit(log, "rw-r--r--");
      tail.awaitOut("app: new\n");
      end(tail);

      assertEquals("app: start\napp: late\napp: new\n", linesOfApp(tail));
      assertEquals(said(FORBIDDEN, REPLACED), tail.err());
    }
  }

  @ParameterizedTest
  @EnumSource
  void directory_that_is_closed_for_a_while_costs_no_line(Mode mode) {
    Path inner = makeDirectory(directory.resolve("inner"));
    log = inner.resolve("app.log");
    append(log, "start\n");
    try (Logtap tail = followAsNobody(mode);
        LogWriter writer = LogWriter.open(log)) {
      permit(inner, "---------");
      tail.awaitErr(FORBIDDEN);
      writer.write("meanwhile\n");
      tail.awaitOut("app: meanwhile\n");
      lookAgain(tail);

      permit(inner, "rwxr-xr-x");
      tail.awaitErr(BACK);
      append(log, "after\n");
      tail.awaitOut("app: after\n");
      end(tail);

      assertEquals("app: start\napp: meanwhile\napp: after\n", linesOfApp(tail));
      assertEquals(said(FORBIDDEN, BACK), tail.err());
    }
  }

  @ParameterizedTest
  @EnumSource
  void directory_that_may_be_entered_and_not_listed_is_no_obstacle(Mode mode) {
    Path inner = makeDirectory(directory.resolve("inner"));
    log = inner.resolve("app.log");
    append(log, "start\n");
    permit(inner, "rwx--x--x");
    try (Logtap tail = followAsNobody(mode)) {
      lookAgain(tail);
      whileStopped(
          tail,
          () -> {
            append(log, "old\n");
            rotate(log, 1);
            append(log, "new\n");
          });
      tail.awaitOut("app: new\n");
      end(tail);

      assertEquals("app: start\napp: old\napp: new\n", linesOfApp(tail));
      assertEquals(said(REPLACED), tail.err());
    }
  }

  @ParameterizedTest
  @EnumSource
  void target_of_an_allowed_symbolic_link_is_followed_through_rotation(Mode mode) {
    Path target = makeDirectory(directory.resolve("real")).resolve("production.log");
    append(target, "0\n");
    link(log, target);
    try (Logtap tail = followAllowedLink(mode)) {
      tail.awaitOut("0\n");
      whileStopped(
          tail,
          () -> {
            append(target, "1\n");
            rotate(target, 5);
            append(target, "2\n");
            rotate(target, 5);
            append(target, "3\n");
          });
      tail.awaitOut("3\n");
      append(target, "4\n");

      expectInAll(tail, numbered("", 0, 4), said(REPLACED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void symbolic_link_that_is_set_anew_leads_to_the_next_file(Mode mode) {
    Path first = directory.resolve("app-1.txt");
    Path second = directory.resolve("app-2.txt");
    append(first, "one\n");
    append(second, "two\n");
    link(log, first);
    try (Logtap tail = followAllowedLink(mode)) {
      tail.awaitOut("one\n");
      whileStopped(
          tail,
          () -> {
            append(first, "unread\n");
            link(log, second);
          });
      tail.awaitOut("two\n");
      appendAndAwait(tail, first, "late\n");
      appendAndAwait(tail, second, "three\n");

      expectInAll(tail, "one\nunread\ntwo\nlate\nthree\n", said(REPLACED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void symbolic_link_to_nothing_is_waited_for(Mode mode) {
    Path target = directory.resolve("production.txt");
    link(log, target);
    try (Logtap tail = followAllowedLink(mode)) {
      tail.awaitErr(MISSING);

      append(target, "first\n");

      expectInAll(tail, "first\n", said(MISSING, APPEARED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void symbolic_link_to_a_FIFO_is_refused(Mode mode) {
    Path fifo = makeFifo(directory.resolve("fifo"));
    Path file = directory.resolve("production.txt");
    append(file, "start\n");
    link(log, file);
    try (Logtap tail = followAllowedLink(mode)) {
      tail.awaitOut("start\n");
      link(log, fifo);
      tail.awaitErr(Impostor.FIFO.refusal);
      append(file, "late\n");

      expectInAll(tail, "start\nlate\n", said(Impostor.FIFO.refusal + "; waiting for it"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void missing_directory_is_waited_for(Mode mode) {
    Path inner = directory.resolve("inner");
    log = inner.resolve("app.log");
    try (Logtap tail = followBoth(mode)) {
      lookAgain(tail);
      makeDirectory(inner);
      lookAgain(tail);
      append(log, "first\n");
      tail.awaitOut("app: first\n");
      append(log, "second\n");
      tail.awaitOut("app: second\n");
      end(tail);

      assertEquals("app: first\napp: second\n", linesOfApp(tail));
      assertEquals(said(MISSING, APPEARED), tail.err());
    }
  }

  @ParameterizedTest
  @EnumSource
  void directory_that_is_renamed_and_made_anew_is_followed_in_both_places(Mode mode) {
    Path inner = makeDirectory(directory.resolve("inner"));
    log = inner.resolve("app.log");
    append(log, "start\n");
    append(beside(log, ".1"), "older\n");
    try (Logtap tail = mode.follow(log);
        LogWriter writer = LogWriter.open(log)) {
      tail.awaitOut("start\n");
      whileStopped(
          tail,
          () -> {
            writer.write("unread\n");
            rename(inner, directory.resolve("moved"));
            makeDirectory(inner);
            append(log, "new\n");
            append(beside(log, ".1"), "of another history\n");
          });
      tail.awaitOut("new\n");
      writeAndAwait(tail, writer, "late\n");
      forEach(1, 3, i -> appendAndAwait(tail, log, i + "\n"));

      expectInAll(tail, "start\nunread\nnew\nlate\n1\n2\n3\n", said(REPLACED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void directory_that_is_removed_and_made_anew_is_followed_again(Mode mode) {
    Path inner = makeDirectory(directory.resolve("inner"));
    log = inner.resolve("app.log");
    append(log, "start\n");
    try (Logtap tail = followBoth(mode)) {
      remove(log);
      remove(inner);
      tail.awaitErr(MISSING);
      lookAgain(tail);
      makeDirectory(inner);
      append(log, "new\n");
      tail.awaitOut("app: new\n");
      append(log, "end\n");
      tail.awaitOut("app: end\n");
      end(tail);

      assertEquals("app: start\napp: new\napp: end\n", linesOfApp(tail));
      assertEquals(2, tail.err().lines().count(), tail::toString);
      assertTrue(tail.err().startsWith(said(MISSING)), tail::toString);
    }
  }

  /** What may stand in a log's place and is not to be read. */
  private enum Impostor {
    SYMLINK("is a symbolic link; if that is meant, set symlink = true on its entry in the config file"),
    DIRECTORY("is a directory; a log is a regular file"),
    FIFO("is a FIFO, a device or a socket; a log is a regular file");

    private final String refusal;

    Impostor(String refusal) {
      this.refusal = refusal;
    }

    void take(Path path) {
      switch (this) {
        case SYMLINK -> link(path, path.resolveSibling("secret"));
        case DIRECTORY -> makeDirectory(path);
        case FIFO -> makeFifo(path);
      }
    }
  }

  /** Root may read everything. */
  private Logtap followAsNobody(Mode mode) {
    append(other, "begin\n");
    permit(directory, "rwxr-xr-x");
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    List<String> names = List.of("--log", "app=" + log, "--log", "other=" + other, "app", "other");
    command.addAll(Mode.command(mode.arguments(names)));
    return Logtap.startCommand(Map.of(), command).awaitOut("other: begin\n");
  }

  private Logtap followAllowedLink(Mode mode) {
    Path config = directory.resolve("logtap.toml");
    append(config, "[logs]\napp = { path = \"" + log + "\", symlink = true }\n");
    return mode.followNames(List.of("--config", config.toString(), "app"));
  }
}

package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the installed program writes to a pipe, to a full disk, to nobody, and what it says on stderr. */
class OutputIT {
  private static final int MIB = 1 << 20;

  /** A pipe that never ends must not outlive its test. */
  private static final String BOUNDED = "timeout 60 ";

  @TempDir Path directory;

  private LogDirectory logs;

  @BeforeEach
  void noLogs() {
    logs = new LogDirectory(directory);
  }

  static Stream<byte[]> nastyFiles() {
    byte[] all = new byte[1024];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (i * 7);
    }
    return Stream.of(
        new byte[0],
        utf8("\n"),
        utf8("\n\n\n"),
        utf8("no end"),
        utf8("crlf\r\n\r\nlone\rreturn\n\r"),
        utf8("nul\0nul\n\0\n\0"),
        new byte[] {(byte) 0xff, (byte) 0xfe, '\n', (byte) 0xc3, '\n', (byte) 0x80},
        new byte[100_000],
        all);
  }

  @ParameterizedTest
  @MethodSource("nastyFiles")
  void text_in_a_pipe_is_the_logs_bytes(byte[] bytes) {
    Logtap tail = Logtap.run("tail", "-n", "all", logs.log("app", bytes), "app").expectExit(0);

    assertArrayEquals(bytes, tail.outBytes(), tail::toString);
    assertEquals("", tail.err());
  }

  @ParameterizedTest
  @MethodSource("nastyFiles")
  void json_lines_are_the_lines_as_javas_decoder_reads_them(byte[] bytes) {
    List<String> expected = new ArrayList<>();
    for (byte[] line : linesOf(bytes)) {
      String decoded = new String(line, StandardCharsets.UTF_8);
      expected.add(decoded.endsWith("\r") ? decoded.substring(0, decoded.length() - 1) : decoded);
    }

    Logtap tail = Logtap.run("tail", "-n", "all", "-o", "json", logs.log("app", bytes), "app").expectExit(0);

    List<Map<String, Object>> records = JsonRecord.ofLines(tail.outBytes());
    assertEquals(expected.stream().map(line -> Map.<String, Object>of("log", "app", "line", line)).toList(), records);
    assertEquals("", tail.err());
  }

  @ParameterizedTest
  @MethodSource("nastyFiles")
  void follower_begins_with_the_same_bytes(byte[] bytes) {
    String app = logs.log("app", bytes);

    try (Logtap tail = Logtap.start("tail", "-f", "-n", "all", app, "app")) {
      LogFiles.append(directory.resolve("app.log"), "\nend\n");
      tail.awaitOut("\nend\n");

      assertArrayEquals(bytes, Arrays.copyOf(tail.outBytes(), tail.outBytes().length - 5), tail::toString);
    }
  }

  @Test
  void fifty_lines_are_the_default() {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= 60; i++) {
      text.append(i).append('\n');
    }

    String out = Logtap.run("tail", logs.log("app", text.toString()), "app").expectExit(0).out();

    assertEquals(text.substring(text.indexOf("11\n")), out);
  }

  @Test
  void several_logs_are_named_line_by_line_in_the_order_they_were_asked_for() {
    String app = logs.log("app", "one\n\ntwo\n");
    String web = logs.log("web", "three\n");

    assertEquals(
        "web: three\napp: one\napp: \napp: two\n", Logtap.run("tail", app, web, "web", "app").expectExit(0).out());
    assertEquals("three\n", Logtap.run("tail", app, web, "web").expectExit(0).out());
  }

  @Test
  void unfinished_line_is_not_glued_to_the_next_logs_line_and_ends_as_it_is() {
    String app = logs.log("app", "no end");
    String web = logs.log("web", "no end either");

    assertEquals("app: no end\nweb: no end either", Logtap.run("tail", app, web, "app", "web").expectExit(0).out());
  }

  @Test
  void long_line_is_named_once() {
    String line = "x".repeat(3 * MIB + 5);
    String app = logs.log("app", line + "\nshort\n");
    String web = logs.log("web", "next\n");

    Logtap tail = Logtap.run("tail", app, web, "app", "web").expectExit(0);

    assertEquals("app: " + line + "\napp: short\nweb: next\n", tail.out());
  }

  @Test
  void json_names_the_log_of_each_line() {
    String app = logs.log("app", "one \"quoted\" \\ \u001b\t\u00fc\u20ac\ud83d\ude00\u2028\r\nno end");
    String web = logs.log("web", "two\n");

    Logtap tail = Logtap.run("tail", "-o", "json", app, web, "app", "web").expectExit(0);

    assertEquals(
        List.of(
            Map.of("log", "app", "line", "one \"quoted\" \\ \u001b\t\u00fc\u20ac\ud83d\ude00\u2028"),
            Map.of("log", "app", "line", "no end"),
            Map.of("log", "web", "line", "two")),
        JsonRecord.ofLines(tail.outBytes()));
    assertTrue(tail.out().startsWith("{\"log\":\"app\",\"line\":\"one"), tail::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "x, 0, 1", "x, 1, 2", "\u00fc, 0, 1", "\u00fc, 1, 2", "a\u20ac, 0, 1", "\u20ac, 0, 2", "\ud83d\ude00, 0, 1",
    "ab\ud83d\ude00, 0, 2", "x, 2097152, 3",
  })
  void line_over_a_mebibyte_comes_in_parts_that_cut_no_character(String character, int more, int least) {
    // As many whole characters as cover a mebibyte, where the last may lie across its edge.
    String line = character.repeat((MIB + utf8(character).length - 1) / utf8(character).length) + "y".repeat(more);

    for (String end : new String[] {"\n", "\r\n", ""}) {
      String app = logs.log("app", "before\n" + line + end + (end.isEmpty() ? "" : "after\n"));
      Logtap tail = Logtap.run("tail", "-o", "json", app, "app").expectExit(0);

      List<Map<String, Object>> records = JsonRecord.ofLines(tail.outBytes());
      int parts = records.size() - (end.isEmpty() ? 1 : 2);
      StringBuilder joined = new StringBuilder();
      for (int i = 1; i <= parts; i++) {
        String part = (String) records.get(i).get("line");
        joined.append(part);
        assertTrue(utf8(part).length <= MIB, "a part of " + utf8(part).length + " bytes");
        assertEquals(i < parts ? true : null, records.get(i).get("partial"));
      }
      assertEquals(least, parts);
      assertTrue(line.contentEquals(joined), "the parts are not the line");
      assertEquals("before", records.getFirst().get("line"));
      assertEquals(end.isEmpty() ? records.getLast().get("line") : "after", records.getLast().get("line"));
    }
  }

  @Test
  void what_can_not_be_read_is_said_and_the_others_go_on() {
    String app = logs.log("app", "one\n");
    String web = logs.log("web", "two\n");
    String gone = logs.entry("gone", "gone.log");

    Logtap tail = Logtap.run("tail", app, web, gone, "app", "gone", "web").expectExit(1);

    assertEquals("app: one\nweb: two\n", tail.out());
    Sentence.expect(tail, "gone: '" + directory.resolve("gone.log") + "' does not exist");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          fifo                 | FIFO
          socket               | socket
          folder               | directory
          link                 | symbolic link
          link-to-nothing      | symbolic link
          link-to-itself       | symbolic link
          link-to-fifo         | symbolic link
          folder/../fifo       | FIFO
          /dev/null            | device
          /dev/zero            | device
          /dev/stdin           | symbolic link
          """)
  void what_is_no_regular_file_is_refused_without_being_opened(String file, String kind) throws IOException {
    String app = logs.log("app", "one\n");
    LogFiles.makeFifo(directory.resolve("fifo"));
    Files.createDirectory(directory.resolve("folder"));
    link("link", "app.log");
    link("link-to-nothing", "nothing");
    link("link-to-itself", "link-to-itself");
    link("link-to-fifo", "fifo");

    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(directory.resolve("socket")));
      for (String output : new String[] {"text", "json"}) {
        Logtap tail = Logtap.run("tail", "-o", output, logs.entry("it", file), app, "it", "app").expectExit(1);

        assertTrue(tail.out().contains("one"), tail::toString);
        Sentence.expect(tail, "it: '", kind);
      }
    }
  }

  @Test
  void fifo_is_not_opened_even_for_a_moment() {
    LogFiles.makeFifo(directory.resolve("fifo"));
    String fifo = logs.entry("it", "fifo");

    // Whoever opens it for writing waits in open(2) until somebody opens it for reading.
    try (Logtap writer = Script.start("echo opening >&2; echo x >\"$1\"; echo opened >&2", directory.resolve("fifo"))) {
      writer.awaitErr("opening");
      Logtap.run("tail", fifo, "it").expectExit(1);
      Logtap.run("logs", fifo).expectExit(0);
      try (Logtap follower = Logtap.start("tail", "-f", fifo, logs.log("app", "one\n"), "it", "app")) {
        follower.awaitOut("app: one\n").awaitErr("FIFO");
        follower.signal("TERM").expectExit(143);
      }

      assertTrue(writer.process().isAlive(), writer::toString);
      assertEquals("opening\n", writer.err());
    }
  }

  @Test
  void link_is_followed_where_its_entry_allows_it() {
    logs.log("app", "one\n");
    LogFiles.makeFifo(directory.resolve("fifo"));
    link("link", "app.log");
    link("link-to-link", "link");
    link("link-to-fifo", "fifo");
    String config =
        logs.config(
            "logtap.toml",
            """
            [logs]
            link = { path = "link", symlink = true }
            twice = { path = "link-to-link", symlink = true }
            plain = { path = "app.log", symlink = true }
            fifo = { path = "link-to-fifo", symlink = true }
            """);

    assertEquals("one\n", Logtap.run("--config", config, "tail", "link").expectExit(0).out());
    assertEquals("one\n", Logtap.run("--config", config, "tail", "twice").expectExit(0).out());
    assertEquals("one\n", Logtap.run("--config", config, "tail", "plain").expectExit(0).out());
    Sentence.expect(Logtap.run("--config", config, "tail", "fifo").expectExit(1), "FIFO");
  }

  @Test
  void directory_above_a_log_may_be_a_link() {
    logs.write("releases/5/log/app.log", utf8("one\n"));
    link("current", "releases/5");

    Logtap tail = Logtap.run("tail", logs.entry("app", "current/log/app.log"), "app");

    assertEquals("one\n", tail.expectExit(0).out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tail app", "tail -o json app", "tail -f app", "tail -f -o json app", "logs", "logs -o json", "--help", "-V"
      })
  void full_disk_is_1_and_a_sentence(String arguments) {
    String command = "exec \"$0\" " + arguments + " " + logs.log("app", "one\n") + " >/dev/full";

    Logtap full = Script.start(command).expectExit(1);

    Sentence.expect(full, "No space left on device");
  }

  @Test
  void full_disk_is_noticed_in_the_middle_of_much_output() {
    String two = logs.log("app", "x\n".repeat(MIB)) + " " + logs.log("web", "y\n".repeat(MIB));
    String command = "exec \"$0\" tail -n all app web " + two + " >/dev/full";

    Sentence.expect(Script.start(command).expectExit(1), "No space left on device");
  }

  @Test
  void closed_output_is_1_and_a_sentence() {
    String command = "exec \"$0\" tail app " + logs.log("app", "one\n") + " >&-";

    Sentence.expect(Script.start(command).expectExit(1), "output");
  }

  @ParameterizedTest
  @CsvSource({"'', false", "--debug, true"})
  void stack_trace_is_shown_only_with_debug(String option, boolean shown) {
    String command = "exec \"$0\" tail app " + option + " " + logs.log("app", "one\n") + " >/dev/full";

    Logtap full = Script.start(command).expectExit(1);

    assertEquals(shown, full.err().contains("\tat "), full::toString);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "1, true", "yes, true", "false, false", "0, false"})
  void debug_can_be_asked_for_by_its_variable(String value, boolean shown) {
    String command = "exec \"$0\" tail app " + logs.log("app", "one\n") + " >/dev/full";

    Logtap full = Script.start(Map.of("LOGTAP_DEBUG", value), command).expectExit(1);

    assertEquals(shown, full.err().contains("\tat "), full::toString);
  }

  @Test
  void debug_by_its_variable_tells_how_logs_are_followed() {
    String app = logs.log("app", "one\n");

    try (Logtap flag = Logtap.start("tail", "-f", "--debug", app, "app");
        Logtap variable = Logtap.start(Map.of("LOGTAP_DEBUG", "true"), "tail", "-f", app, "app")) {
      flag.awaitErr("following by");
      variable.awaitErr(flag.err());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-n all", "-n all -o json", "-n all -f", "-n all -f -o json"})
  void reader_that_goes_away_is_no_failure(String options) {
    logs.log("app", "a line of some length\n".repeat(200_000));
    String command = "{ " + BOUNDED + tail(options) + "; echo \"code $?\" >&2; } | head -n 1 >/dev/null";

    Logtap pipe = Script.start(command).expectExit(0);

    assertEquals("code 0\n", pipe.err(), pipe::toString);
  }

  @Test
  void standard_input_is_never_read() {
    String command = "{ \"$0\" tail app " + logs.log("app", "one\n") + "; cat; }";

    Logtap tail = Script.start("printf 'left alone\\n' | " + command).expectExit(0);

    assertEquals("one\nleft alone\n", tail.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"<&-", "</dev/null", "<>/dev/null"})
  void closed_standard_input_changes_nothing(String redirection) throws IOException {
    Path log = directory.resolve("app.log");
    String app = logs.log("app", "one\n");

    assertEquals(
        "one\n", Script.start("exec \"$0\" tail app " + app + " " + redirection).expectExit(0).out());
    try (Logtap follower = Script.start("exec \"$0\" tail -f app " + app + " " + redirection)) {
      follower.awaitOut("one\n");
      LogFiles.append(log, "two\n");
      follower.awaitWholeOut("one\ntwo\n");
      follower.signal("TERM").expectExit(143);
    }
  }

  @Test
  void log_of_a_name_that_is_not_ascii_is_read_in_any_locale() {
    logs.write("\u00fcml\u00e4ut \u20ac.log", utf8("one\n"));
    String entry = logs.entry("app", "\u00fcml\u00e4ut \u20ac.log");

    Logtap tail = Logtap.run(Map.of("LC_ALL", "C", "LANG", "C"), "tail", entry, "app").expectExit(0);
    Logtap list = Logtap.run(Map.of("LC_ALL", "C", "LANG", "C"), "logs", "-o", "json", entry).expectExit(0);

    assertEquals("one\n", tail.out());
    String path = (String) JsonRecord.ofLines(list.outBytes()).getFirst().get("path");
    assertEquals(directory + "/\u00fcml\u00e4ut \u20ac.log", path);
  }

  @ParameterizedTest
  @CsvSource({
    "tail --log app=/nonexistent/E app, 1",
    "tail --log app=E app, 1",
    "tail --log E=/app.log app, 2",
    "tail E, 2",
    "E, 2",
    "tail --E app, 2",
    "tail -n E mysql, 2",
    "tail --color E mysql, 2",
    "--config /nonexistent/E tail app, 2",
  })
  void escape_sequences_in_arguments_are_harmless_in_sentences(String arguments, int code) {
    String evil = "\u001b[31m\u0007\u009b\u202e\u007f\nlogtap:\u00a0forged\r";
    String[] given = arguments.split(" ");
    for (int i = 0; i < given.length; i++) {
      given[i] = given[i].replace("E", evil);
    }

    Logtap wrong = Logtap.run(given).expectExit(code);

    assertTrue(wrong.err().contains("^[[31m^G\\u{9b}\\u{202e}^?^Jlogtap:\u00a0forged^M"), wrong::toString);
    assertEquals(wrong.err().length() - 1, wrong.err().indexOf('\n'), wrong::toString);
  }

  @Test
  void escape_sequences_in_a_config_file_are_harmless_in_sentences() {
    String config = logs.config("logtap.toml", "[tail]\n\"\\u001b[31m\" = 5\n");
    String value = logs.config("value.toml", "[tail]\nlines = \"\\u001b[31m\"\n");
    String syntax = logs.config("syntax.toml", "[tail]\n\u001b[31m = 5\n");

    for (String file : new String[] {config, value, syntax}) {
      Logtap wrong = Logtap.run("--config", file, "tail", logs.log("app", ""), "app").expectExit(2);

      assertTrue(wrong.err().matches("logtap: [^\\p{Cntrl}]+\\n"), wrong::toString);
    }
  }

  static Stream<String> everyError() {
    return Stream.of(
        "",
        "tial",
        "frobnicate",
        "tail",
        "tail --folow app",
        "tail --frobnicate app",
        "tail -n",
        "tail -n x app",
        "tail -o x app",
        "tail --color x app",
        "tail --follow=maybe app",
        "tail app ap",
        "logs app",
        "tail --log app app",
        "tail --log app= app",
        "tail --log app=/ app",
        "tail --log railway=/x app",
        "--config /nonexistent tail app",
        "--config / tail app",
        "--config= tail app",
        "--config DIR/syntax.toml tail app",
        "--config DIR/table.toml tail app",
        "--config DIR/key.toml tail app",
        "--config DIR/type.toml tail app",
        "--config DIR/value.toml tail app",
        "--config DIR/entry.toml tail app",
        "--config DIR/name.toml tail app",
        "--config DIR/large.toml tail app",
        "tail --log it=/nonexistent it",
        "tail --log it=/dev/null it",
        "tail --log it=DIR it",
        "tail --log it=DIR/link it",
        "tail app >/dev/full",
        "tail app >&-");
  }

  @ParameterizedTest
  @MethodSource("everyError")
  void every_error_is_subject_what_happened_and_what_to_do(String arguments) {
    String app = logs.log("app", "one\n");
    link("link", "app.log");
    logs.config("syntax.toml", "[tail\n");
    logs.config("table.toml", "[tial]\n");
    logs.config("key.toml", "[tail]\nlins = 5\n");
    logs.config("type.toml", "[tail]\nlines = [5]\n");
    logs.config("value.toml", "[tail]\nlines = 'x'\n");
    logs.config("entry.toml", "[logs]\nx = { symlink = true }\n");
    logs.config("name.toml", "[logs]\nX = '/x'\n");
    logs.config("large.toml", "#".repeat(MIB + 1));
    String command = "exec \"$0\" " + arguments.replace("DIR", directory.toString()) + " " + app;

    Logtap wrong = Script.start(command).awaitExit();

    assertTrue(wrong.process().exitValue() > 0, wrong::toString);
    assertEquals("", wrong.out(), wrong::toString);
    assertTrue(wrong.err().matches("logtap: [^:;\\n]+(:\\d+)?: [^;\\n]+; [^\\n]+\\n"), wrong::toString);
  }

  @Test
  void logs_lists_every_entry_for_eyes() throws IOException {
    logs.log("app", "x".repeat(1536));
    Files.setLastModifiedTime(directory.resolve("app.log"), FileTime.from(Instant.parse("2025-11-23T04:05:06.789Z")));
    logs.log("tiny", "x");
    LogFiles.makeFifo(directory.resolve("fifo"));
    String config = logs.config("logtap.toml", "[logs]\napp = 'app.log'\ntiny = 'tiny.log'\nqueue = 'fifo'\n");

    Logtap list = Logtap.run(Map.of("TZ", "UTC"), "--config", config, "logs").expectExit(0);

    String out = list.out();
    assertEquals("", list.err());
    assertEquals(1 + 4 + 3, out.lines().count(), list::toString);
    assertTrue(
        row(out, "app").matches("app +1\\.5 KiB +2025-11-23T04:05:06Z +" + directory + "/app\\.log"), list::toString);
    assertTrue(row(out, "tiny").matches("tiny +1 B +.*Z +" + directory + "/tiny\\.log"), list::toString);
    assertTrue(row(out, "queue").matches("queue .*" + directory + "/fifo.*FIFO.*"), list::toString);
    assertEquals(1, out.lines().skip(1).map(line -> line.indexOf('/')).distinct().count(), list::toString);
  }

  @Test
  void logs_lists_every_entry_as_json() throws IOException {
    logs.log("app", "0123456789");
    Instant changed = Instant.parse("2025-11-23T04:05:06.789Z");
    Files.setLastModifiedTime(directory.resolve("app.log"), FileTime.from(changed));
    link("a \"quoted\" link", "app.log");
    String config =
        logs.config(
            "logtap.toml",
            """
            [logs]
            app = "app.log"
            gone = "gone.log"
            link = 'a "quoted" link'
            linked = { path = 'a "quoted" link', symlink = true }
            """);

    Logtap list = Logtap.run("--config", config, "logs", "-o", "json").expectExit(0);

    Map<String, Map<String, Object>> records = new LinkedHashMap<>();
    JsonRecord.ofLines(list.outBytes()).forEach(entry -> records.put((String) entry.get("log"), entry));
    assertEquals(
        List.of("app", "gone", "link", "linked", "mysql", "nginx-access", "nginx-error", "php-fpm"),
        List.copyOf(records.keySet()));
    assertEquals("", list.err());
    Map<String, Object> app = records.get("app");
    String time = (String) app.get("changed");
    assertEquals(changed, OffsetDateTime.parse(time).toInstant());
    assertEquals(
        Map.of("log", "app", "path", directory + "/app.log", "readable", true, "size", 10L, "changed", time), app);
    Map<String, Object> gone = records.get("gone");
    assertTrue(gone.get("why").toString().contains("does not exist"), list::toString);
    assertEquals(
        Map.of("log", "gone", "path", directory + "/gone.log", "readable", false, "why", gone.get("why")), gone);
    assertEquals(directory + "/a \"quoted\" link", records.get("link").get("path"));
    assertEquals(false, records.get("link").get("readable"));
    assertTrue(records.get("link").get("why").toString().contains("symlink = true"), list::toString);
    assertEquals(true, records.get("linked").get("readable"));
    assertEquals(10L, records.get("linked").get("size"));
    assertEquals("/var/log/nginx/access.log", records.get("nginx-access").get("path"));
    assertEquals("/var/log/nginx/error.log", records.get("nginx-error").get("path"));
    assertEquals("/var/log/php8.2-fpm.log", records.get("php-fpm").get("path"));
    assertEquals("/var/log/mysql/error.log", records.get("mysql").get("path"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-n all", "-n 5", "-n 99999999999", "-f -n all", "-f -n 5"})
  void memory_does_not_grow_with_the_length_of_a_line(String options) throws IOException {
    int size = 1 << 30;
    sparse("app.log", size);
    // The end of an unfinished line is held back by a follower, which ends when head has what it came for.
    int expected = options.contains("-f") ? size - 2 * MIB : size;

    Logtap count = Script.start(BOUNDED + tail(options) + " | head -c " + expected + " | wc -c");

    assertEquals(expected + "\n", count.expectExit(0).out(), count::toString);
    assertEquals("", count.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-n all", "-n 1", "-f -n all"})
  void memory_of_json_does_not_grow_with_the_length_of_a_line(String options) throws IOException {
    sparse("app.log", 150 * MIB);
    String parts = " | head -n 149 | LC_ALL=C grep -c '\",\"partial\":true}$'";

    Logtap count = Script.start(BOUNDED + tail("-o json " + options) + parts);

    assertEquals("149\n", count.expectExit(0).out(), count::toString);
    assertEquals("", count.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-n all", "-n 1000000", "-n 99999999999", "-o json -n all", "-o json -n 99999999999", "-f -n all"})
  void memory_does_not_grow_with_the_number_of_lines(String options) throws IOException {
    int lines = 3_000_000;
    String line = "2025-11-23T04:05:06 a request of some length was served, \u00fc, in 12 milliseconds to a stranger\n";
    byte[] block = utf8(line.repeat(1000));
    try (var out = Files.newOutputStream(directory.resolve("app.log"))) {
      for (int i = 0; i < lines / 1000; i++) {
        out.write(block);
      }
    }
    int expected = options.contains("1000000") ? 1_000_000 : lines;

    Logtap count = Script.start(BOUNDED + tail(options) + " | head -n " + expected + " | wc -l");

    assertEquals(expected + "\n", count.expectExit(0).out(), count::toString);
    assertEquals("", count.err());
  }

  private static List<byte[]> linesOf(byte[] bytes) {
    List<byte[]> lines = new ArrayList<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (byte b : bytes) {
      if (b != '\n') {
        line.write(b);
        continue;
      }
      lines.add(line.toByteArray());
      line.reset();
    }
    if (bytes.length > 0 && bytes[bytes.length - 1] != '\n') {
      lines.add(line.toByteArray());
    }
    return lines;
  }

  /** A command whose {@code $0} is the launcher. */
  private String tail(String options) {
    return "\"$0\" tail " + options + " app " + logs.entry("app", "app.log");
  }

  private static String row(String table, String name) {
    return table.lines().filter(line -> line.startsWith(name + " ")).findFirst().orElse("");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void link(String name, String target) {
    LogFiles.link(directory.resolve(name), Path.of(target));
  }

  private void sparse(String name, int size) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(directory.resolve(name).toFile(), "rw")) {
      // NULs at the very beginning may be the hole of a truncated file.
      file.write('x');
      file.setLength(size);
    }
  }
}

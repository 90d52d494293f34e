package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The viewer in a real browser, with real servers and logs. */
class ViewerIT {
  /** Screenshots, to be looked at. */
  private static final Path SHOTS = Path.of(System.getProperty("logtap.basedir"), "target", "viewer");

  private static final Pattern ADDRESS = Pattern.compile("(http://127[0-9.:]+/)#token=[\\w.-]+");

  private static final String LIST = "document.querySelector('.scroller')";

  @TempDir static Path downloads;

  private static Browser browser;

  @TempDir Path directory;

  private Path log;

  @BeforeAll
  static void start() {
    browser = Browser.start(downloads);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void emptyLog() {
    log = directory.resolve("app.log");
    LogFiles.append(log, "");
    browser.size(1200, 800).open("about:blank").console();
  }

  // ---- the token

  @Test
  void token_in_the_address_is_taken_out_at_once_and_stands_nowhere() {
    LogFiles.append(log, "one\n");
    String token = Tokens.any();
    try (Server server = Server.with("app", log).start()) {
      browser.open(server.origin() + "/#token=" + token + "&show=app&filter=o");
      awaitLines("one");

      assertFalse(browser.address().contains(token), browser::toString);
      assertTrue(browser.address().contains("filter=o"), browser::toString);
      assertEquals(0L, browser.run("return sessionStorage.length + Object.keys(localStorage).length"));
      assertFalse(server.err().contains(token.substring(token.length() - 20)), server::toString);
      server.program().awaitErr("/ws?lines=500\" 101");
    }
  }

  @Test
  void token_is_asked_for_once_and_kept_in_the_tab_if_wanted() {
    LogFiles.append(log, "one\n");
    try (Server server = Server.with("app", log).start()) {
      browser.open(server.origin() + "/#show=app").until("document.querySelector('dialog[open]')");
      giveToken("nonsense");
      browser.until("document.querySelector('.why.wrong')?.textContent.includes('three parts')");
      giveToken(Tokens.of("tester").signed("HS256", "x".repeat(64)));
      browser.until("/^That did not work: (?!.*three parts)/.test(document.querySelector('.why.wrong').textContent)");
      browser.find(By.id("keep")).click();
      giveToken(Tokens.any());
      awaitLines("one");

      browser.reload();
      awaitLines("one");
      assertFalse(browser.isTrue("document.querySelector('dialog[open]')"));
    }
  }

  @Test
  void stream_outlives_its_token_when_it_is_renewed_in_time() {
    try (Server server = Server.with("app", log).start()) {
      // It asks a third of the token's time before its end: soon after it is opened, and long before the end.
      Instant now = Instant.now();
      Instant end = now.plusSeconds(13);
      open(server, Tokens.of("tester").claim("iat", "" + now.minusSeconds(20).getEpochSecond()).expiresAt(end).signed(), "");
      browser.until("document.querySelector('dialog[open] h2')?.textContent.includes('runs out')");
      giveToken(Tokens.any());
      browser.until("!document.querySelector('dialog[open]')");
      Await.until(() -> Instant.now().isAfter(end.plusSeconds(1)), browser::toString);
      LogFiles.append(log, "after the end of the first\n");
      awaitLines("after the end of the first");

      server.program().awaitErr("/ws?lines=500\" 101");
      assertEquals(1, count(server.err(), "/ws?lines=500\" 101"), server::toString);
      assertEquals(0, count(server.err(), "ended"), server::toString);
    }
  }

  @Test
  void token_that_has_run_out_is_said_to_and_a_new_one_goes_on_without_a_loss() {
    LogFiles.append(log, "one\n");
    try (Server server = Server.with("app", log).start()) {
      open(server, Tokens.of("tester").expiresIn(Duration.ofSeconds(8)).signed(), "");
      awaitLines("one");
      browser.until("document.querySelector('dialog[open] .why')?.textContent.includes('expired')");
      browser.until("document.querySelector('.source .state').textContent.includes('needs a new token')");
      LogFiles.append(log, "two\n");
      giveToken(Tokens.any());

      awaitLines("one", "two");
      assertEquals(List.of("one", "two"), download());
    }
  }

  @Test
  void token_that_is_put_into_the_open_page_leaves_the_view_as_it_is() {
    LogFiles.append(log, "one\ntwo\n");
    try (Server server = Server.with("app", log).start()) {
      open(server, "show=app&filter=two&levels=other&wrap=1");
      awaitLines("two");
      browser.run("location.hash = 'token=' + arguments[0]", Tokens.any());
      browser.until("!location.hash.includes('token')");

      assertTrue(browser.address().endsWith("#show=app&filter=two&wrap=1&levels=other"), browser::toString);
      assertEquals("two", browser.run("return document.querySelector('#filter').value"));
      awaitLines("two");
    }
  }

  @Test
  void log_that_the_token_does_not_open_is_said_to_be_so() {
    LogFiles.append(log, "one\n");
    Path other = directory.resolve("other.log");
    LogFiles.append(other, "not for everybody\n");
    try (Server server = Server.with("app", log).log("other", other).start()) {
      open(server, Tokens.forLogs("app"), "show=app,other");

      browser.until("document.querySelector('.source[data-id=other] .state').textContent.includes('does not open this log')");
      awaitLines("one");
    }
  }

  // ---- lines

  @Test
  void history_comes_first_and_then_what_is_written_of_several_logs_in_their_order_of_time() {
    Path other = directory.resolve("other.log");
    LogFiles.append(log, "2020-11-23 01:00:01 a\n2020-11-23 01:00:03 c\n");
    LogFiles.append(other, "2020-11-23 01:00:02 b\n2020-11-23 01:00:04 d\n");
    try (Server server = Server.with("app", log).log("other", other).start()) {
      open(server, "utc=1&show=app,other");
      awaitLines("2020-11-23 01:00:01 a", "2020-11-23 01:00:02 b", "2020-11-23 01:00:03 c", "2020-11-23 01:00:04 d");
      assertEquals("11-23 01:00:01", browser.text(".row .time"));

      LogFiles.append(log, "live\n");
      awaitLast("live");
      LogFiles.append(other, "as well\n");
      awaitLast("as well");

      press("m");
      browser.until("document.querySelectorAll('log-list').length === 2");
      browser.until("document.querySelector('log-list').textContent.includes('live')");
      assertFalse(browser.isTrue("document.querySelector('log-list').textContent.includes('as well')"));
    }
  }

  /** What comes late of another log stands between lines that were there, and the current one stays the current one. */
  @Test
  void line_that_was_chosen_stays_chosen_when_others_come_between() {
    Path other = directory.resolve("other.log");
    LogFiles.append(log, "2020-11-23 01:00:01 a\n2020-11-23 01:00:03 c\n");
    LogFiles.append(other, "2020-11-23 01:00:02 b\n");
    try (Server server = Server.with("app", log).log("other", other).start()) {
      open(server, "show=app");
      awaitLines("2020-11-23 01:00:01 a", "2020-11-23 01:00:03 c");
      browser.run("[...document.querySelectorAll('.row')].at(-1).click()");
      browser.run("document.querySelector('.source[data-id=other] input').click()");
      browser.until("document.querySelectorAll('.row').length === 3");
      awaitLines("2020-11-23 01:00:01 a", "2020-11-23 01:00:02 b", "2020-11-23 01:00:03 c");
      browser.run(LIST + ".focus()");
      press(Keys.ARROW_UP);
      browser.until("document.querySelector('.row[aria-selected=true] .text').textContent.endsWith('b')");
    }
  }

  @Test
  void line_that_is_read_stays_where_it_is_when_another_log_comes_back() {
    Path other = directory.resolve("other.log");
    LogFiles.append(log, each("2020-11-23 01:%02d:30 a", 0, 59));
    LogFiles.append(other, "2020-11-23 00:00:00 b\n");
    Server first = Server.with("app", log).log("other", other).start();
    String read;
    try {
      open(first, "show=app,other");
      browser.until("document.querySelector('#memory').textContent.startsWith('61 of')");
      awaitLast("2020-11-23 01:59:30 a");
      read = scrollTo(300);
    } finally {
      first.close();
    }
    browser.until("document.querySelector('.source[data-id=other] .state').textContent.includes('reconnecting')");
    LogFiles.append(other, each("2020-11-23 01:%02d:10 b", 0, 59));
    try (Server _ = Server.with("app", log).log("other", other).port(first.port()).start()) {
      browser.until("document.querySelector('.jump').textContent === '60 new lines'");
      assertEquals(read, firstSeen());
    }
  }

  @Test
  void line_that_is_read_stays_where_it_is_when_sources_are_chosen_and_split() {
    Path other = directory.resolve("other.log");
    for (String hour : List.of("01", "02")) {
      LogFiles.append(log, each("2020-11-23 " + hour + ":%02d:30 a", 0, 59));
      LogFiles.append(other, each("2020-11-23 " + hour + ":%02d:10 b", 0, 59));
    }
    try (Server server = Server.with("app", log).log("other", other).start()) {
      open(server, "show=app,other");
      browser.until("document.querySelector('#memory').textContent.startsWith('240 of')");
      awaitLast("2020-11-23 02:59:30 a");
      String read = scrollTo(51 * 20);
      assertEquals("2020-11-23 01:25:30 a at 0", read);

      String hasOther = "[...document.querySelectorAll('.row .text')].some((text) => text.textContent.endsWith('b'))";
      browser.run("document.querySelector('.source[data-id=other] input').click()");
      browser.until("document.querySelector('.row') && !" + hasOther);
      awaitRead(read);
      browser.run("document.querySelector('.source[data-id=other] input').click()");
      browser.until(hasOther);
      awaitRead(read);
      press("m");
      browser.until("document.querySelectorAll('log-list').length === 2");
      awaitRead(read);
      press("m");
      browser.until("document.querySelectorAll('log-list').length === 1");
      awaitRead(read);
      assertFalse(browser.isTrue("document.querySelector('.jump').hidden"));
    }
  }

  /** Who asks a web server is named in its log as he likes. */
  @Test
  void time_of_a_request_is_the_servers_and_one_in_the_future_is_none() {
    Path other = directory.resolve("other.log");
    LogFiles.append(
        log,
        "192.0.2.1 - - [23/Nov/2020:01:00:01 +0000] \"GET /a HTTP/1.1\" 200 5\n"
            + "192.0.2.1 - 2099-01-01T00:00:00Z [23/Nov/2020:01:00:03 +0000] \"GET /c HTTP/1.1\" 401 5\n"
            + "192.0.2.1 - x [01/Jan/1999:00:00:00 +0000] x [23/Nov/2020:01:00:05 +0000] \"GET /e HTTP/1.1\" 401 5\n");
    LogFiles.append(other, "2020-11-23 01:00:02 b\n2099-01-01T00:00:00Z as well\n2020-11-23 01:00:04 d\n2020-11-23 01:00:06 f\n");
    try (Server server = Server.with("app", log).log("other", other).start()) {
      open(server, "utc=1&show=app,other");
      browser.until("document.querySelectorAll('.row').length === 7");

      List<String> times = List.of("01", "02", "02", "03", "04", "05", "06").stream().map(second -> "11-23 01:00:" + second).toList();
      assertEquals(times, browser.run("return [...document.querySelectorAll('.row .time')].map((time) => time.textContent)"));
      browser.until("document.querySelector('.axis').lastChild.textContent === '01:00:07'");
    }
  }

  @Test
  void histogram_leaves_out_what_few_lines_say_of_the_future() {
    String now = Instant.now().toString().substring(0, 19);
    String ahead = Instant.now().plus(Duration.ofHours(10)).toString().substring(0, 19);
    LogFiles.append(log, each(now + " %d", 1, 50) + ahead + " of a clock elsewhere\n");
    try (Server server = Server.with("app", log).start()) {
      open(server, "utc=1");
      awaitLast(ahead + " of a clock elsewhere");
      // Seconds are told where it is not of hours.
      browser.until("document.querySelector('.axis').lastChild.textContent.length === 8");
    }
  }

  @Test
  void level_of_a_request_is_that_of_its_status() {
    String request = "192.0.2.1 - %s [23/Nov/2020:01:00:00 +0000] \"GET %s HTTP/1.1\" %d 5 \"-\" \"-\"\n";
    LogFiles.append(
        log,
        request.formatted("-", "/INFO", 500)
            + request.formatted("-", "/?q=[debug]", 503)
            + request.formatted("-", "/ERROR", 200)
            + request.formatted("a [fatal] FATAL", "/", 404)
            + "2020-11-23 01:00:00 ERROR no user x [01/Jan/2001:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1\n"
            + "{\"level\":50,\"msg\":\"as pino has it\"}\n{\"level\":30,\"msg\":\"10\"}\n{\"level\":300}\n");
    try (Server server = Server.with("app", log).start()) {
      open(server, "");
      browser.until("document.querySelectorAll('.row').length === 8");
      assertEquals(
          List.of("E", "E", "I", "W", "E", "E", "I", ""),
          browser.run("return [...document.querySelectorAll('.row .letter')].map((letter) => letter.textContent)"));
    }
  }

  /** A line that nearly is one of an access log, again and again, and at its end is none. */
  @Test
  void line_that_was_made_to_take_long_takes_no_time() {
    LogFiles.append(log, "a.b - c" + " [01/Jan/2020:1] \"\" 200 1".repeat(35_000) + "\u2028\nafter\n");
    try (Server server = Server.with("app", log).start()) {
      open(server, "");
      awaitLast("after");
    }
  }

  @Test
  void log_without_a_line_is_said_to_have_none_yet() {
    Path other = directory.resolve("other.log");
    LogFiles.append(log, "one\n");
    LogFiles.append(other, "");
    try (Server server = Server.with("app", log).log("other", other).start()) {
      open(server, "split=1&show=app,other");
      awaitLines("one");
      browser.until("document.querySelectorAll('.empty')[1].textContent === 'No lines yet.'");
      browser.find(By.id("filter")).sendKeys("two");
      browser.until("document.querySelectorAll('.empty')[0].textContent === 'No line in memory passes the filter.'");
    }
  }

  @Test
  void flood_of_an_environments_attributes_is_bounded_as_well() {
    try (Server server = Server.with("app", log).start()) {
      open(server, "");
      Object kept =
          browser.await(
              """
              import('/viewer/ring.js').then(({ Ring, sizeOf }) => {
                const ring = new Ring(1000, 100000);
                const data = { message: 'x', attributes: { body: 'y'.repeat(10000) } };
                for (let i = 0; i < 100; i++) ring.push({ text: 'x', data, size: sizeOf(data) });
                return ring.count;
              })
              """);
      assertEquals(9L, kept);
    }
  }

  @Test
  void only_what_passes_the_filter_is_shown_and_what_was_looked_for_is_marked() {
    LogFiles.append(log, "GET /a 200\nGET /b 404\nPOST /a 500\nget /c 200\n");
    try (Server server = Server.with("app", log).start()) {
      open(server, "");
      awaitLines("GET /a 200", "GET /b 404", "POST /a 500", "get /c 200");

      browser.find(By.id("filter")).sendKeys("GET -404");
      awaitLines("GET /a 200", "get /c 200");
      assertEquals(List.of("GET", "get"), marks("chosen"));
      browser.find(By.id("find")).sendKeys("200");
      browser.until("document.querySelectorAll('mark.found').length === 2");
      LogFiles.append(log, "GET /d 200\nPUT /d 200\n");
      awaitLines("GET /a 200", "get /c 200", "GET /d 200");
      browser.find(By.id("find")).sendKeys(Keys.ENTER, Keys.ENTER);
      browser.until("document.querySelector('.row[aria-selected=true] .text').textContent === 'get /c 200'");

      browser.until("location.hash.includes('filter=GET+-404') && location.hash.includes('find=200')");
      String link = browser.address();
      open(server, link.substring(link.indexOf('#') + 1));
      awaitLines("GET /a 200", "get /c 200", "GET /d 200");
    }
  }

  @Test
  void pause_loses_nothing_and_repeats_nothing() {
    LogFiles.append(log, "one\n");
    try (Server server = Server.with("app", log).start()) {
      open(server, "");
      awaitLines("one");
      press(" ");
      browser.until("document.querySelector('#pause').getAttribute('aria-pressed') === 'true'");
      LogFiles.append(log, each("line %d", 1, 300));
      browser.until("document.querySelector('#waiting').textContent === '300 lines wait'");
      assertEquals(List.of("one"), rows());

      press(" ");
      awaitLast("line 300");
      List<String> expected = new ArrayList<>(List.of("one"));
      IntStream.rangeClosed(1, 300).forEach(i -> expected.add("line " + i));
      assertEquals(expected, download());
    }
  }

  @Test
  void who_scrolls_up_stays_there_and_sees_how_many_lines_are_new() {
    LogFiles.append(log, each("old %d", 1, 200));
    try (Server server = Server.with("app", log).start()) {
      open(server, "");
      awaitLast("old 200");
      browser.run(LIST + ".focus()");
      press(Keys.HOME);
      browser.until("document.querySelector('.row .text')?.textContent === 'old 1' || " + LIST + ".scrollTop === 0");
      LogFiles.append(log, each("new %d", 1, 30));
      browser.until("document.querySelector('.jump').textContent === '30 new lines'");
      assertEquals(0L, ((Number) browser.run("return " + LIST + ".scrollTop")).longValue());

      browser.find(By.className("jump")).click();
      awaitLast("new 30");
      browser.until("document.querySelector('.jump').hidden");
    }
  }

  @Test
  void levels_can_be_left_out_and_a_span_of_time_picked() {
    LogFiles.append(
        log,
        each("2020-11-23T01:00:%02dZ INFO fine", 10, 59)
            + "2020-11-23T01:01:30Z ERROR broken\n"
            + each("2020-11-23T01:02:%02dZ WARN strange", 10, 59));
    try (Server server = Server.with("app", log).start()) {
      open(server, "utc=1");
      awaitLast("2020-11-23T01:02:59Z WARN strange");
      press("2");
      awaitLast("2020-11-23T01:01:30Z ERROR broken");
      assertEquals("level-error", browser.run("return [...document.querySelectorAll('.row')].at(-1).classList[1]"));
      press("2");
      awaitLast("2020-11-23T01:02:59Z WARN strange");

      browser.until("document.querySelector('.axis').lastChild.textContent === '01:03:00'");
      browser.run("document.querySelector('.plot').focus()");
      press(Keys.END, Keys.ENTER);
      browser.until("!document.querySelector('#span').hidden");
      browser.until("[...document.querySelectorAll('.row .text')].every((text) => text.textContent.includes('01:02:'))");
      press(Keys.ESCAPE);
      browser.until("document.querySelector('#span').hidden");
      awaitLast("2020-11-23T01:02:59Z WARN strange");
    }
  }

  @Test
  void line_opens_in_its_parts() {
    LogFiles.append(log, "{\"level\":\"warn\",\"msg\":\"slow\",\"user\":{\"id\":7}}\n{\"level\":\"info\",\"msg\":\"fast\",\"user\":{\"id\":8}}\n{\"msg\":\"\u0001 a=1 b=2\"}\n");
    try (Server server = Server.with("app", log).start()) {
      open(server, "");
      browser.until("document.querySelectorAll('.row').length === 3");
      browser.run("document.querySelector('.row').click()");
      browser.until("!document.querySelector('log-details').hidden");
      assertEquals(
          Map.of("level", "warn", "msg", "slow", "user.id", "7"),
          browser.run("return Object.fromEntries([...document.querySelectorAll('log-details tr')].map((row) => [row.cells[0].textContent, row.cells[1].textContent]))"));
      browser.run("document.querySelectorAll('.row')[2].click()");
      browser.until("document.querySelector('log-details pre').textContent.includes('^A a=1')");
      assertFalse(browser.isTrue("document.querySelector('log-details table')"));
    }
  }

  @Test
  void nothing_in_a_line_becomes_markup_script_or_a_link() {
    List<String> nasty =
        List.of(
            "<script>window.pwned = 1</script>",
            "<img src=x onerror=\"window.pwned = 1\"> <a href=\"javascript:window.pwned=1\">x</a>",
            "\u001b[31mred\u001b]0;title\u0007 \u009b31m \u202egnp.exe");
    LogFiles.append(log, String.join("\n", nasty) + "\n{\"<b>\":\"<img src=x onerror=pwned=1>\"}\n");
    try (Server server = Server.with("app", log).start()) {
      open(server, "");
      browser.until("document.querySelectorAll('.row').length === 4");
      List<String> shown = rows();
      assertEquals(nasty.subList(0, 2), shown.subList(0, 2));
      assertEquals("^[[31mred^[]0;title^G \\u{9b}31m \\u{202e}gnp.exe", shown.get(2));
      browser.find(By.id("find")).sendKeys("onerror");
      browser.until("document.querySelectorAll('mark.found').length === 2");
      for (int i = 0; i < 4; i++) {
        browser.run("document.querySelectorAll('.row')[arguments[0]].click()", i);
        browser.until("!document.querySelector('log-details').hidden");
        assertFalse(browser.isTrue("document.querySelector('main :is(script, img, a, b), log-details :is(script, img, a, b)')"));
      }

      assertFalse(browser.isTrue("window.pwned"));
      assertEquals(nasty, download().subList(0, 3));
      // What is copied may be pasted into a terminal.
      browser.run("navigator.clipboard.writeText = async (text) => { window.copied = text; }");
      browser.run("document.querySelector('#copy').click()");
      browser.until("window.copied");
      assertEquals(shown, ((String) browser.run("return window.copied")).lines().toList());
      browser.run("document.querySelectorAll('.row')[2].click()");
      browser.run("document.querySelector('log-details header button').click()");
      browser.until("window.copied === document.querySelectorAll('.row .text')[2].textContent");
      assertEquals(List.of(), browser.console());
    }
  }

  @Test
  void entries_of_an_environment_have_their_service_their_level_and_their_attributes() {
    try (RelayScene scene = new RelayScene().store();
        Server server = scene.setup().log("app", log).start()) {
      scene.store(scene.rows(0, 3));
      open(server, "show=railway:" + RelayScene.NAME);
      awaitLines("m0", "m1", "m2");
      scene.store(scene.row("live"));
      awaitLast("live");

      assertEquals(RelayScene.NAME + " api", browser.text(".row .who"));
      browser.run("document.querySelector('.row').click()");
      browser.until("document.querySelector('log-details table').textContent.includes('serviceNameapi')");
    }
  }

  // ---- what happens to logs and servers

  @Test
  void rotation_loses_and_repeats_nothing() {
    try (Server server = Server.with("app", log).start()) {
      open(server, "");
      for (int file = 0; file < 3; file++) {
        LogFiles.append(log, each("line %d", file * 100 + 1, file * 100 + 100));
        awaitLast("line " + (file * 100 + 100));
        LogFiles.rename(log, directory.resolve("app.log." + (3 - file)));
        LogFiles.append(log, "");
      }
      LogFiles.append(log, "the end\n");
      awaitLast("the end");

      List<String> expected = new ArrayList<>(IntStream.rangeClosed(1, 300).mapToObj(i -> "line " + i).toList());
      expected.add("the end");
      assertEquals(expected, download());
    }
  }

  @Test
  void server_that_is_killed_and_comes_back_costs_no_line_and_repeats_none() {
    LogFiles.append(log, "begin\n");
    Server first = Server.with("app", log).start();
    try {
      open(first, "");
      awaitLines("begin");
    } finally {
      first.close();
    }
    browser.until("document.querySelector('.source .state').textContent.includes('reconnecting')");
    LogFiles.append(log, each("line %d", 1, 700));
    try (Server second = Server.with("app", log).port(first.port()).start()) {
      awaitLast("line 700");
      LogFiles.append(log, "end\n");
      awaitLast("end");

      List<String> expected = new ArrayList<>(List.of("begin"));
      IntStream.rangeClosed(1, 700).forEach(i -> expected.add("line " + i));
      expected.add("end");
      assertEquals(expected, download());
      second.program().awaitErr("/ws?");
      assertEquals(1, count(second.err(), "/ws?"), second::toString);
    }
  }

  @Test
  void loss_is_shown_where_it_was() throws IOException {
    LogFiles.append(log, "before\n");
    Server first = Server.with("app", log).start();
    try {
      open(first, "");
      awaitLines("before");
    } finally {
      first.close();
    }
    Files.writeString(log, "another file\n");
    try (Server _ = Server.with("app", log).port(first.port()).start()) {
      awaitLast("another file");

      assertTrue(rows().get(1).startsWith("Gap: "), () -> rows().toString());
      assertTrue(browser.isTrue("document.querySelectorAll('.row')[1].classList.contains('gap')"));
    }
  }

  // ---- floods

  /** What it takes is printed: a machine that others use as well has its own idea of 50 ms. */
  @Test
  void flood_is_shown_in_bounded_memory() throws InterruptedException {
    int lines = 100_000;
    String line = "2020-11-23T01:00:00Z INFO " + "x".repeat(80) + " %06d";
    try (Server server = Server.with("app", log).start();
        LogWriter writer = LogWriter.open(log)) {
      open(server, "");
      browser.until("document.querySelector('#state').textContent === 'Live'");
      browser.run(
          """
          window.frames = [];
          let last = performance.now();
          const frame = (now) => { window.frames.push(now - last); last = now; requestAnimationFrame(frame); };
          requestAnimationFrame(frame);
          window.long = [];
          new PerformanceObserver((list) => window.long.push(...list.getEntries().map((task) => task.duration))).observe({ type: 'longtask' });
          """);
      for (int i = 0; i < lines; i += 500) {
        writer.write(each(line, i, i + 499));
        // 10,000 lines a second.
        Thread.sleep(50);
      }
      awaitLast(line.formatted(lines - 1));

      System.out.println("flood: " + browser.run(
          """
          const sorted = window.frames.toSorted((a, b) => a - b);
          const at = (share) => Math.round(sorted[Math.floor(share * (sorted.length - 1))]);
          return `${sorted.length} frames, ${at(.5)} ms in the middle, ${at(.99)} at 99 %, ${at(1)} at most; `
            + `${window.long.length} tasks over 50 ms ${JSON.stringify(window.long)}; ${Math.round(performance.memory.usedJSHeapSize / 1e6)} MB`
          """));
      List<String> kept = download();
      assertEquals(50_000, kept.size());
      assertEquals(line.formatted(lines - 50_000), kept.getFirst());
      assertEquals(line.formatted(lines - 1), kept.getLast());
      assertTrue(browser.isTrue("document.querySelectorAll('*').length < 1000"));
      assertTrue(browser.isTrue("(gc(), performance.memory.usedJSHeapSize < 64e6)"), () -> "" + browser.run("return performance.memory.usedJSHeapSize"));
    }
  }

  @Test
  void more_than_memory_holds_waits_at_the_server_while_it_is_paused() {
    String line = "%06d " + "y".repeat(990);
    int lines = 20_000;
    try (Server server = Server.with("app", log).start()) {
      open(server, "");
      browser.until("document.querySelector('#state').textContent === 'Live'");
      press(" ");
      for (int i = 0; i < lines; i += 1000) {
        LogFiles.append(log, each(line, i, i + 999));
      }
      browser.until("document.querySelector('.source .state').textContent.includes('waiting for room')");
      press(" ");
      awaitLast(line.formatted(lines - 1));

      List<String> all = download();
      assertEquals(IntStream.range(0, lines).mapToObj(line::formatted).toList(), all);
    }
  }

  // ---- for everybody

  @Test
  void demo_is_live_and_accessible_in_light_in_dark_and_on_a_phone_and_says_nothing_on_the_console() throws IOException {
    String axe = resource("axe.min.js");
    try (Logtap demo = Logtap.start(Map.of("TMPDIR", directory.toString()), "serve", "--demo", "--listen=127.0.0.1:0")) {
      Await.until(() -> ADDRESS.matcher(demo.out()).find(), demo::toString);
      Matcher address = ADDRESS.matcher(demo.out());
      assertTrue(address.find());
      for (String scheme : List.of("light", "dark")) {
        for (boolean phone : new boolean[] {false, true}) {
          browser.prefer(scheme).size(phone ? 390 : 1280, 800).open(address.group() + "&utc=1" + (phone ? "&wrap=1" : ""));
          browser.until("document.querySelector('#state').textContent === 'Live: 5 sources'");
          browser.until("document.querySelector('.row')");
          browser.run("([...document.querySelectorAll('.row.level-error')].at(-1) ?? document.querySelector('.row')).click()");
          browser.until("!document.querySelector('log-details').hidden");
          expectAccessible(axe);
          browser.screenshot(SHOTS.resolve(scheme + (phone ? "-phone" : "") + ".png"));
        }
      }
      browser.size(1280, 800).open(address.group() + "&split=1&find=GET").until("document.querySelectorAll('mark.found').length > 0");
      expectAccessible(axe);
      browser.screenshot(SHOTS.resolve("split.png"));
      browser.open(address.group(1)).until("document.querySelector('dialog[open]')");
      expectAccessible(axe);
      browser.screenshot(SHOTS.resolve("token.png"));
      assertEquals(List.of(), browser.console());
    }
  }

  private static void expectAccessible(String axe) {
    browser.run(axe);
    Object found =
        browser.await(
            "axe.run().then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => [id, nodes.map((n) => n.html + n.failureSummary)])))");
    assertEquals("[]", found);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ViewerIT.class.getResourceAsStream("/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  // ---- what a reader does and sees

  private static void open(Server server, String fragment) {
    open(server, Tokens.any(), fragment);
  }

  private static void open(Server server, String token, String fragment) {
    // Of the logs that every server has, none is there.
    String show = fragment.contains("show=") ? "" : "&show=app";
    browser.open(server.origin() + "/#" + fragment + show + "&token=" + token);
  }

  private static void giveToken(String token) {
    browser.find(By.id("token")).clear();
    browser.find(By.id("token")).sendKeys(token, Keys.ENTER);
  }

  /** Scrolls so far down; the line that is read then. */
  private static String scrollTo(int pixels) {
    browser.run(LIST + ".scrollTop = arguments[0]", pixels);
    browser.until("!document.querySelector('.jump').hidden");
    return firstSeen();
  }

  /** The first line that is wholly seen, and how far below the upper edge. */
  private static String firstSeen() {
    return (String)
        browser.run(
            """
            const { top } = document.querySelector('.scroller').getBoundingClientRect();
            const place = (row) => Math.round(row.getBoundingClientRect().top - top);
            const [first] = [...document.querySelectorAll('log-list')[0].querySelectorAll('.row')]
              .filter((row) => place(row) >= 0)
              .sort((a, b) => place(a) - place(b));
            return first === undefined ? '' : `${first.querySelector('.text').textContent} at ${place(first)}`;
            """);
  }

  private static void awaitRead(String read) {
    Await.until(() -> firstSeen().equals(read), () -> firstSeen() + " instead of " + read + "\n" + browser);
  }

  private static void press(CharSequence... keys) {
    browser.type(keys);
  }

  /** The texts of the rows that are drawn, from above. */
  @SuppressWarnings("unchecked")
  private static List<String> rows() {
    return (List<String>)
        browser.run(
            """
            return [...document.querySelectorAll('.row')]
              .sort((a, b) => a.getAttribute('aria-rowindex') - b.getAttribute('aria-rowindex'))
              .map((row) => row.querySelector('.text').textContent)
            """);
  }

  @SuppressWarnings("unchecked")
  private static List<String> marks(String name) {
    return (List<String>) browser.run("return [...document.querySelectorAll('mark.' + arguments[0])].map((mark) => mark.textContent)", name);
  }

  private static void awaitLines(String... lines) {
    Await.until(() -> rows().equals(List.of(lines)), () -> rows() + "\n" + browser);
  }

  private static void awaitLast(String line) {
    Await.until(() -> !rows().isEmpty() && rows().getLast().equals(line), () -> rows() + "\n" + browser);
  }

  /** All lines that are shown, also those that are not drawn. */
  private static List<String> download() {
    browser.run("document.querySelector('#download').click()");
    return browser.takeDownload(".log").lines().toList();
  }

  private static String each(String format, int first, int last) {
    StringBuilder text = new StringBuilder();
    IntStream.rangeClosed(first, last).forEach(i -> text.append(format.formatted(i)).append('\n'));
    return text.toString();
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }
}

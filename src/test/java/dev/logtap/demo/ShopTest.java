package dev.logtap.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ten minutes of the shop, line by line in the formats of its programs. */
class ShopTest {
  private static final Instant BEGIN = Instant.parse("2026-11-23T01:02:03Z");
  private static final Duration SPAN = Duration.ofMinutes(10);

  private static final String TEXT = "\"([^\"]*)\"";

  /** ngx_http_log_module: the predefined format {@code combined}. */
  private static final Pattern ACCESS =
      Pattern.compile(
          "([0-9a-f.:]+) - - \\[\\d\\d/Nov/2026:\\d\\d:\\d\\d:\\d\\d \\+0000\\] " + TEXT + " (\\d{3}) (\\d+) " + TEXT + " " + TEXT);

  private static final Pattern REQUEST = Pattern.compile("(GET|POST) /\\S* HTTP/1\\.1|(\\\\x[0-9A-F]{2})+");

  /** ngx_log.c, and ngx_http_log_error_handler for what follows the message. */
  private static final Pattern ERROR =
      Pattern.compile(
          "2026/11/23 \\d\\d:\\d\\d:\\d\\d \\[(notice|warn|error|crit)\\] (\\d+)#\\2: "
              + "(\\*\\d+ .+, client: ([0-9a-f.:]+), server: \\S+"
              + "(, request: \"[^\"]+\"(, upstream: \"fastcgi://unix:[^\"]+:\")?, host: \"[^\"]+\"(, referrer: \"[^\"]+\")?)?|[^*].*)");

  /** zlog.c of PHP-FPM. */
  private static final Pattern FPM =
      Pattern.compile("\\[23-Nov-2026 \\d\\d:\\d\\d:\\d\\d\\] (NOTICE|WARNING|ERROR): (\\[pool www\\] )?[^\\n]+");

  /** MySQL 8: time, thread, priority, error code, subsystem, message. */
  private static final Pattern MYSQL =
      Pattern.compile(
          "2026-11-23T\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z \\d+ \\[(System|Note|Warning|Error)\\] \\[MY-\\d{6}\\] \\[(Server|InnoDB)\\] [^\\n]+");

  private static final Pattern DOCUMENTATION =
      Pattern.compile("(192\\.0\\.2|198\\.51\\.100|203\\.0\\.113)\\.\\d{1,3}|2001:db8:[0-9a-f:]+");

  private static List<Line> lines(long seed) {
    return new Timeline<>(new Shop(new Dice(seed)), Line::time, BEGIN).until(BEGIN.plus(SPAN).minusNanos(1));
  }

  private static List<String> texts(long seed, SampleLog log) {
    return lines(seed).stream().filter(line -> line.log() == log).map(line -> line.text(ZoneOffset.UTC)).toList();
  }

  private static List<Matcher> parsed(Pattern format, SampleLog log) {
    List<Matcher> all = new ArrayList<>();
    for (String text : texts(1, log)) {
      Matcher matcher = format.matcher(text);
      assertTrue(matcher.matches(), text);
      all.add(matcher);
    }
    assertFalse(all.isEmpty());
    return all;
  }

  @Test
  void access_lines_are_in_the_combined_format() {
    Set<String> statuses = new HashSet<>();
    Set<String> agents = new HashSet<>();
    for (Matcher line : parsed(ACCESS, SampleLog.NGINX_ACCESS)) {
      assertTrue(DOCUMENTATION.matcher(line.group(1)).matches(), line.group());
      assertTrue(REQUEST.matcher(line.group(2)).matches(), line.group());
      statuses.add(line.group(3));
      agents.add(line.group(6));
    }
    assertTrue(statuses.containsAll(Set.of("200", "303", "304", "400", "401", "403", "404", "429", "502", "504")), statuses::toString);
    assertTrue(agents.size() > 10, agents::toString);
  }

  @Test
  void nginx_errors_are_in_its_format() {
    Set<String> levels = new HashSet<>();
    for (Matcher line : parsed(ERROR, SampleLog.NGINX_ERROR)) {
      levels.add(line.group(1));
      assertTrue(line.group(4) == null || DOCUMENTATION.matcher(line.group(4)).matches(), line.group());
    }
    assertEquals(Set.of("notice", "error", "crit"), levels);
  }

  @Test
  void php_fpm_lines_are_in_its_format() {
    Set<String> levels = new HashSet<>();
    parsed(FPM, SampleLog.PHP_FPM).forEach(line -> levels.add(line.group(1)));
    assertEquals(Set.of("NOTICE", "WARNING"), levels);
  }

  @Test
  void mysql_lines_are_in_its_format() {
    Set<String> levels = new HashSet<>();
    parsed(MYSQL, SampleLog.MYSQL).forEach(line -> levels.add(line.group(1)));
    assertEquals(Set.of("Note", "Warning"), levels);
  }

  @Test
  void programs_write_the_machines_time_but_mysql_does_not() {
    ZoneId zone = ZoneId.of("+05:30");
    Instant time = BEGIN.plusNanos(123_456_789);
    Request request = Request.get(new Client("192.0.2.7", "curl/8"), "/");

    assertEquals(
        "192.0.2.7 - - [23/Nov/2026:06:32:03 +0530] \"GET / HTTP/1.1\" 200 612 \"-\" \"curl/8\"",
        new AccessLine(time, request, 200, 612).text(zone));
    assertEquals("2026/11/23 06:32:03 [error] 812#812: *7 no", new ErrorLine(time, "error", 812, 7, "no").text(zone));
    assertEquals("[23-Nov-2026 06:32:03] NOTICE: ready", new FpmLine(time, "NOTICE", "ready").text(zone));
    assertEquals(
        "2026-11-23T01:02:03.123456Z 8 [Note] [MY-010914] [Server] no",
        new MysqlLine(time, 8, "Note", "MY-010914", "Server", "no").text(zone));
  }

  @Test
  void same_seed_gives_the_same_lines_and_another_one_others() {
    assertEquals(lines(7), lines(7));
    assertNotEquals(lines(7), lines(8));
  }

  @Test
  void lines_come_in_the_order_of_time() {
    Instant last = BEGIN;
    for (Line line : lines(1)) {
      assertFalse(line.time().isBefore(last), line::toString);
      last = line.time();
    }
  }

  @ParameterizedTest
  @CsvSource({"NGINX_ACCESS, 4, 12", "NGINX_ERROR, 0.3, 4", "PHP_FPM, 0.2, 2", "MYSQL, 0.1, 1"})
  void every_log_is_lively_but_can_still_be_read(SampleLog log, double least, double most) {
    double rate = texts(1, log).size() / (double) SPAN.toSeconds();

    assertTrue(rate >= least && rate <= most, () -> rate + " a second");
  }

  @Test
  void no_second_is_silent_and_none_a_flood() {
    Map<Long, Integer> counts = new HashMap<>();
    lines(1).forEach(line -> counts.merge(line.time().getEpochSecond(), 1, Integer::sum));

    assertEquals(SPAN.toSeconds(), counts.size());
    assertTrue(counts.values().stream().allMatch(count -> count <= 60), counts::toString);
  }

  /** What has to be seen in several logs to be understood. */
  @Test
  void gateway_without_php_shows_in_three_logs_at_once() {
    Map<SampleLog, Set<Long>> seconds = new EnumMap<>(SampleLog.class);
    for (Line line : lines(1)) {
      String text = line.text(ZoneOffset.UTC);
      if (text.contains("\" 502 ") || text.contains("Resource temporarily unavailable") || text.contains("pm.max_children")) {
        seconds.computeIfAbsent(line.log(), _ -> new HashSet<>()).add(line.time().getEpochSecond());
      }
    }

    assertEquals(Set.of(SampleLog.NGINX_ACCESS, SampleLog.NGINX_ERROR, SampleLog.PHP_FPM), seconds.keySet());
    for (long full : seconds.get(SampleLog.PHP_FPM)) {
      for (SampleLog log : List.of(SampleLog.NGINX_ACCESS, SampleLog.NGINX_ERROR)) {
        assertTrue(seconds.get(log).stream().anyMatch(second -> second >= full && second < full + 3), () -> log + " at " + full);
      }
    }
  }

  @Test
  void each_request_that_nginx_complains_of_is_answered_in_the_access_log() {
    List<String> answered = texts(1, SampleLog.NGINX_ACCESS);
    Pattern request = Pattern.compile("client: (\\S+), .*request: (\"[^\"]+\")");
    int complaints = 0;
    for (String text : texts(1, SampleLog.NGINX_ERROR)) {
      Matcher about = request.matcher(text);
      if (about.find()) {
        complaints++;
        assertTrue(answered.stream().anyMatch(line -> line.startsWith(about.group(1) + " ") && line.contains(about.group(2))), text);
      }
    }
    assertTrue(complaints > 100);
  }
}

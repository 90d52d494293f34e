package dev.logtap.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.JsonRecord;
import dev.logtap.railway.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Ten minutes of the environment. */
class ProjectTest {
  private static final Instant BEGIN = Instant.parse("2026-11-23T01:02:03Z");
  private static final Duration SPAN = Duration.ofMinutes(10);
  private static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}";

  private final Project project = new Project(new Dice(1));
  private final List<Entry> entries = entries(project);

  private static List<Entry> entries(Project project) {
    return new Timeline<>(project, Entry::time, BEGIN).until(BEGIN.plus(SPAN).minusNanos(1));
  }

  @Test
  void entries_are_like_railways() {
    Instant last = BEGIN;
    for (Entry entry : entries) {
      assertFalse(entry.time().isBefore(last), entry::toString);
      last = entry.time();
      assertEquals(entry.time(), Instant.parse(entry.timestamp()));
      assertEquals(project.services().get(entry.serviceId()), entry.serviceName(), entry::toString);
      assertTrue(entry.serviceId().matches(UUID) && entry.deploymentId().matches(UUID) && entry.replicaId().matches(UUID));
      assertFalse(entry.message().isEmpty());
    }
  }

  @Test
  void several_services_speak_in_all_four_levels() {
    assertEquals(Set.of("web", "api", "worker", "postgres"), entries.stream().map(Entry::serviceName).collect(Collectors.toSet()));
    assertEquals(Set.of("debug", "info", "warn", "error"), entries.stream().map(Entry::severity).collect(Collectors.toSet()));
  }

  @Test
  void rate_is_lively_but_can_still_be_read() {
    double rate = entries.size() / (double) SPAN.toSeconds();

    assertTrue(rate >= 1 && rate <= 6, () -> rate + " a second");
  }

  @Test
  void attributes_are_json_with_different_keys() {
    int attributes = 0;
    for (Entry entry : entries) {
      if (!entry.attributes().isEmpty()) {
        String object =
            entry.attributes().stream()
                .map(attribute -> '"' + attribute.key() + "\":" + attribute.json())
                .collect(Collectors.joining(",", "{", "}\n"));
        List<Map<String, Object>> read = JsonRecord.ofLines(object.getBytes(StandardCharsets.UTF_8));
        assertEquals(entry.attributes().size(), read.getFirst().size(), object);
        attributes += entry.attributes().size();
      }
    }
    assertTrue(attributes > entries.size());
  }

  @Test
  void deployment_begins_while_the_one_before_still_answers_and_that_one_falls_silent() {
    for (String name : List.of("api", "web")) {
      List<Entry> own = entries.stream().filter(entry -> entry.serviceName().equals(name)).toList();
      List<Entry> starts = own.stream().filter(entry -> entry.message().equals("Starting Container")).toList();
      assertTrue(starts.size() >= 3, name);
      Set<String> gone = new HashSet<>();
      for (Entry entry : own) {
        assertFalse(gone.contains(entry.deploymentId()), entry::toString);
        if (entry.message().equals("bye")) {
          gone.add(entry.deploymentId());
        }
      }
      assertFalse(gone.isEmpty());
      assertTrue(
          own.stream()
              .filter(entry -> entry.time().isAfter(starts.getFirst().time()))
              .anyMatch(entry -> !entry.deploymentId().equals(starts.getFirst().deploymentId())),
          name);
    }
  }

  @Test
  void replicas_take_turns() {
    Entry first = entries.stream().filter(entry -> entry.serviceName().equals("api")).findFirst().orElseThrow();

    Set<String> replicas =
        entries.stream()
            .filter(entry -> entry.deploymentId().equals(first.deploymentId()))
            .map(Entry::replicaId)
            .collect(Collectors.toSet());
    assertEquals(2, replicas.size());
  }

  @Test
  void same_seed_gives_the_same_entries_and_another_one_others() {
    assertEquals(entries, entries(new Project(new Dice(1))));
    assertNotEquals(entries, entries(new Project(new Dice(2))));
  }
}

package dev.logtap.railway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.logtap.railway.RequestBudget.Purpose;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What is asked of the HTTP endpoint. Any thread may call it, and waits. */
final class Queries {
  /** The most rows that Railway gives at once. */
  static final int MOST_ROWS = 5_000;

  /** Rows that are still asked for when more of them did not fit into an answer. */
  static final int FEWEST_ROWS = 5;

  /** More pages of services would be an answer that repeats itself. */
  private static final int MOST_PAGES = 50;

  static final String ROW =
      "{ timestamp message severity tags { serviceId deploymentId deploymentInstanceId } attributes { key value } }";

  private static final String INSTANCES =
      "serviceInstances(after: $after) "
          + "{ edges { node { serviceId serviceName } } pageInfo { hasNextPage endCursor } }";

  private static final String OPENING =
      "query opening($id: String!, $limit: Int, $after: String) { environment(id: $id) { canAccess "
          + INSTANCES
          + " } environmentLogs(environmentId: $id, beforeLimit: $limit) "
          + ROW
          + " }";

  private static final String SERVICES =
      "query services($id: String!, $after: String) { environment(id: $id) { canAccess " + INSTANCES + " } }";

  private static final String LOGS =
      "query logs($id: String!, $filter: String, $anchor: String, $after: String, $limit: Int, $afterLimit: Int) "
          + "{ environmentLogs(environmentId: $id, filter: $filter, anchorDate: $anchor, beforeDate: $after, "
          + "beforeLimit: $limit, afterLimit: $afterLimit) "
          + ROW
          + " }";

  private final Endpoint endpoint;
  private final RailwayToken token;

  Queries(Endpoint endpoint, RailwayToken token) {
    this.endpoint = endpoint;
    this.token = token;
  }

  /**
   * Stored rows.
   *
   * @param entries oldest first
   * @param full whether there may be older ones
   * @param unreadable how many came that can't be read
   */
  record Rows(List<Entry> entries, boolean full, int unreadable) {}

  /** What a stream begins with; that it is answered shows that the token opens the environment. */
  record Opening(Rows rows, Map<String, String> services) {}

  Instant now() {
    return endpoint.now();
  }

  Opening open(String environmentId) throws RailwayException, InterruptedException {
    for (int limit = MOST_ROWS; ; limit = fewer(limit)) {
      Map<String, Object> variables = new HashMap<>(Map.of("id", environmentId, "limit", limit));
      try {
        Answer answer = endpoint.ask(OPENING, variables, Purpose.NEEDED, token.refusal(environmentId));
        Map<String, String> services = new LinkedHashMap<>();
        String next = readServices(environmentId, answer, services);
        Rows rows = rows(answer, limit);
        readServices(environmentId, next, services, Purpose.NEEDED);
        return new Opening(rows, services);
      } catch (Endpoint.TooLargeException _) {
        if (limit == FEWEST_ROWS) {
          throw tooLarge();
        }
      }
    }
  }

  /** Names by id. */
  Map<String, String> services(String environmentId, Purpose purpose) throws RailwayException, InterruptedException {
    Map<String, String> services = new LinkedHashMap<>();
    readServices(environmentId, "", services, purpose);
    return services;
  }

  /**
   * The newest rows of a span; some outside it may come along.
   *
   * @param anchor up to this; null for no bound
   * @param after later than this; null for no bound
   */
  Rows logs(String environmentId, String filter, Instant anchor, Instant after, int most, Purpose purpose)
      throws RailwayException, InterruptedException {
    Map<String, Object> variables = new HashMap<>(Map.of("id", environmentId));
    if (filter != null) {
      variables.put("filter", filter);
    }
    if (anchor != null) {
      // Whether the bound itself is in, and how fine the bound is that Railway takes, is not known: rather too much.
      variables.put("anchor", anchor.truncatedTo(ChronoUnit.MILLIS).plusMillis(1).toString());
      variables.put("afterLimit", 0);
    }
    if (after != null) {
      variables.put("after", after.truncatedTo(ChronoUnit.MILLIS).minusMillis(1).toString());
    }
    for (int limit = most; ; limit = fewer(limit)) {
      variables.put("limit", limit);
      try {
        return rows(endpoint.ask(LOGS, variables, purpose, token.refusal(environmentId)), limit);
      } catch (Endpoint.TooLargeException _) {
        if (limit <= FEWEST_ROWS) {
          throw tooLarge();
        }
      }
    }
  }

  /** A filter for rows of these services; null for all of them, empty when none of them can be a service. */
  static String filter(Collection<String> serviceIds) {
    if (serviceIds.isEmpty()) {
      return null;
    }
    return serviceIds.stream()
        .filter(id -> id.matches("[A-Za-z0-9-]{1,64}"))
        .map(id -> "@service:" + id)
        .collect(Collectors.joining(" OR "));
  }

  static int fewer(int limit) {
    return Math.max(FEWEST_ROWS, limit / 10);
  }

  private static RailwayException tooLarge() {
    return new RailwayException(
        "Railway's answer is larger than " + (Endpoint.LONGEST_ANSWER >> 20) + " MiB even for few rows", false);
  }

  private Rows rows(Answer answer, int limit) throws RailwayException {
    if (answer.entries() == null) {
      throw complaint(answer);
    }
    List<Entry> sorted = new ArrayList<>(answer.entries());
    sorted.sort(Comparator.comparing(Entry::time));
    return new Rows(sorted, answer.rows() >= limit, answer.unreadable());
  }

  /** @param cursor of the page to begin with; empty for the first, null for none */
  private void readServices(String environmentId, String cursor, Map<String, String> services, Purpose purpose)
      throws RailwayException, InterruptedException {
    String next = cursor;
    for (int page = 0; next != null && page < MOST_PAGES; page++) {
      Map<String, Object> variables = new HashMap<>(Map.of("id", environmentId));
      if (!next.isEmpty()) {
        variables.put("after", next);
      }
      try {
        next =
            readServices(
                environmentId,
                endpoint.ask(SERVICES, variables, purpose, token.refusal(environmentId)),
                services);
      } catch (Endpoint.TooLargeException _) {
        throw tooLarge();
      }
    }
  }

  /** The cursor of the next page; null after the last. */
  private String readServices(String environmentId, Answer answer, Map<String, String> services)
      throws RailwayException {
    JsonNode environment = answer.rest().path("environment");
    if (!environment.isObject()) {
      for (Answer.Complaint complaint : answer.complaints()) {
        if (complaint.field().equals("environment")
            && complaint.message().toLowerCase(Locale.ROOT).contains("not found")) {
          throw new RailwayException(
              "Railway knows no environment " + environmentId + " that this token opens; check its id and the token ("
                  + "a project token opens one environment only)",
              true);
        }
      }
      throw complaint(answer);
    }
    if (!environment.path("canAccess").asBoolean(true)) {
      throw new RailwayException(token.refusal(environmentId), true);
    }
    JsonNode instances = environment.path("serviceInstances");
    for (JsonNode edge : instances.path("edges")) {
      JsonNode node = edge.path("node");
      if (node.path("serviceId").isTextual() && node.path("serviceName").isTextual()) {
        services.put(node.path("serviceId").textValue(), node.path("serviceName").textValue());
      }
    }
    JsonNode page = instances.path("pageInfo");
    return page.path("hasNextPage").asBoolean() ? page.path("endCursor").textValue() : null;
  }

  private RailwayException complaint(Answer answer) {
    return new RailwayException(
        answer.complaints().isEmpty()
            ? "Railway has answered without what was asked for"
            : sentence(token, answer.complaints().getFirst()),
        false);
  }

  /** What Railway complains of, short and without what does not belong into a sentence. */
  static String sentence(RailwayToken token, Answer.Complaint complaint) {
    String text = token.removedFrom(complaint.message()).replaceAll("\\p{C}+", " ").strip();
    return "Railway says: " + (text.length() > 300 ? text.substring(0, 300) + "..." : text);
  }
}

package dev.logtap.client;

import java.util.ArrayList;
import java.util.List;

/**
 * What is asked of every stream.
 *
 * @param lines how many to begin with
 * @param search null for all
 * @param services of environments; empty for all
 * @param severities of environments, from the least on; empty for all
 */
public record Wanted(int lines, String search, List<String> services, List<String> severities) {
  /** What leaves out some of what these targets have, as options name it. */
  public List<String> filters(List<Target> targets) {
    List<String> filters = new ArrayList<>();
    if (search != null && !search.isEmpty()) {
      filters.add("--search " + search);
    }
    boolean relay = targets.stream().anyMatch(Target::relay);
    if (relay && !services.isEmpty()) {
      filters.add("--service " + String.join(",", services));
    }
    if (relay && !severities.isEmpty()) {
      filters.add("--level " + severities.getFirst());
    }
    return filters;
  }
}

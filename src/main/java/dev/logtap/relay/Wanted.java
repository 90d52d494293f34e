package dev.logtap.relay;

import dev.logtap.log.Needle;
import dev.logtap.railway.Entry;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which entries a client wants.
 *
 * @param services by id or name; empty for all
 * @param severities as {@link #of} has them; empty for all
 * @param needle null for all messages
 */
public record Wanted(Set<String> services, Set<String> severities, Needle needle) {
  public static final Wanted ALL = new Wanted(Set.of(), Set.of(), null);

  /** @param search null for all messages */
  public static Wanted of(Collection<String> services, Collection<String> severities, String search) {
    Set<String> words = new HashSet<>();
    severities.forEach(severity -> words.add(wordOf(severity)));
    return new Wanted(Set.copyOf(services), Set.copyOf(words), search == null ? null : new Needle(search));
  }

  /** Also by ids, for entries whose service's name was not known when they came. */
  Wanted with(Collection<String> ids) {
    Set<String> all = new HashSet<>(services);
    all.addAll(ids);
    return new Wanted(all, severities, needle);
  }

  boolean isAll() {
    return services.isEmpty() && severities.isEmpty() && needle == null;
  }

  /** Whether only the service is looked at, which Railway can do for us. */
  boolean isOfServicesOnly() {
    return severities.isEmpty() && needle == null;
  }

  boolean covers(Entry entry) {
    boolean service =
        services.isEmpty()
            || entry.serviceId() != null && services.contains(entry.serviceId())
            || entry.serviceName() != null && services.contains(entry.serviceName());
    return service && hasSeverity(entry.severity()) && (needle == null || needle.isIn(entry.message()));
  }

  private boolean hasSeverity(String severity) {
    if (severities.isEmpty()) {
      return true;
    }
    String word = severity == null ? "info" : wordOf(severity);
    return severities.contains(word) || severities.contains(levelOf(word));
  }

  /** In small letters, and one word for those that mean the same. */
  private static String wordOf(String severity) {
    String small = severity.toLowerCase(Locale.ROOT);
    return switch (small) {
      case "information" -> "info";
      case "warning" -> "warn";
      case "err" -> "error";
      case "crit" -> "critical";
      case "emergency" -> "emerg";
      default -> small;
    };
  }

  /** The platform's four levels; a severity is whatever the program wrote, and one that is nobody's word stays itself. */
  private static String levelOf(String word) {
    return switch (word) {
      case "trace", "verbose", "finest", "finer", "fine" -> "debug";
      case "notice", "log" -> "info";
      case "severe", "fatal", "critical", "panic", "alert", "emerg" -> "error";
      default -> word;
    };
  }
}

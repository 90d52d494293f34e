package dev.logtap.auth;

import java.util.Set;

/** What of one kind, logs or environments, a token opens. */
public sealed interface Scope {
  Scope EVERYTHING = new Everything();

  boolean covers(String name);

  /** The token sets no limit; what the server has is still the server's to say. */
  record Everything() implements Scope {
    @Override
    public boolean covers(String name) {
      return true;
    }
  }

  /** These and no others; none at all where the set is empty. */
  record Only(Set<String> names) implements Scope {
    public Only {
      names = Set.copyOf(names);
    }

    @Override
    public boolean covers(String name) {
      return names.contains(name);
    }
  }
}

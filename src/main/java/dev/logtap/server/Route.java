package dev.logtap.server;

import java.util.List;

/** What there is to ask for. */
sealed interface Route {
  /** The names that a token may read. */
  record Names() implements Route {}

  /** The last lines of a log. */
  record LastLines(String log) implements Route {}

  /** A log's stream, a WebSocket. */
  record LogStream(String log) implements Route {}

  /** An environment's stream, a WebSocket. */
  record EnvironmentStream(String environment) implements Route {}

  /** What needs no token. */
  record Open(Page page) implements Route {}

  /** A part of the viewer, which needs no token either. */
  record View(ViewerFile file) implements Route {}

  /** Nothing. */
  record Unknown(int status) implements Route {}

  static Route of(Target target) {
    List<String> path = target.path();
    String joined = String.join("/", path);
    Page page = Page.at(joined);
    if (page != null) {
      return new Open(page);
    }
    ViewerFile file = ViewerFile.at(joined);
    if (file != null) {
      return new View(file);
    }
    boolean logs = path.size() >= 4 && path.subList(0, 4).equals(List.of("api", "v1", "server", "logs"));
    if (logs && path.size() == 4) {
      return new Names();
    }
    if (logs && path.size() == 5) {
      return new LastLines(path.get(4));
    }
    if (logs && path.size() == 6 && path.get(5).equals("ws")) {
      return new LogStream(path.get(4));
    }
    boolean environments = path.size() == 5 && path.subList(0, 2).equals(List.of("api", "environments"));
    if (environments && path.subList(3, 5).equals(List.of("logs", "stream"))) {
      return new EnvironmentStream(path.get(2));
    }
    return new Unknown(path.size() > 2 && path.subList(0, 2).equals(List.of("api", "v1")) ? 400 : 404);
  }

  default boolean isStream() {
    return this instanceof LogStream || this instanceof EnvironmentStream;
  }
}

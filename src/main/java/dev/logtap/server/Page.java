package dev.logtap.server;

import dev.logtap.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What everybody may read, the same for all. */
enum Page {
  VIEWER("", "text/html; charset=utf-8", "viewer.html"),
  CONTRACT("openapi.json", Answer.JSON, "openapi.json"),
  HEALTH("healthz", Answer.JSON, null);

  private final String path;
  final String type;
  private final String resource;

  Page(String path, String type, String resource) {
    this.path = path;
    this.type = type;
    this.resource = resource;
  }

  /** The page of a decoded path; null where there is none. */
  static Page at(String path) {
    for (Page page : values()) {
      if (page.path.equals(path)) {
        return page;
      }
    }
    return null;
  }

  byte[] body(String version) {
    if (resource == null) {
      return Json.health(version);
    }
    try (InputStream in = Page.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.logtap.server;

import dev.logtap.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What the server says of itself, the same for all. */
enum Page {
  CONTRACT("openapi.json", "openapi.json"),
  HEALTH("healthz", null);

  private final String path;
  private final String resource;

  Page(String path, String resource) {
    this.path = path;
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

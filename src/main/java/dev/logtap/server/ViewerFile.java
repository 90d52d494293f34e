package dev.logtap.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * One of the files that the viewer is made of, the same for all. What a client asks for is looked up in a table of those
 * there are; its words never become a path. Immutable.
 *
 * @param plain as it is
 * @param packed by gzip, which is a third of it
 */
record ViewerFile(String type, Body plain, Body packed) {
  private static final List<String> MODULES =
      List.of(
          "main", "address", "clock", "details", "dom", "export", "fields", "filter", "flow", "histogram", "inbox",
          "keys", "level", "list", "names", "panes", "paint", "ring", "rows", "sieve", "sources",
          "stamp", "stream", "token", "token-panel", "view");

  /**
   * Nothing but these files is loaded, and nothing runs that was not loaded so: what a line holds stays text, whatever it
   * holds. With trusted types not even a mistake of ours could make markup of it.
   */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

  /** By path; read once, when the first is asked for. */
  private static final Map<String, ViewerFile> FILES = read();

  /** The file at a decoded path; null where there is none. */
  static ViewerFile at(String path) {
    return FILES.get(path);
  }

  private static Map<String, ViewerFile> read() {
    Map<String, ViewerFile> files = new LinkedHashMap<>();
    files.put("", of("index.html", "text/html; charset=utf-8"));
    files.put("viewer/viewer.css", of("viewer.css", "text/css; charset=utf-8"));
    files.put("viewer/icon.svg", of("icon.svg", "image/svg+xml"));
    for (String module : MODULES) {
      files.put("viewer/" + module + ".js", of(module + ".js", "text/javascript; charset=utf-8"));
    }
    return Map.copyOf(files);
  }

  private static ViewerFile of(String name, String type) {
    try (InputStream in = ViewerFile.class.getResourceAsStream("viewer/" + name)) {
      byte[] plain = in.readAllBytes();
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
        gzip.write(plain);
      }
      return new ViewerFile(type, Body.of(plain), Body.of(packed.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The answer: the file, or that what the client has is still it.
   *
   * @param encodings what the client understands ({@code Accept-Encoding}), null for nothing
   * @param known what the client has by its tags ({@code If-None-Match}), null for nothing
   */
  Answer answer(String encodings, String known) {
    boolean isPacked = encodings != null && encodings.matches("(?i)(?:.*,)?\\s*gzip\\s*(?:,.*)?");
    Body body = isPacked ? packed : plain;
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ETag", body.tag());
    headers.put("Vary", "Accept-Encoding");
    // Kept, but asked for each time: after an upgrade no module meets one of another version.
    headers.put("Cache-Control", "no-cache");
    headers.put("Content-Security-Policy", POLICY);
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    if (known != null && body.isAmong(known)) {
      return Answer.unchanged(headers);
    }
    if (isPacked) {
      headers.put("Content-Encoding", "gzip");
    }
    return Answer.ok(type, ByteBuffer.wrap(body.bytes())).with(headers);
  }

  /**
   * A file in one encoding.
   *
   * @param tag as in {@code ETag}: what the bytes hash to
   */
  record Body(byte[] bytes, String tag) {
    static Body of(byte[] bytes) {
      try {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
        return new Body(bytes, '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(hash) + '"');
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    /** RFC 9110 13.1.2: weakly compared, for a proxy that packs anew makes a tag weak. */
    boolean isAmong(String known) {
      for (String one : known.split(",")) {
        String stripped = one.strip();
        if (stripped.equals("*") || stripped.equals(tag) || stripped.equals("W/" + tag)) {
          return true;
        }
      }
      return false;
    }
  }
}

package dev.logtap.server;

import dev.logtap.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseWriter;
import org.apache.hc.core5.http.impl.io.SessionOutputBufferImpl;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;

/**
 * A response.
 *
 * @param type of the body, null where there is no body
 * @param body read where it is written, so once
 */
record Answer(int status, Map<String, String> headers, String type, ByteBuffer body) {
  static final String JSON = "application/json";

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int HEAD_BUFFER = 1 << 10;
  private static final int PIECE = 64 << 10;

  static Answer ok(String type, ByteBuffer body) {
    return new Answer(200, Map.of(), type, body);
  }

  static Answer nothing(Map<String, String> headers) {
    return new Answer(204, headers, null, NOTHING);
  }

  /** What the client has is what there is. */
  static Answer unchanged(Map<String, String> headers) {
    return new Answer(304, headers, null, NOTHING);
  }

  static Answer refusal(int status, String sentence) {
    return refusal(status, Map.of(), sentence);
  }

  static Answer refusal(int status, Map<String, String> headers, String sentence) {
    return new Answer(status, headers, JSON, ByteBuffer.wrap(Json.refusal(sentence)));
  }

  Answer with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new Answer(status, all, type, body);
  }

  /** Writes it; without its body in answer to HEAD. Called on the connection's thread. */
  void write(Transport transport, boolean head, boolean persistent) throws IOException {
    BasicClassicHttpResponse response = new BasicClassicHttpResponse(status);
    // Lines change, and what a token opens is nobody else's.
    response.setHeader("Cache-Control", "no-store");
    headers.forEach(response::setHeader);
    if (type != null) {
      response.setHeader("Content-Type", type);
      response.setHeader("X-Content-Type-Options", "nosniff");
    }
    // RFC 9110 8.6: neither 204 nor 304 has a body, and the length of none is not that of the file.
    if (status != 204 && status != 304) {
      response.setHeader("Content-Length", Integer.toString(body.remaining()));
    }
    // RFC 9110 6.6.1: who has a clock says when.
    response.setHeader("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
    // A handshake that is refused says what it could be upgraded to.
    String upgrade = headers.getOrDefault("Connection", "");
    response.setHeader("Connection", (upgrade.isEmpty() ? "" : upgrade + ", ") + (persistent ? "keep-alive" : "close"));
    HeadBytes bytes = new HeadBytes();
    SessionOutputBufferImpl buffer = new SessionOutputBufferImpl(HEAD_BUFFER);
    try {
      new DefaultHttpResponseWriter().write(response, buffer, bytes);
    } catch (HttpException e) {
      throw new IOException(e);
    }
    buffer.flush(bytes);
    int end = body.limit();
    // In pieces: of what lies in the heap the JDK copies all that is left with each write.
    ByteBuffer piece = body.duplicate().limit(Math.min(end, body.position() + PIECE));
    transport.write(new ByteBuffer[] {bytes.toBuffer(), piece}, head ? 1 : 2);
    while (!head && piece.limit() < end) {
      piece.limit(Math.min(end, piece.limit() + PIECE));
      transport.write(piece);
    }
  }

  private static final class HeadBytes extends ByteArrayOutputStream {
    ByteBuffer toBuffer() {
      return ByteBuffer.wrap(buf, 0, count);
    }
  }
}
